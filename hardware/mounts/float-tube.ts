/** A float switch in its tube at the road: where, how it is built in, where it switches, and how it is tried. */
import type { Step } from "./mount.js";
import { step, text } from "./texts.js";

export const TUBE_PLACE = step(
  "Place of the tube: the nearest outside the traffic's gauge whose foot lies less than 150 mm above the LOWEST point; if there is none, ask before you drill. Survey from its foot how much lower the lowest point lies: that is lowPointOffsetMm of float and probe.",
  "Место трубы: ближайшее вне габарита движения, где её пята менее чем на 150 мм выше НИЖНЕЙ точки; если такого нет, спросите, прежде чем сверлить. Измерьте от пяты, насколько нижняя точка ниже: это lowPointOffsetMm поплавка и зонда.",
  "Құбыр орны: көлік габаритінен тыс, табаны ЕҢ ТӨМЕНГІ нүктеден 150 мм-ден аз биік ең жақын жер; ондай жер болмаса, бұрғыламай тұрып сұраңыз. Табанынан төменгі нүкте қанша төмен екенін өлшеңіз: бұл қалтқы мен зондтың lowPointOffsetMm мәні.",
  text(
    "150 mm is the closing depth. Aryk moves no barrier, and no wire leads to one: either sensor raises the CLOSURE; a person closes the road, and a person opens it after looking.",
    "150 мм – глубина закрытия. Aryk не двигает шлагбаум, к нему не идёт ни один провод: любой из датчиков запрашивает ЗАКРЫТИЕ; закрывает человек, и открывает человек, посмотрев на место.",
    "150 мм – жабу тереңдігі. Aryk тосқауылды қозғамайды, оған сым бармайды: датчиктердің кез келгені ЖАБУДЫ сұрайды; жолды адам жабады, орнын көріп адам ашады.",
  ),
);

const BUILT_IN = step(
  "Float into the tube: hole of its thread (M16: 16.5 mm) 150 mm less lowPointOffsetMm above the foot; float in from inside, thread outward, seal and nut outside, its arm free to swing. Join its leads to its cable outside of the tube, each wire in a sleeve, the joint in resin, a day to set.",
  "Поплавок в трубу: отверстие по его резьбе (M16: 16,5 мм) на высоте 150 мм минус lowPointOffsetMm над пятой; поплавок изнутри, резьбой наружу, прокладка и гайка снаружи, рычаг ходит свободно. Выводы соедините с кабелем снаружи трубы, каждый провод в трубке, место соединения в смоле, сутки на застывание.",
  "Қалтқыны құбырға: тесік оның бұрандасына сай (M16: 16,5 мм), табаннан 150 мм-ден lowPointOffsetMm алынған биіктікте; қалтқы ішінен, бұрандасы сыртқа, тығыздағыш пен сомын сыртында, иіні еркін қозғалады. Сымдарын кабельге құбыр сыртында қосыңыз, әр сым түтікте, жалғауы шайырда, бір тәулік қатады.",
);

const SWITCHES_AT = step(
  "Find where it switches, in water: stand the tube upright in the bucket, meter at the float's cable, pour slowly until the contact changes. The water's height above the tube's foot is switchHeightMm. With lowPointOffsetMm it must come to 150 to 160 mm: else drill another hole; the old one may stay.",
  "Найдите точку срабатывания в воде: трубу вертикально в ведро, прибор на кабель поплавка, медленно лейте, пока контакт не сменится. Высота воды над пятой трубы – switchHeightMm. Вместе с lowPointOffsetMm должно быть 150–160 мм: иначе просверлите другое; старое может остаться.",
  "Іске қосылу нүктесін суда табыңыз: құбырды шелекке тік қойып, аспапты қалтқы кабеліне қосып, түйіспе ауысқанша ақырын құйыңыз. Судың құбыр табанынан биіктігі – switchHeightMm. lowPointOffsetMm-мен қосындысы 150–160 мм болуы тиіс: әйтпесе басқа тесік бұрғылаңыз; ескісі қала берсін.",
  text(
    "The middle of the thread is not where it switches: makers differ by centimetres.",
    "Ось резьбы – не точка срабатывания: у изготовителей разница в сантиметры.",
    "Бұранда осі – іске қосылу нүктесі емес: өндірушілерде айырма сантиметрлер.",
  ),
);

export const ON_THE_WALL = step(
  "Tube onto the wall: three clamps, each on an anchor, upright, foot on the road. Its top stays open, or under a cap that comes off: the float is lifted from above, with a wire of 1 m that ends in a hook. Its cable runs up to the box, tied every 300 mm.",
  "Трубу на стену: три хомута, каждый на анкере, вертикально, пята на дороге. Верх открыт или под съёмной крышкой: поплавок поднимают сверху проволокой 1 м с крючком. Кабель идёт вверх к корпусу, подвязан через 300 мм.",
  "Құбырды қабырғаға: үш қамыт, әрқайсысы анкерде, тік, табаны жолда. Үсті ашық не алынатын қақпақпен: қалтқы үстінен ұшы ілмек 1 м сыммен көтеріледі. Кабелі корпусқа жоғары барады, 300 мм сайын байланады.",
);

/** From the surveyed place to a float that switches where it should, its contact the right way round: `turned`. */
export const builtIn = (turned: Step): Step[] => [BUILT_IN, turned, SWITCHES_AT];

/** Before the board is held below the echo. */
export const LIFT = step(
  "The float FIRST: hold it up with the hooked wire for 15 s, once: within a minute the page shows a watch, seen by the float switch. Only then hold the board under the sensor. Touch the float no more for 5 minutes after the board.",
  "СНАЧАЛА поплавок: поднимите его проволокой с крючком на 15 с, один раз: в течение минуты на странице появится наблюдение по поплавку. Только потом держите щит под датчиком. После щита 5 минут поплавок не трогайте.",
  "АЛДЫМЕН қалтқы: оны ілмекті сыммен 15 с көтеріп тұрыңыз, бір рет: бір минут ішінде бетте қалтқы бойынша бақылау шығады. Содан кейін ғана датчик астында тақтаны ұстаңыз. Тақтадан кейін 5 минут қалтқыға тиіспеңіз.",
  text(
    "A round hears the echo first, so that a float lifted for a moment hangs again before it is read. After the board the post measures each 10 s for 5 minutes, and a float held up for two rounds is a closure.",
    "Опрос начинается с эха, и поднятый на мгновение поплавок успевает опуститься. После щита пост 5 минут измеряет каждые 10 с, а поплавок, поднятый два измерения, – это закрытие.",
    "Сұрау жаңғырықтан басталады, сондықтан бір сәт көтерілген қалтқы оқылғанша түсіп үлгереді. Тақтадан кейін бекет 5 минут бойы 10 с сайын өлшейді, ал екі өлшеу бойы көтерулі қалтқы – жабу.",
  ),
);

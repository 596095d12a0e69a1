/** How a post at an underpass is put together, hung, told of its place, and tried. */
import { ANCHORS, ASSEMBLE, CLOSE, COMMISSION, ECHO_CABLE, ECHO_HEAD, step, text } from "./common.js";
import type { Step } from "./mount.js";
import type { Second } from "./second.js";

const PLACE = step(
  "First visit, before anything is built: choose the place on the wall above the lowest point, outside the traffic's gauge, 2.5–3.5 m above the gutter, where the owner of the bridge allows the anchors of the parts list, in writing, and where what feeds the post and what carries its packs away reach it. Ask the road's owner or the police for leave to close the lane: it is closed, with cones and signs, whenever somebody stands on it or over it, at the survey, while post and sensor are hung and measured, and at the trial.",
  "Первый выезд, до сборки: выберите место на стене над нижней точкой, вне габарита движения, 2,5–3,5 м над лотком, где владелец моста письменно разрешил анкеры из списка деталей и куда доходят питание и связь поста. Запросите у владельца дороги или полиции разрешение закрывать полосу: она закрыта конусами и знаками всегда, когда кто-то стоит на ней или над ней, – при съёмке, монтаже, измерении и испытании.",
  "Бірінші бару, құрастырғанша: қабырғадан ең төменгі нүктенің үстінен, көлік габаритінен тыс, наудан 2,5–3,5 м биікте, көпір иесі бөлшектер тізіміндегі анкерлерге жазбаша рұқсат еткен, бекеттің қуаты мен байланысы жететін орын таңдаңыз. Жол иесінен не полициядан жолақты жабуға рұқсат сұраңыз: үстінде не жоғарысында адам тұрғанда – өлшеуде, ілуде, сынақта – ол конустармен, белгілермен жабық.",
  text(
    "Further up the error grows with the distance; further down a lorry or a hand reaches it.",
    "Выше растёт ошибка, ниже достанет грузовик или рука.",
    "Жоғарырақта қате өседі, төменірекке жүк көлігі не қол жетеді.",
  ),
);
const SURVEY = step(
  "Mark the road with paint straight below where the sensor's face will be (plumb line), and survey from there the offset to the lowest point (above). More than the checklist allows: another place, or another type of post.",
  "Отметьте краской дорогу точно под будущим торцом датчика (отвес) и измерьте оттуда превышение над нижней точкой (выше). Больше, чем допускает проверка: другое место или другой тип поста.",
  "Датчик беті болатын жердің дәл астындағы жолды бояумен белгілеп (тіктеуіш), содан төменгі нүктеге дейінгі айырманы өлшеңіз (жоғарыда). Тексеру рұқсат еткеннен артық болса: басқа орын не бекеттің басқа түрі.",
);
const ARM = step(
  "Arm out so that nothing (wall, pipe, kerb, sign) comes nearer than 300 mm to the plumb line.",
  "Вынесите кронштейн так, чтобы к отвесу ничего (стена, труба, бордюр, знак) не было ближе 300 мм.",
  "Кронштейнді тік сызыққа ештеңе (қабырға, құбыр, жиектас, белгі) 300 мм-ден жақын болмайтындай шығарыңыз.",
  text(
    "The beam spreads; an edge inside it is taken for water.",
    "Луч расходится; край в нём примется за воду.",
    "Сәуле жайылады; ішіндегі қыр су деп қабылданады.",
  ),
);
const PLUMB = step(
  "Set the sensor plumb with a digital level at its head, both ways, to 3°, by the three screws; lock their nuts. Push by hand: the face must not move by more than 5 mm, and the level shows the same as before.",
  "Выставьте датчик по цифровому уровню на головке в двух направлениях, до 3°, тремя винтами; законтрите гайки. Нажмите рукой: торец не должен сместиться более чем на 5 мм, уровень показывает то же.",
  "Датчикті басындағы сандық деңгеймен екі бағытта 3°-қа дейін үш бұрандамен тік қойыңыз; сомындарын бекітіңіз. Қолмен итеріңіз: беті 5 мм-ден артық жылжымасын, деңгей бұрынғыдай көрсетсін.",
);
const BOX = step(
  "Hang the box on the wall beside the bracket, its lower wall at least 2.5 m above the road; cables go in from below, and the sensor's reaches without a joint.",
  "Повесьте корпус на стену рядом с кронштейном, нижней стенкой не ниже 2,5 м над дорогой; кабели входят снизу, кабель датчика без сращивания.",
  "Корпусты кронштейн жанындағы қабырғаға іліңіз, төменгі қабырғасы жолдан кемінде 2,5 м; кабельдер астынан кіреді, датчик кабелі жалғаусыз жетеді.",
  text(
    "Water in the box ends the post, and the flood that it is there for.",
    "Вода в корпусе – конец поста, а с ним и данных о подтоплении.",
    "Корпусқа су кірсе, бекет те, су басу дерегі де тоқтайды.",
  ),
);
const MEASURE = step(
  "Measure height (face to the mark on the road) and tilt, and write them down beside the offset.",
  "Измерьте высоту (от торца до отметки на дороге) и наклон, запишите рядом с превышением.",
  "Биіктік (датчик бетінен жолдағы белгіге дейін) пен көлбеуді өлшеп, айырманың қасына жазыңыз.",
);
const ZERO = step(
  "Tell the board its dry road: npx aryk board set <board> zeroMm=<distance that the page shows over the dry road>.",
  "Сообщите плате расстояние до сухой дороги: npx aryk board set <board> zeroMm=<расстояние на странице над сухой дорогой>.",
  "Платаға құрғақ жолға дейінгі қашықтықты айтыңыз: npx aryk board set <board> zeroMm=<құрғақ жол үстінде бетте көрінген қашықтық>.",
  text(
    "By it the board measures more often when water comes, also when it was started in a flood.",
    "По нему плата измеряет чаще, когда приходит вода, даже если её включили во время подтопления.",
    "Соған қарап су келгенде плата жиірек өлшейді, су басу кезінде қосылса да.",
  ),
);
const RING_BEFORE = step(
  "Ring the duty officer before the post is hung there at the hub: a test at <site>, from … to …; alarms of it are yours until you ring again.",
  "До привязки платы к площадке позвоните дежурному: испытание на <площадка>, с … до …; тревоги оттуда – ваши, пока вы не позвоните снова.",
  "Плата орнына тіркелмей тұрып кезекшіге қоңырау шалыңыз: <орны>, сынақ, … бастап … дейін; қайта қоңырау шалғанша ондағы дабылдар сіздікі.",
  text(
    "From then on a ladder or a person in the beam can be a flood.",
    "С этого момента лестница или человек в луче – уже подтопление.",
    "Осыдан бастап сәуледегі саты не адам – су басу.",
  ),
);
const SHELVE = step(
  "When the first alarm stands on the page, shelve it for 30 minutes. Ring the duty officer again when you have finished.",
  "Когда на странице появится первая тревога, отложите её на 30 минут. Закончив, снова позвоните дежурному.",
  "Бетте алғашқы дабыл шыққанда, оны 30 минутқа кейінге қалдырыңыз. Бітірген соң кезекшіге қайта қоңырау шалыңыз.",
  text(
    "Only an alarm that stands can be shelved, and a higher level breaks the shelf: what you do here can still call people.",
    "Отложить можно только поднятую тревогу, а более высокий уровень снимает отсрочку: сообщения всё равно могут уйти людям.",
    "Тек көтерілген дабылды кейінге қалдыруға болады, ал жоғарырақ деңгей оны бұзады: хабар адамдарға бәрібір кетуі мүмкін.",
  ),
);
const BOARD = step(
  "The lane closed, lay a board of 300 × 300 mm flat on four blocks, its upper side 150 mm above the road below the sensor, and step back by a metre, until the page shows its depth: a dry post sees it within 5 minutes. Two rounds with it raise a closure, with a large offset danger to life.",
  "Полоса закрыта; положите щит 300 × 300 мм ровно на четыре бруска под датчиком, верхом в 150 мм над дорогой, и отойдите на метр, пока страница не покажет его глубину: сухой пост увидит его в течение 5 минут. Два измерения с ним поднимут закрытие, при большом превышении – опасность для жизни.",
  "Жолақ жабық; 300 × 300 мм тақтаны датчик астында төрт бөренеге, үсті жолдан 150 мм биікте етіп тегіс қойып, бет оның тереңдігін көрсеткенше бір метр шегініңіз: құрғақ бекет оны 5 минут ішінде көреді. Онымен екі өлшеу жабуды, айырма үлкен болса өмірге қауіпті көтереді.",
);
const AWAY = step(
  "Take the board away and wait for “water gone” (15 minutes); the duty officer presses “Confirm all clear”. Do not leave before.",
  "Уберите щит и дождитесь «вода ушла» (15 минут); дежурный нажимает «Подтвердить отбой». Раньше не уходите.",
  "Тақтаны алып, «су кетті» дегенді күтіңіз (15 минут); кезекші «Аяқталғанын растау» дегенді басады. Оған дейін кетпеңіз.",
  text(
    "The alarm stays until somebody confirms: a test that is left standing is a closed road.",
    "Тревога стоит, пока её не подтвердят: забытое испытание – это закрытая дорога.",
    "Дабыл расталғанша тұрады: ұмытылған сынақ – жабық жол.",
  ),
);

/** All steps, in the order of work; `second` is the sensor of another principle, where there is one. */
export const underpassSteps = (second: Pick<Second, "place" | "desk" | "steps" | "trial">): Step[] => [
  PLACE,
  SURVEY,
  ...second.place,
  ECHO_CABLE,
  ...second.desk,
  ...ASSEMBLE,
  ANCHORS,
  ECHO_HEAD,
  ARM,
  PLUMB,
  BOX,
  ...second.steps,
  MEASURE,
  RING_BEFORE,
  ...COMMISSION,
  ZERO,
  SHELVE,
  ...second.trial,
  BOARD,
  AWAY,
  ...CLOSE,
];

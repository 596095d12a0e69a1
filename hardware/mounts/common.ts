/** Steps, checks and failures that many types of post share. */
import type { Text } from "../text.js";
import type { Check, Failure, Setting, Step } from "./mount.js";

export const text = (en: string, ru: string, kk: string): Text => ({ en, ru, kk });
export const step = (en: string, ru: string, kk: string, why?: Text, supplies?: Step["supplies"]): Step => ({
  text: text(en, ru, kk),
  why,
  supplies,
});
export const check = (en: string, ru: string, kk: string, limit?: Check["limit"]): Check => ({
  text: text(en, ru, kk),
  limit,
});
export const failure = (looksLike: Text, cause: Text, carry: Text): Failure => ({ looksLike, cause, carry });

/** On the bench, by what feeds the post. */
const BY_SUPPLY: Step[] = [
  step(
    "Cells through a diode each, fuse and plug to the regulator; regulator to the board's 3V3 pin; pulse capacitor behind the diodes. To the board's BAT pad goes the 10 kΩ resistor alone.",
    "Элементы через диод каждый, предохранитель и разъём – к преобразователю; преобразователь – к выводу 3V3 платы; импульсный конденсатор после диодов. К площадке BAT платы идёт только резистор 10 кОм.",
    "Элементтер әрқайсысы диод, сақтандырғыш және ағытпа арқылы түрлендіргішке; түрлендіргіш платаның 3V3 шығысына; импульстік конденсатор диодтардан кейін. Платаның BAT алаңына тек 10 кОм резистор барады.",
    text(
      "The board's charger must never feed a cell that cannot be charged.",
      "Зарядное устройство платы не должно заряжать незаряжаемый элемент.",
      "Плата зарядтағышы зарядталмайтын элементті зарядтамауы тиіс.",
    ),
    ["battery"],
  ),
  step(
    "Cell through fuse and plug to the charger, charger to the regulator, regulator to the board's 3V3 pin; the charger's thermistor taped to the cell. To the board's BAT pad goes the 10 kΩ resistor alone. With ice on the thermistor the charger must stop.",
    "Аккумулятор через предохранитель и разъём – к контроллеру, контроллер – к преобразователю, преобразователь – к выводу 3V3 платы; термистор контроллера на аккумуляторе. К площадке BAT идёт только резистор 10 кОм. При льде на термисторе заряд должен прекратиться.",
    "Аккумулятор сақтандырғыш пен ағытпа арқылы контроллерге, контроллер түрлендіргішке, түрлендіргіш платаның 3V3 шығысына; контроллер термисторы аккумуляторда. BAT алаңына тек 10 кОм резистор барады. Термисторда мұз болса, заряд тоқтауы тиіс.",
    undefined,
    ["solar"],
  ),
  step(
    "Measure the current asleep, ten minutes after the start: with LoRa no more than 0.15 mA, with modem no more than 0.2 mA. More means years less.",
    "Измерьте ток сна через десять минут после старта: с LoRa не более 0,15 мА, с модемом не более 0,2 мА. Больше – на годы меньше.",
    "Іске қосылғаннан он минуттан кейін ұйқы тогын өлшеңіз: LoRa-мен 0,15 мА-ден, модеммен 0,2 мА-ден артық емес. Артық болса, жылдар кемиді.",
    undefined,
    ["battery", "solar"],
  ),
  step(
    "Breaker, surge protection and supply on the rail, in this order from the cable; mains and 5 V on two sides of the wall; supercapacitors and fuse in the 5 V rail. An electrician checks it before it is switched on.",
    "Автомат, УЗИП и блок питания на рейке, в этом порядке от кабеля; сеть и 5 В по разные стороны перегородки; ионисторы и предохранитель в цепи 5 В. До включения проверяет электрик.",
    "Автомат, асқын кернеу қорғанышы, қуат блогы рейкада, кабельден бастап осы ретпен; желі мен 5 В қалқаның екі жағында; 5 В тізбегінде ионисторлар мен сақтандырғыш. Қосар алдында электрик тексереді.",
    undefined,
    ["mains"],
  ),
];

/** On the bench, before the post leaves. */
export const ASSEMBLE: Step[] = [
  step(
    "Write image and aryk.cfg to the board (hardware/README.md) while it is on USB alone, the cells or the mains not connected.",
    "Запишите образ и aryk.cfg в плату (hardware/README.md) при питании только от USB, батарея или сеть отключены.",
    "Образ пен aryk.cfg файлын платаға жазыңыз (hardware/README.md): қуат тек USB-ден, батарея немесе желі ажыратулы.",
    text(
      "Two supplies at once destroy the board, and a lithium cell that is charged can burst.",
      "Два питания сразу повредят плату, а литиевый элемент при заряде может взорваться.",
      "Екі қуат қатар қосылса плата бұзылады, ал литий элементі зарядталса жарылуы мүмкін.",
    ),
  ),
  step(
    "Wire the sensors as the picture shows, cables through the glands first; a ferrule on every strand; pull at each wire.",
    "Подключите датчики по схеме, сначала протянув кабели через вводы; на каждую жилу наконечник; потяните за каждый провод.",
    "Датчиктерді сызба бойынша қосыңыз, алдымен кабельді кірмелерден өткізіңіз; әр талға ұштық; әр сымды тартып көріңіз.",
  ),
  ...BY_SUPPLY,
  step(
    "All glands in the lower wall, the breathing plug beside them; blank what stays empty. Tighten the glands by hand and a quarter turn.",
    "Все вводы в нижней стенке, рядом дыхательный клапан; пустые отверстия заглушить. Вводы затянуть рукой и ещё на четверть оборота.",
    "Барлық кірмелер төменгі қабырғада, қасында тыныс клапаны; бос тесіктерді бітеңіз. Кірмелерді қолмен және тағы ширек айналымға бұраңыз.",
  ),
  step(
    "Lay in the desiccant and label box and lid with the board's name. Run the bench test of this type and keep its sheet.",
    "Положите осушитель, подпишите корпус и крышку именем платы. Выполните стендовую проверку этого типа, лист сохраните.",
    "Ылғал сіңіргішті салыңыз, корпус пен қақпаққа плата атын жазыңыз. Осы түрдің стенд сынағын жүргізіп, парағын сақтаңыз.",
  ),
];

/** At the site, after it hangs. */
export const COMMISSION: Step[] = [
  step(
    "Connect the supply last. The board's name must appear at the hub within two periods; if not, do not leave.",
    "Питание подключите последним. Имя платы должно появиться на сервере в течение двух периодов; если нет, не уходите.",
    "Қуатты соңында қосыңыз. Плата аты серверде екі кезең ішінде көрінуі тиіс; көрінбесе, кетпеңіз.",
  ),
  step(
    "Assign the board to its site and enter the settings below as a calibration record; read the first value back and compare it with the tape.",
    "Привяжите плату к площадке и внесите настройки ниже записью калибровки; сверьте первое значение с рулеткой.",
    "Платаны орнына тіркеңіз, төмендегі баптауларды калибрлеу жазбасына енгізіңіз; алғашқы мәнді рулеткамен салыстырыңыз.",
  ),
  step(
    "Photograph the post from both sides and the label; close the lid on a clean, dry seal, screws crosswise.",
    "Сфотографируйте пост с двух сторон и табличку; закройте крышку на чистое сухое уплотнение, винты крест-накрест.",
    "Бекетті екі жағынан және тақтайшаны суретке түсіріңіз; қақпақты таза, құрғақ тығыздағышқа жабыңыз, бұрандаларды айқастыра тартыңыз.",
  ),
];

/** Before the technician leaves, at every post. */
export const LEAVE: Check[] = [
  check(
    "Board's name on box, lid and in the hub are the same",
    "Имя платы на корпусе, крышке и на сервере совпадает",
    "Корпустағы, қақпақтағы және сервердегі плата аты бірдей",
  ),
  check(
    "Drip loop below every gland, no cable under tension, blank plugs tight",
    "Под каждым вводом петля для стока воды, кабели не натянуты, заглушки затянуты",
    "Әр кірме астында су ағатын ілмек бар, кабель тартылмаған, бітеуіштер тығыз",
  ),
  check(
    "Three packs in a row acknowledged, no fault in them",
    "Три пакета подряд подтверждены, без неисправностей",
    "Қатарынан үш пакет расталды, ақау жоқ",
  ),
];

/** What every box can suffer from. */
export const ANY: Failure[] = [
  failure(
    text("silent, all of its neighbours too", "молчит, соседи тоже", "үнсіз, көршілері де"),
    text(
      "gateway, access point or provider",
      "шлюз, точка доступа или оператор",
      "шлюз, қатынау нүктесі немесе оператор",
    ),
    text("nothing to this post: go to the gateway", "ничего: ехать к шлюзу", "бұл бекетке ештеңе емес: шлюзге барыңыз"),
  ),
  failure(
    text("silent, its neighbours are well", "молчит, соседи работают", "үнсіз, көршілері жұмыс істейді"),
    text(
      "supply, fuse, antenna cable, or the post is gone",
      "питание, предохранитель, кабель антенны, или пост снят",
      "қуат, сақтандырғыш, антенна кабелі немесе бекет жоқ",
    ),
    text(
      "multimeter, fuses, cells or supply, antenna, a whole post",
      "мультиметр, предохранители, элементы или блок питания, антенна, пост целиком",
      "мультиметр, сақтандырғыштар, элементтер не қуат блогы, антенна, бүтін бекет",
    ),
  ),
  failure(
    text(
      "hello again and again, reset: watchdog or power",
      "часто выходит на связь заново, причина: сторож или питание",
      "қайта-қайта іске қосылады, себебі: күзетші не қуат",
    ),
    text(
      "water in the box, a loose wire, cells at their end",
      "вода в корпусе, плохой контакт, батарея на исходе",
      "корпуста су, босаған сым, батарея таусылуға жақын",
    ),
    text(
      "desiccant, seal, ferrules, cells",
      "осушитель, уплотнение, наконечники, элементы",
      "ылғал сіңіргіш, тығыздағыш, ұштықтар, элементтер",
    ),
  ),
];

/** What a level sensor that looks down through the air suffers from. */
export const ECHO: Failure[] = [
  failure(
    text("obstacle, always the same", "препятствие, постоянно", "кедергі, үнемі бірдей"),
    text(
      "web, nest, leaf or ice on the face",
      "паутина, гнездо, лист или лёд на датчике",
      "датчик бетінде өрмек, ұя, жапырақ не мұз",
    ),
    text("ladder, soft brush, water", "лестница, мягкая щётка, вода", "саты, жұмсақ щётка, су"),
  ),
  failure(
    text("no echo", "нет эха", "жаңғырық жоқ"),
    text(
      "tilted, aimed at a slope, foam, or the sensor is at its end",
      "наклонён, направлен на откос, пена, или датчик неисправен",
      "қисайған, беткейге қараған, көбік немесе датчик істен шыққан",
    ),
    text("level, sensor, bracket screws", "уровень, датчик, винты кронштейна", "деңгей, датчик, кронштейн бұрандалары"),
  ),
  failure(
    text("electrical or timeout", "электрическая неисправность или нет ответа", "электр ақауы не жауап жоқ"),
    text("cable, water in a plug, sensor", "кабель, вода в разъёме, датчик", "кабель, ағытпада су, датчик"),
    text("sensor with cable, gland", "датчик с кабелем, ввод", "кабелімен датчик, кірме"),
  ),
  failure(
    text(
      "level wanders by centimetres with sun and night",
      "уровень плывёт на сантиметры днём и ночью",
      "деңгей күн мен түнге қарай сантиметрлеп ауытқиды",
    ),
    text(
      "sun on the housing: shade missing or turned",
      "солнце греет корпус: нет козырька или сбит",
      "корпусқа күн түседі: қалқа жоқ не бұрылған",
    ),
    text("sun shield", "козырёк", "қалқа"),
  ),
];

/** Of a post on cells. */
export const CELL_CHECKS: Check[] = [
  check("battery voltage under load", "напряжение батареи под нагрузкой", "жүктемедегі батарея кернеуі", {
    min: 3.4,
    max: 3.7,
    unit: "V",
  }),
];

/** What a post on cells suffers from. */
export const CELLS: Failure[] = [
  failure(
    text(
      "battery voltage falls within weeks",
      "напряжение батареи падает за недели",
      "батарея кернеуі бірнеше аптада түседі",
    ),
    text(
      "the modem does not sleep, a sensor's switch stays on, water in the box",
      "модем не засыпает, ключ датчика не отключается, вода в корпусе",
      "модем ұйықтамайды, датчик кілті ажырамайды, корпуста су",
    ),
    text(
      "multimeter for µA, cells, a whole post",
      "микроамперметр, элементы, пост целиком",
      "микроамперметр, элементтер, бүтін бекет",
    ),
  ),
];

/** What a post at the end of a line suffers from. */
export const LINE: Failure[] = [
  failure(
    text(
      "at the end of a line: silent, or only damaged lines at the hub",
      "на линии: молчит или на сервере только повреждённые строки",
      "желі ұшында: үнсіз не серверде тек бүлінген жолдар",
    ),
    text(
      "A and B exchanged, surge protection spent, no 120 Ω at an end, another baud rate in hub.yaml",
      "перепутаны A и B, сработала грозозащита, нет 120 Ом на конце, другая скорость в hub.yaml",
      "A мен B ауысқан, қорғаныш істен шыққан, ұшында 120 Ом жоқ, hub.yaml-да басқа жылдамдық",
    ),
    text(
      "surge protection of a line, RS-485 module and adaptor, multimeter",
      "грозозащита линии, модуль и адаптер RS-485, мультиметр",
      "желі қорғанышы, RS-485 модулі мен адаптері, мультиметр",
    ),
  ),
];

/** Before the technician leaves, where mains feed the post. */
export const MAINS_CHECKS: Check[] = [
  check("5 V at the board, under load", "5 В на плате, под нагрузкой", "платадағы 5 В, жүктемемен", {
    min: 4.75,
    max: 5.25,
    unit: "V",
  }),
  check("protective earth, resistance", "сопротивление заземления", "жерге қосу кедергісі", { max: 10, unit: "Ω" }),
  check(
    "residual-current breaker trips at its test button",
    "дифавтомат отключается кнопкой «Тест»",
    "дифавтомат «Тест» түймесінен ажырайды",
  ),
];

/** The same where lithium cells feed it. */
export const CELLS_CHECKS: Check[] = [
  check("battery voltage at the hub", "напряжение батареи на сервере", "сервердегі батарея кернеуі", {
    min: 3.3,
    max: 3.7,
    unit: "V",
  }),
];

/** Settings of a sensor that looks down. */
export const LOOKING_DOWN: Setting[] = [
  {
    name: "mountHeightMm",
    unit: "mm",
    text: text(
      "from the sensor's face straight down to the reference surface, by tape or laser, to 5 mm",
      "от торца датчика по отвесу до опорной поверхности, рулеткой или лазером, до 5 мм",
      "датчик бетінен тік төмен тірек бетке дейін, рулеткамен не лазермен, 5 мм дәлдікпен",
    ),
  },
  {
    name: "tiltDeg",
    unit: "°",
    text: text(
      "the larger of two readings of a digital level, along and across",
      "большее из двух показаний цифрового уровня, вдоль и поперёк",
      "сандық деңгейдің бойлай және көлденең екі көрсеткішінің үлкені",
    ),
  },
];

/** Steps, checks and failures that many types of post share. */
import type { Text } from "../text.js";
import type { Check, Failure, Setting, Step } from "./mount.js";

export const text = (en: string, ru: string, kk: string): Text => ({ en, ru, kk });
export const step = (en: string, ru: string, kk: string, why?: Text, supplies?: Step["supplies"]): Step => ({
  text: text(en, ru, kk),
  why,
  supplies,
});
export const check = (
  en: string,
  ru: string,
  kk: string,
  limit?: Check["limit"],
  supplies?: Check["supplies"],
): Check => ({
  text: text(en, ru, kk),
  limit,
  supplies,
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
    "Measure the current asleep: USB unplugged, a float hanging; µA meter in the plug's plus wire, bridged by a wire for the first ten minutes; take the bridge off between two rounds. With LoRa no more than 0.15 mA, with modem no more than 0.2 mA. More means years less.",
    "Измерьте ток сна: USB отключён, поплавок висит; микроамперметр в плюсовом проводе разъёма, первые десять минут зашунтирован проводом; снимите шунт между двумя измерениями. С LoRa не более 0,15 мА, с модемом не более 0,2 мА. Больше – на годы меньше.",
    "Ұйқы тогын өлшеңіз: USB ажыратулы, қалтқы салбырап тұр; микроамперметр ағытпаның плюс сымында, алғашқы он минутта сыммен тұйықталған; тұйықтағышты екі өлшеу арасында алыңыз. LoRa-мен 0,15 мА-ден, модеммен 0,2 мА-ден артық емес. Артық болса, жылдар кемиді.",
    text(
      "A round and a message take far more than the meter passes in its µA range: unbridged, the board starts again and again.",
      "Измерение и передача берут гораздо больше, чем пропускает предел в мкА: без шунта плата будет перезапускаться.",
      "Өлшеу мен жіберу мкА шегі өткізетіннен әлдеқайда көп алады: тұйықтаусыз плата қайта-қайта іске қосылады.",
    ),
    ["battery", "solar"],
  ),
  step(
    "Surge protection, breaker and supply on the rail, in this order from the cable; mains and 5 V on two sides of the wall; supercapacitors and fuse in the 5 V rail. An electrician checks it before it is switched on.",
    "УЗИП, автомат и блок питания на рейке, в этом порядке от кабеля; сеть и 5 В по разные стороны перегородки; ионисторы и предохранитель в цепи 5 В. До включения проверяет электрик.",
    "Асқын кернеу қорғанышы, автомат, қуат блогы рейкада, кабельден бастап осы ретпен; желі мен 5 В қалқаның екі жағында; 5 В тізбегінде ионисторлар мен сақтандырғыш. Қосар алдында электрик тексереді.",
    undefined,
    ["mains"],
  ),
];

/** Of a MaxBotix sensor, which comes as a threaded housing with seven pins and no cable. */
export const ECHO_CABLE: Step = step(
  "Solder the sensor's cable to pins 5, 6 and 7 of the MB7389, each wire in a sleeve; write the colours down. Seal the back in resin and let it set for a day.",
  "Припаяйте кабель к выводам 5, 6 и 7 датчика MB7389, каждый провод в трубке; запишите цвета. Залейте тыльную сторону смолой и дайте застыть сутки.",
  "Кабельді MB7389 датчигінің 5, 6, 7 шығыстарына дәнекерлеңіз, әр сым түтікте; түстерін жазып алыңыз. Артқы жағына шайыр құйып, бір тәулік қатырыңыз.",
  text(
    "Water at the pins reads as echoes, or ends the sensor.",
    "Вода на выводах даёт ложные эхо или губит датчик.",
    "Шығыстардағы су жалған жаңғырық береді не датчикті құртады.",
  ),
);

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
  {
    ...step(
      "For the bench test take off, with everything off",
      "Для стендовой проверки снимите при выключенном питании",
      "Стенд сынағы үшін қуат өшірулі кезде шешіңіз",
    ),
    bench: "off",
  },
  step(
    "Label box and lid with the board's name. Run the bench test while the board hangs at no site, with the rig and, for a wired post, the RS-485 adaptor in the hub's own computer: npx aryk bench <board> --port … (hardware/bench/README.md); keep its sheet.",
    "Подпишите корпус и крышку именем платы. Пока плата не привязана ни к какой площадке, выполните стендовую проверку; стенд и, у проводного поста, преобразователь RS-485 – в компьютере самого сервера: npx aryk bench <board> --port … (hardware/bench/README.md); лист сохраните.",
    "Корпус пен қақпаққа плата атын жазыңыз. Плата ешбір орынға тіркелмей тұрғанда стенд сынағын жүргізіңіз; стенд пен сымды бекеттің RS-485 түрлендіргіші сервердің өз компьютерінде: npx aryk bench <board> --port … (hardware/bench/README.md); парағын сақтаңыз.",
  ),
  step(
    "Everything off; the rig's wires out, its relay too: the lead that it stood in is whole again.",
    "Всё выключить; снять провода стенда и его реле: провод, в котором оно стояло, снова цел.",
    "Бәрін өшіріңіз; стенд сымдары мен релесін алыңыз: реле тұрған сым қайтадан тұтас.",
  ),
  {
    ...step(
      "Put back on what the bench test had off",
      "Верните снятое для стенда",
      "Стенд үшін шешілгенді қайта қосыңыз",
      text(
        "Little of it is missed later: a contact that is not joined can read as dry, shut or no rain, and supercapacitors count only when the supply goes.",
        "Мало что из этого заметят потом: неподключённый контакт может читаться как «сухо», «закрыто» или «дождя нет», а ионисторы нужны лишь при отключении питания.",
        "Бұлардың аз бөлігі ғана кейін байқалады: қосылмаған түйіспе «құрғақ», «жабық» не «жауын жоқ» болып оқылуы мүмкін, ал ионисторлар тек қуат үзілгенде керек.",
      ),
    ),
    bench: "back",
  },
  step(
    "Lacquer the board for modules where it is soldered, let it dry, and only then lay in the desiccant.",
    "Покройте пайку платы модулей лаком, дайте высохнуть и только потом положите осушитель.",
    "Модуль платасының дәнекерін лактап, кептіріп, содан кейін ғана ылғал сіңіргішті салыңыз.",
  ),
];

/** At the site, after it hangs. */
export const COMMISSION: Step[] = [
  step(
    "Enter the settings below as calibration records, with what you measured; then hang the board there at the hub: npx aryk board assign <board> <site>.",
    "Внесите настройки ниже записями калибровки, с измеренными значениями; затем привяжите плату на сервере: npx aryk board assign <board> <site>.",
    "Төмендегі баптауларды өлшеген мәндермен калибрлеу жазбаларына енгізіңіз; содан кейін серверде платаны орнына тіркеңіз: npx aryk board assign <board> <site>.",
    text(
      "Hung there sooner, the bench test is refused, and what the desk echoes would be a flood.",
      "Привязанную раньше, стенд плату не примет, а эхо от стола стало бы подтоплением.",
      "Ертерек тіркелсе, стенд платаны қабылдамайды, ал үстелден шыққан жаңғырық су басу болар еді.",
    ),
  ),
  step(
    "Connect the supply last. The board's name must appear at the hub within two periods; if not, do not leave. Read the first value back and compare it with the tape.",
    "Питание подключите последним. Имя платы должно появиться на сервере в течение двух периодов; если нет, не уходите. Сверьте первое значение с рулеткой.",
    "Қуатты соңында қосыңыз. Плата аты серверде екі кезең ішінде көрінуі тиіс; көрінбесе, кетпеңіз. Алғашқы мәнді рулеткамен салыстырыңыз.",
  ),
];

/** The last step of all. */
export const CLOSE: Step[] = [
  step(
    "When the checklist below is done: photograph the post from both sides and the label; close the lid LAST, on a clean, dry seal, screws crosswise.",
    "Когда проверка ниже закончена: сфотографируйте пост с двух сторон и табличку; крышку закройте ПОСЛЕДНЕЙ, на чистое сухое уплотнение, винты крест-накрест.",
    "Төмендегі тексеру біткенде: бекетті екі жағынан және тақтайшаны суретке түсіріңіз; қақпақты ЕҢ СОҢЫНДА, таза, құрғақ тығыздағышқа жабыңыз, бұрандаларды айқастыра тартыңыз.",
    text(
      "Some checks need it open.",
      "Часть проверок делается при открытой крышке.",
      "Кейбір тексеру қақпақ ашық кезде жасалады.",
    ),
  ),
];

/** Without its supercapacitors the board is dark at once; they are full after some minutes. */
const BRIDGED: Check["limit"] = { min: 3, unit: "s" };

/** Before the technician leaves, at every post. */
export const LEAVE: Check[] = [
  check(
    "by the electrician, after five minutes of supply: with the breaker off the ESP32's red lamp stays lit for so long (the supercapacitors are in); on again after a minute, no pack of before or behind is missing",
    "электрик, после пяти минут под питанием: при отключённом автомате красный светодиод ESP32 горит ещё столько (ионисторы на месте); через минуту включить, пакеты до и после все на месте",
    "электрик, бес минут қуаттан кейін: автомат ажыратулы кезде ESP32 қызыл шамы тағы сонша жанып тұрады (ионисторлар орнында); бір минуттан соң қосылады, оған дейінгі және кейінгі пакеттер түгел",
    BRIDGED,
    ["mains"],
  ),
  check(
    "after five minutes of supply: with the 3 A fuse out the ESP32's red lamp stays lit for so long (the supercapacitors are in); in again after a minute, no pack of before or behind is missing",
    "после пяти минут под питанием: при вынутом предохранителе 3 А красный светодиод ESP32 горит ещё столько (ионисторы на месте); через минуту вставить, пакеты до и после все на месте",
    "бес минут қуаттан кейін: 3 А сақтандырғыш алынғанда ESP32 қызыл шамы тағы сонша жанып тұрады (ионисторлар орнында); бір минуттан соң салынады, оған дейінгі және кейінгі пакеттер түгел",
    BRIDGED,
    ["vehicle"],
  ),
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
    "Three packs in a row at the hub, none missing (npx aryk ledger --board <board> --missing), no fault in them",
    "Три пакета подряд на сервере, пропусков нет (npx aryk ledger --board <board> --missing), без неисправностей",
    "Серверде қатарынан үш пакет, жоғалғаны жоқ (npx aryk ledger --board <board> --missing), ақау жоқ",
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
  check(
    "by the electrician, mains half covered: 5 V at the board, under load",
    "электрик, сетевая половина закрыта: 5 В на плате, под нагрузкой",
    "электрик, желі жағы жабық: платадағы 5 В, жүктемемен",
    {
      min: 4.75,
      max: 5.25,
      unit: "V",
    },
  ),
  check(
    "by the electrician, mains half covered: protective earth, resistance",
    "электрик, сетевая половина закрыта: сопротивление заземления",
    "электрик, желі жағы жабық: жерге қосу кедергісі",
    { max: 10, unit: "Ω" },
  ),
  check(
    "by the electrician, mains half covered: residual-current breaker trips at its test button",
    "электрик, сетевая половина закрыта: дифавтомат отключается кнопкой «Тест»",
    "электрик, желі жағы жабық: дифавтомат «Тест» түймесінен ажырайды",
  ),
];

/** The same where lithium cells feed it. */
export const CELLS_CHECKS: Check[] = [
  check("battery voltage at the hub", "напряжение батареи на сервере", "сервердегі батарея кернеуі", {
    min: 3300,
    max: 3700,
    unit: "mV",
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

/** Where an accelerometer is fitted. What it says as mounted is no fault of the post: the hub counts from there. */
export const TILT_STEP = step(
  "Fix the LIS3DH flat in the box, component side up, the box as it will hang.",
  "Закрепите LIS3DH в корпусе горизонтально, деталями вверх, в том положении, в каком корпус будет висеть.",
  "LIS3DH модулін корпус ілінетін қалпында көлденең, бөлшектері жоғары қаратып бекітіңіз.",
  text(
    "Its third axis is the one that is compared with the plumb line.",
    "С отвесом сравнивается его третья ось.",
    "Тік сызықпен оның үшінші осі салыстырылады.",
  ),
);
export const TILT_CHECK = check(
  "the value of tilt; tell the hub, which counts from it: npx aryk site set <site> uprightDeg=<value>",
  "значение tilt; сообщите серверу, он считает от него: npx aryk site set <site> uprightDeg=<значение>",
  "tilt мәні; серверге айтыңыз, ол содан есептейді: npx aryk site set <site> uprightDeg=<мән>",
  { max: 10, unit: "°" },
);

/** Open water: without them only how fast it rises or falls is told of. */
export const LIMITS_CHECK = check(
  "limits of the level above the zero, told to the hub: npx aryk site set <site> highMm=<mm> lowMm=<mm>",
  "пределы уровня над нулём сообщены серверу: npx aryk site set <site> highMm=<мм> lowMm=<мм>",
  "деңгейдің нөлден шектері серверге айтылды: npx aryk site set <site> highMm=<мм> lowMm=<мм>",
);

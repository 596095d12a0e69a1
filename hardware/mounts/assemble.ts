/** On the bench: what a post is put together from, until it leaves. */
import type { Step } from "./mount.js";
import { MAINS_LAYOUT, MAINS_WIRES, OFF_THE_DESK, ON_THE_DESK } from "./mains.js";
import { step, text } from "./texts.js";
import { TILT_STEP } from "./tilt.js";

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
  ...MAINS_WIRES,
];

/** Of a MaxBotix sensor, which comes as a threaded housing with seven pins and no cable. */
export const ECHO_CABLE: Step = step(
  "Solder the sensor's cable to pins 5, 6 and 7 of the MB7389, each wire in a sleeve; write the colours down. The cable's fourth wire is cut back at both ends; its shield goes to GND, in the box alone. A sleeve of wide shrink tube round the back, standing 20 mm over it, is the mould: pins upward, resin until joints and the cable's first 5 mm are covered, let it set for a day.",
  "Припаяйте кабель к выводам 5, 6 и 7 датчика MB7389, каждый провод в трубке; запишите цвета. Четвёртый провод кабеля обрезан с двух концов; экран – к GND, только в корпусе. Форма – отрезок широкой термоусадочной трубки на тыльной стороне, выступающий на 20 мм: выводами вверх, залейте смолой, чтобы закрыть пайки и первые 5 мм кабеля, дайте застыть сутки.",
  "Кабельді MB7389 датчигінің 5, 6, 7 шығыстарына дәнекерлеңіз, әр сым түтікте; түстерін жазып алыңыз. Кабельдің төртінші сымы екі ұшында кесіледі; экраны GND-ге, тек корпуста. Қалып – артқы жағына кигізілген, 20 мм шығып тұрған кең термотүтік: шығыстары жоғары қаратылып, дәнекер мен кабельдің алғашқы 5 мм-і жабылғанша шайыр құйыңыз, бір тәулік қатырыңыз.",
  text(
    "Water at the pins reads as echoes, or ends the sensor.",
    "Вода на выводах даёт ложные эхо или губит датчик.",
    "Шығыстардағы су жалған жаңғырық береді не датчикті құртады.",
  ),
);

/** On the bench, before the post leaves. */
export const ASSEMBLE: Step[] = [
  step(
    "Write image and aryk.cfg to the board (hardware/README.md) while it is on USB alone, the cells not connected.",
    "Запишите образ и aryk.cfg в плату (hardware/README.md) при питании только от USB, батарея отключена.",
    "Образ пен aryk.cfg файлын платаға жазыңыз (hardware/README.md): қуат тек USB-ден, батарея ажыратулы.",
    text(
      "Two supplies at once destroy the board, and a lithium cell that is charged can burst.",
      "Два питания сразу повредят плату, а литиевый элемент при заряде может взорваться.",
      "Екі қуат қатар қосылса плата бұзылады, ал литий элементі зарядталса жарылуы мүмкін.",
    ),
    ["battery", "solar"],
  ),
  step(
    "Write image and aryk.cfg to the board (hardware/README.md) while it is on USB alone, nothing at its 5V pin.",
    "Запишите образ и aryk.cfg в плату (hardware/README.md) при питании только от USB, к выводу 5V ничего не подключено.",
    "Образ пен aryk.cfg файлын платаға жазыңыз (hardware/README.md): қуат тек USB-ден, 5V шығысына ештеңе қосылмаған.",
    text(
      "USB would feed the whole rail and fill the supercapacitors, which empty are a short circuit over 10 Ω.",
      "USB питал бы всю цепь 5 В и заряжал ионисторы, а разряженные они – короткое замыкание через 10 Ом.",
      "USB бүкіл 5 В тізбегін қоректендіріп, ионисторларды толтырар еді, ал бос ионистор – 10 Ом арқылы қысқа тұйықталу.",
    ),
    ["mains", "vehicle"],
  ),
  step(
    "Drill the box's lower wall: a hole for each gland of the parts list and one for the breathing plug, 12.5 mm for M12, 16.5 mm for M16, 30 mm from middle to middle; take the burr off. Glands and plug in, seals outside; no hole without one.",
    "Просверлите нижнюю стенку корпуса: по отверстию на каждый ввод из списка деталей и одно на дыхательный клапан, 12,5 мм под M12, 16,5 мм под M16, 30 мм между центрами; снимите заусенцы. Вставьте вводы и клапан, прокладками наружу; лишних отверстий нет.",
    "Корпустың төменгі қабырғасын бұрғылаңыз: бөлшектер тізіміндегі әр кірмеге бір тесік, тыныс клапанына бір тесік, M12-ге 12,5 мм, M16-ға 16,5 мм, орталарының арасы 30 мм; қылауын алыңыз. Кірмелер мен клапанды тығыздағышы сыртқа қаратып салыңыз; бос тесік қалмасын.",
  ),
  {
    ...step(
      "Antenna, where the parts list has one: a hole by its thread (SMA 6.5 mm, N 16 mm) in the upper wall, its seal outside.",
      "Антенна, если она есть в списке деталей: отверстие по её резьбе (SMA 6,5 мм, N 16 мм) в верхней стенке, прокладка снаружи.",
      "Антенна, бөлшектер тізімінде болса: жоғарғы қабырғада бұрандасына сай тесік (SMA 6,5 мм, N 16 мм), тығыздағышы сыртында.",
    ),
    uplinks: ["mqtt", "lora", "modem"],
  },
  ...MAINS_LAYOUT,
  step(
    "Board for modules: solder on it the modules, the resistors and the spring terminals that the list of wires names (below), the resistors of a wire at this end of it. What the bench test has off (further down) is held by spring terminals, never soldered; supercapacitors are tied to the board. Then by the meter, everything off: each net joins what the list says, and no two nets touch.",
    "Монтажная плата: припаяйте на неё модули, резисторы и пружинные клеммы из списка проводов (ниже); резистор, стоящий в проводе, – у этого его конца. Что снимают для стенда (дальше), держится в пружинных клеммах, не паяется; ионисторы привязать к плате. Затем прибором, питание выключено: каждая цепь соединяет то, что в списке, и никакие две не касаются.",
    "Модуль тақтасы: сымдар тізіміндегі (төменде) модульдерді, резисторларды және серіппелі клеммаларды дәнекерлеңіз; сымда тұрған резистор – осы ұшында. Стенд үшін шешілетіндер (төменде) серіппелі клеммада тұрады, дәнекерленбейді; ионисторларды тақтаға байлаңыз. Содан кейін қуат өшірулі кезде аспаппен: әр тізбек тізімдегіні қосады, екі тізбек бір-біріне тимейді.",
  ),
  TILT_STEP,
  step(
    "Wire the sensors as the picture shows, cables through the glands first; a ferrule on every strand; pull at each wire. Then tighten the glands by hand and a quarter turn.",
    "Подключите датчики по схеме, сначала протянув кабели через вводы; на каждую жилу наконечник; потяните за каждый провод. Затем затяните вводы рукой и ещё на четверть оборота.",
    "Датчиктерді сызба бойынша қосыңыз, алдымен кабельді кірмелерден өткізіңіз; әр талға ұштық; әр сымды тартып көріңіз. Содан кейін кірмелерді қолмен және тағы ширек айналымға бұраңыз.",
  ),
  ...BY_SUPPLY,
  ...ON_THE_DESK,
  {
    ...step(
      "Set the 12 V converter before the probe hangs on it: loop + off, the post's supply on, 11.5 to 12.5 V from VOUT to GND; then off, loop + on.",
      "Настройте преобразователь 12 В до подключения зонда: «петля +» снята, питание поста включено, от VOUT до GND 11,5–12,5 В; затем выключить, «петлю +» подключить.",
      "12 В түрлендіргішін зонд қосылғанша баптаңыз: «ілмек +» ажыратулы, бекет қуаты қосулы, VOUT пен GND арасында 11,5–12,5 В; содан кейін өшіріп, «ілмек +» қосыңыз.",
      text(
        "A module leaves its maker set to anything up to 38 V: at more than 30 V the probe is gone.",
        "С завода модуль может давать до 38 В: выше 30 В зонд погибает.",
        "Модуль зауыттан 38 В-қа дейін беріп шығуы мүмкін: 30 В-тан асса зонд істен шығады.",
      ),
    ),
    sensors: ["pressure"],
  },
  {
    ...step(
      "For the bench test take off, with everything off",
      "Для стендовой проверки снимите при выключенном питании",
      "Стенд сынағы үшін қуат өшірулі кезде шешіңіз",
    ),
    bench: "off",
  },
  step(
    "Label box and lid with the board's name. Run the bench test while the board hangs at no site, with the rig and, for a wired post, the RS-485 adaptor in the hub's own computer, joined by a metre of the data line as at the site, A and B by the meter as there (below): npx aryk bench <board> --port … (hardware/bench/README.md); keep its sheet.",
    "Подпишите корпус и крышку именем платы. Пока плата не привязана ни к какой площадке, выполните стендовую проверку; стенд и, у проводного поста, преобразователь RS-485 – в компьютере самого сервера, соединённый метром линии данных как на месте, A и B – по прибору, как там (ниже): npx aryk bench <board> --port … (hardware/bench/README.md); лист сохраните.",
    "Корпус пен қақпаққа плата атын жазыңыз. Плата ешбір орынға тіркелмей тұрғанда стенд сынағын жүргізіңіз; стенд пен сымды бекеттің RS-485 түрлендіргіші сервердің өз компьютерінде, орындағыдай бір метр дерек желісімен жалғанған, A мен B сондағыдай аспаппен (төменде): npx aryk bench <board> --port … (hardware/bench/README.md); парағын сақтаңыз.",
  ),
  step(
    "Everything off; the rig's wires out, its relay too: the lead that it stood in is whole again.",
    "Всё выключить; снять провода стенда и его реле: провод, в котором оно стояло, снова цел.",
    "Бәрін өшіріңіз; стенд сымдары мен релесін алыңыз: реле тұрған сым қайтадан тұтас.",
  ),
  ...OFF_THE_DESK,
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

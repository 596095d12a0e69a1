import type { Mount } from "./mount.js";
import { AIR_CHECKS, AIR_FAILURES, AIR_SETTINGS, CELL_STEP } from "./air.js";
import { ANY, ASSEMBLE, CLOSE, COMMISSION, LEAVE, check, failure, step, text } from "./common.js";

export const PURIFIER: Mount = {
  site: "purifier",
  label: text("air purifier, inlet and outlet", "очиститель воздуха, вход и выход", "ауа тазартқыш, кіріс пен шығыс"),
  inTheCity: text(
    "7 units with 28 filter modules, Sayran bus station",
    "7 установок, 28 модулей, автовокзал «Сайран»",
    "7 қондырғы, 28 модуль, «Сайран» автовокзалы",
  ),
  heightMm: [200, 3000],
  above: text(
    "the unit's own openings, not the ground",
    "проёмов установки, не земли",
    "жерден емес, қондырғы саңылауларынан",
  ),
  offset: text(
    "Inlet's head 200 mm before the grille, in the middle of its height; outlet's head on the duct, 300 mm behind the last filter. The box within 1 m of the inlet's head and 3 m of the outlet's, along the cable.",
    "Головка входа в 200 мм перед решёткой, на середине её высоты; головка выхода на воздуховоде, в 300 мм за последним фильтром. Корпус не дальше 1 м от головки входа и 3 м от головки выхода, по кабелю.",
    "Кіріс бастиегі торға 200 мм жетпей, оның орта биігінде; шығыс бастиегі ауа арнасында, соңғы сүзгіден кейін 300 мм. Корпус кабель бойымен кіріс бастиегінен 1 м, шығыс бастиегінен 3 м-ден алыс емес.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 0,
  shielding: text(
    "Elbows and cell's face across the stream, not against it; no leak past the filter near the outlet's head.",
    "Колена и лицо ячейки поперёк потока, не навстречу; у головки выхода нет подсоса мимо фильтра.",
    "Иіндер мен ұяшық беті ағынға көлденең, қарсы емес; шығыс бастиегі жанында сүзгіден тыс ауа кірмейді.",
  ),
  heads: [
    {
      name: "inlet",
      label: text("inlet", "вход", "кіріс"),
      holds: ["pms5003", "no2-b43f"],
      at: text(
        "on the bracket, 200 mm before the grille, floor downward, both elbows of the air inlet and the cell in it",
        "на кронштейне, 200 мм перед решёткой, дном вниз, в дне оба колена воздухозаборника и ячейка",
        "кронштейнде, торға 200 мм жетпей, түбі төмен, түбінде ауа тартқыштың екі иіні мен ұяшық",
      ),
    },
    {
      name: "outlet",
      label: text("outlet", "выход", "шығыс"),
      holds: ["pms5003-out", "no2-b43f-out"],
      at: text(
        "on the duct by the adaptor, 300 mm behind the last filter; the elbows reach 100 mm into the stream, the cell's face is flush with the plate",
        "на воздуховоде через переходник, 300 мм за последним фильтром; колена входят в поток на 100 мм, лицо ячейки вровень с пластиной",
        "ауа арнасында өткізгіш арқылы, соңғы сүзгіден кейін 300 мм; иіндер ағынға 100 мм кіреді, ұяшық беті тақтамен тегіс",
      ),
    },
  ],
  extras: [
    { part: "box-head", count: 2 },
    { part: "cable-head", count: 2 },
    { part: "mains-24v", count: 1 },
    { part: "thermostat", count: 2 },
    { part: "heater-head", count: 2 },
    { part: "insulation", count: 2 },
    // In the box's wall; a head brings its own.
    { part: "gland-m16", count: 2 },
    { part: "air-inlet", count: 1 },
    { part: "duct-adaptor", count: 1 },
    { part: "bracket", count: 1 },
    { part: "anchors", count: 1 },
    { part: "radiation-shield", count: 1 },
  ],
  settings: [
    ...AIR_SETTINGS,
    {
      name: "outletGain",
      unit: "",
      text: text(
        "what the inlet's sensor shows over what the outlet's shows, both in the same air",
        "отношение показаний датчика входа к датчику выхода в одном воздухе",
        "бір ауада тұрғандағы кіріс датчигі көрсеткішінің шығыс датчигіне қатынасы",
      ),
    },
  ],
  steps: [
    ...ASSEMBLE,
    CELL_STEP,
    step(
      "Build two like heads. In each: particle sensor with its cable of 20 cm to spring terminals, the gas cell with its board, thermostat and heater in the upper half; foam on all walls and the floor, cut out around elbows and cell; the breathing plug and the gland in a side wall.",
      "Соберите две одинаковые головки. В каждой: датчик частиц с кабелем 20 см на пружинные клеммы, газовая ячейка с платой, термостат и нагреватель в верхней половине; утеплитель на всех стенках и дне с вырезами под колена и ячейку; в боковой стенке клапан и ввод.",
      "Бірдей екі бастиек құрастырыңыз. Әрқайсысында: 20 см кабелі серіппелі клеммаларға қосылған бөлшек датчигі, платасы бар газ ұяшығы, жоғарғы жартысында термостат пен жылытқыш; барлық қабырға мен түбінде жылулағыш, иіндер мен ұяшық орны кесілген; бүйір қабырғада клапан мен кірме.",
      text(
        "The particle sensor is promised down to −10 °C only; 6 W hold the lined head some 20 K above the air.",
        "Датчик частиц рассчитан только до −10 °C; 6 Вт держат утеплённую головку примерно на 20 К теплее воздуха.",
        "Бөлшек датчигі −10 °C-қа дейін ғана есептелген; 6 Вт жылуланған бастиекті ауадан шамамен 20 К жылы ұстайды.",
      ),
    ),
    step(
      "Run a cable of 10 wires from each head to the box: the fan's 5V and GND, its TX and RX; the cell's 5V and a GND of its own, WE, AE; 24V and 24V − of the heater. All of a kind meet in the box only. The converters ADS1115 stay in the box.",
      "От каждой головки к корпусу идёт кабель из 10 жил: 5V и GND вентилятора, его TX и RX; 5V ячейки и её отдельная GND, WE, AE; 24V и 24V − нагревателя. Одноимённые соединяются только в корпусе. Преобразователи ADS1115 остаются в корпусе.",
      "Әр бастиектен корпусқа 10 сымды кабель барады: желдеткіштің 5V пен GND, оның TX пен RX; ұяшықтың 5V пен өз GND, WE, AE; жылытқыштың 24V пен 24V −. Аттастары тек корпуста қосылады. ADS1115 түрлендіргіштері корпуста қалады.",
      text(
        "Over a ground that both share, the fan's 100 mA would add some 20 mV to the cell's voltages: 70 ppb.",
        "По общей земле 100 мА вентилятора добавили бы к напряжениям ячейки около 20 мВ: 70 ppb.",
        "Ортақ жермен желдеткіштің 100 мА тогы ұяшық кернеуіне шамамен 20 мВ қосар еді: 70 ppb.",
      ),
    ),
    step(
      "Set both thermostats to 5 °C. Mains: an electrician connects the supply of 24 V behind the same breaker and signs.",
      "Оба термостата – на 5 °C. Сеть: блок 24 В за тем же автоматом подключает электрик и расписывается.",
      "Екі термостатты да 5 °C-қа қойыңыз. Желі: 24 В блогын сол автоматтан кейін электрик қосып, қол қояды.",
    ),
    step(
      "Run the two heads side by side before the unit for a day. Their ratio is the zero of the efficiency.",
      "Сутки держите обе головки рядом перед установкой. Их отношение – ноль эффективности.",
      "Екі бастиекті қондырғы алдында бір тәулік қатар ұстаңыз. Олардың қатынасы тиімділік нөлі.",
      text(
        "Two like sensors differ by up to 10 %: as much as a poor filter removes.",
        "Два одинаковых датчика расходятся до 10 %: столько удаляет плохой фильтр.",
        "Екі бірдей датчик 10 %-ға дейін ерекшеленеді: нашар сүзгі сонша ғана тазартады.",
      ),
    ),
    step(
      "Fix them at their places: the inlet's on its bracket, with the SHT31 in its shield beside it; the outlet's on the duct. Cut the duct only with the unit switched off, and blow on the gasket: no draught.",
      "Закрепите на местах: головку входа на кронштейне, рядом SHT31 в экране; головку выхода на воздуховоде. Воздуховод режьте только при выключенной установке и проверьте прокладку: не дует.",
      "Орындарына бекітіңіз: кіріс бастиегі кронштейнде, жанында экрандағы SHT31; шығыс бастиегі ауа арнасында. Арнаны қондырғы өшірулі кезде ғана кесіп, төсемді тексеріңіз: ауа өтпесін.",
    ),
    step(
      "Swap them half-yearly, inlet to outlet, and tell the hub.",
      "Раз в полгода меняйте их местами и сообщайте серверу.",
      "Жарты жылда бір орындарын ауыстырып, серверге айтыңыз.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    ...AIR_CHECKS,
    check(
      "24 V at each head's heater, thermostat turned up",
      "24 В на нагревателе каждой головки, термостат вверх",
      "әр бастиек жылытқышында 24 В, термостат жоғары бұралған",
      {
        min: 23,
        max: 25,
        unit: "V",
      },
    ),
    check("inlet's head before the grille", "головка входа до решётки", "кіріс бастиегі торға дейін", {
      min: 150,
      max: 250,
      unit: "mm",
    }),
    check(
      "outlet's head behind the last filter",
      "головка выхода за последним фильтром",
      "шығыс бастиегі соңғы сүзгіден кейін",
      {
        min: 250,
        max: 350,
        unit: "mm",
      },
    ),
    check("ratio of the two side by side", "отношение двух рядом", "қатар тұрған екеуінің қатынасы", {
      min: 0.9,
      max: 1.1,
      unit: "",
    }),
    check(
      "outlet below inlet with the fan on",
      "на выходе меньше, чем на входе, вентилятор включён",
      "желдеткіш қосулы: шығыста кірістен аз",
    ),
    ...LEAVE,
  ],
  failures: [
    ...AIR_FAILURES,
    failure(
      text("removal falls below zero", "эффективность ниже нуля", "тиімділік нөлден төмен"),
      text(
        "filter torn or missing, sensors swapped, outlet's air drawn back",
        "фильтр порван или снят, датчики перепутаны, рециркуляция",
        "сүзгі жыртық не жоқ, датчиктер ауысқан, ауа қайта тартылады",
      ),
      text(
        "filter module, the record of the last swap",
        "модуль фильтра, запись о последней замене",
        "сүзгі модулі, соңғы ауыстыру жазбасы",
      ),
    ),
    ...ANY,
  ],
};

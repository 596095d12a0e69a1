/** What all posts that measure air share. */
import type { Check, Failure, Setting, Step } from "./mount.js";
import { check, failure, step, text } from "./common.js";

export const AIR_SETTINGS: Setting[] = [
  {
    name: "weElectronicMv, aeElectronicMv, sensitivityMvPerPpb",
    unit: "mV, mV/ppb",
    text: text(
      "from the paper that came with this very cell; a cell's paper is worth as much as the cell",
      "из паспорта именно этой ячейки; без паспорта ячейка бесполезна",
      "дәл осы ұяшықтың паспортынан; паспортсыз ұяшық жарамсыз",
    ),
  },
  {
    name: "kappa, gain, offset",
    unit: "",
    text: text(
      "from at least 14 days beside a reference; until then the page says uncalibrated",
      "по 14 и более дням рядом с эталоном; до того страница пишет «не откалибровано»",
      "эталон қасында кемінде 14 күннен; оған дейін бетте «калибрленбеген» деп тұрады",
    ),
  },
];

/** Of every post with a gas cell. */
export const CELL_STEP: Step = step(
  "Power the gas cell on the bench a day before; from then on its supply is never off for longer than the drive.",
  "Подайте питание на газовую ячейку за сутки на стенде; дальше не отключайте дольше, чем на дорогу.",
  "Газ ұяшығына стендте бір тәулік бұрын қуат беріңіз; содан кейін жол уақытынан артық ажыратпаңыз.",
  text(
    "After any gap it drifts for four to six hours, and those readings are thrown away.",
    "После перерыва она дрейфует 4–6 часов, эти показания отбрасываются.",
    "Үзілістен кейін ол 4–6 сағат ауытқиды, ол көрсеткіштер алынбайды.",
  ),
);

export const AIR_STEPS: Step[] = [
  CELL_STEP,
  step(
    "Particle sensor with inlet and outlet downward, each through its own elbow; the cells look down, flush with the box's floor.",
    "Датчик частиц входом и выходом вниз, каждый через своё колено; ячейки смотрят вниз, вровень с дном корпуса.",
    "Бөлшек датчигінің кірісі мен шығысы төмен, әрқайсысы өз иінінен; ұяшықтар төмен қарайды, корпус түбімен тегіс.",
  ),
];

/** Before all else: behind rail and board nobody gets any more. */
export const LINED_STEP: Step = step(
  "Before anything is in the box: line it with 20 mm of foam, all walls, floor and lid, cut out where the rail's ends, glands, elbows and cells will be.",
  "Пока корпус пуст: оклейте его утеплителем 20 мм, все стенки, дно и крышку, с вырезами под концы рейки, вводы, колена и ячейки.",
  "Корпус бос кезде: оны 20 мм жылулағышпен қаптаңыз, барлық қабырға, түбі мен қақпағы, рейка ұштары, кірмелер, иіндер мен ұяшықтар орны кесіледі.",
);

/** The box of an air post is lined and heated: its particle sensor does not bear the frost. */
export const HEATED_STEP: Step = step(
  "Mains: an electrician connects breaker, surge protection, thermostat, heater and earth, and signs. Set the heater's thermostat to 5 °C.",
  "Сеть: автомат, УЗИП, термостат, нагреватель и заземление подключает электрик и расписывается. Термостат нагревателя – на 5 °C.",
  "Желі: автомат, асқын кернеу қорғанышы, термостат, жылытқыш пен жерге қосуды электрик қосып, қол қояды. Жылытқыш термостаты – 5 °C.",
  text(
    "The particle sensor is promised down to −10 °C only. 20 W hold the lined box some 30 K above the air; the post's own 0.7 W would hold 1 K.",
    "Датчик частиц рассчитан только до −10 °C. 20 Вт держат утеплённый корпус примерно на 30 К теплее воздуха; свои 0,7 Вт дали бы 1 К.",
    "Бөлшек датчигі −10 °C-қа дейін ғана есептелген. 20 Вт жылуланған корпусты ауадан шамамен 30 К жылы ұстайды; өзінің 0,7 Вт-ы 1 К ғана берер еді.",
  ),
);

export const AIR_CHECKS: Check[] = [
  check(
    "supply at the board",
    "питание на плате",
    "платадағы қуат",
    { min: 4.75, max: 5.25, unit: "V" },
    // On mains it is the electrician's.
    ["vehicle"],
  ),
  check("WE and AE of each cell", "WE и AE каждой ячейки", "әр ұяшықтың WE мен AE мәні", {
    min: 150,
    max: 600,
    unit: "mV",
  }),
  check(
    "PM2.5 beside a second post of the same kind, ten minutes, difference",
    "PM2,5 рядом со вторым таким же постом, 10 минут, разница",
    "PM2,5 дәл сондай екінші бекет қасында, 10 минут, айырма",
    { max: 20, unit: "%" },
  ),
  check(
    "temperature less a thermometer in the shade",
    "температура минус термометр в тени",
    "температура мен көлеңкедегі термометр айырмасы",
    {
      min: -1,
      max: 1,
      unit: "°C",
    },
  ),
];

export const AIR_FAILURES: Failure[] = [
  failure(
    text("particles: timeout or device", "частицы: нет ответа или неисправность", "бөлшектер: жауап жоқ не ақау"),
    text(
      "fan stopped by dust or frost, plug loose",
      "вентилятор стоит из-за пыли или инея, разъём",
      "желдеткіш шаң не қыраудан тоқтаған, ағытпа босаған",
    ),
    text("particle sensor, blower brush", "датчик частиц, кисть-груша", "бөлшек датчигі, үрлегіш щётка"),
  ),
  failure(
    text("particles follow fog and rain", "частицы растут с туманом и дождём", "бөлшектер тұман мен жаңбырға ереді"),
    text(
      "humidity above 85 %: droplets are counted",
      "влажность выше 85 %: считаются капли",
      "ылғалдылық 85 %-дан жоғары: тамшы саналады",
    ),
    text("nothing; the hub flags it", "ничего; сервер помечает", "ештеңе; сервер белгілейді"),
  ),
  failure(
    text("NO₂: electrical", "NO₂: электрическая неисправность", "NO₂: электр ақауы"),
    text(
      "cell's plug loose, no 5 V, cell dry",
      "разъём ячейки, нет 5 В, ячейка высохла",
      "ұяшық ағытпасы, 5 В жоқ, ұяшық кепкен",
    ),
    text(
      "cell with its paper and board, multimeter",
      "ячейка с паспортом и платой, мультиметр",
      "паспорты мен платасы бар ұяшық, мультиметр",
    ),
  ),
  failure(
    text(
      "NO₂ lies flat, or far from all neighbours",
      "NO₂ не меняется или далёк от соседей",
      "NO₂ өзгермейді не көршілерден алыс",
    ),
    text(
      "cell older than two years, or a calibration of another cell",
      "ячейке больше двух лет, или калибровка другой ячейки",
      "ұяшық екі жылдан ескі не басқа ұяшықтың калибрлеуі",
    ),
    text(
      "new cell with its paper; place it beside the reference",
      "новая ячейка с паспортом; поставить рядом с эталоном",
      "паспортымен жаңа ұяшық; эталон қасына қойыңыз",
    ),
  ),
];

/** At the site: how a post is put to work, and what is checked before the technician leaves. */
import type { Text } from "../text.js";
import type { Check, Setting, Step } from "./mount.js";
import { LINE_CHECKS, LINE_STEPS } from "./line.js";
import { CONNECT, MAINS_CHECKS } from "./mains.js";
import { check, step, text } from "./texts.js";

/** Of the air's temperature and humidity, which hangs in the open beside the box. */
const AIR_PROBE: Step = {
  ...step(
    "Radiation shield in the shade, on the wall or the pole beside the box, no further than the probe's cable of 1 m reaches with a drip loop. Push the SHT31 probe into it from below, filter cap down, and tie the cable.",
    "Радиационный экран в тени, на стене или опоре рядом с корпусом, не дальше, чем достаёт кабель зонда 1 м с петлёй для стока. Вставьте зонд SHT31 снизу, колпачком фильтра вниз, и подвяжите кабель.",
    "Радиациялық экран көлеңкеде, корпус жанындағы қабырғада не тіреуде, зондтың 1 м кабелі су ағатын ілмегімен жететін жерде. SHT31 зондын астынан, сүзгі қалпағын төмен қаратып салып, кабелін байлаңыз.",
  ),
  sensors: ["sht31"],
};

/** At the site, after it hangs. */
export const COMMISSION: Step[] = [
  AIR_PROBE,
  ...LINE_STEPS,
  step(
    "Enter the settings below as calibration records, with what you measured; then hang the board there at the hub: npx aryk board assign <board> <site>.",
    "Внесите настройки ниже записями калибровки, с измеренными значениями; затем привяжите плату на сервере: npx aryk board assign <board> <site>.",
    "Төмендегі баптауларды өлшеген мәндермен калибрлеу жазбаларына енгізіңіз; содан кейін серверде платаны орнына тіркеңіз: npx aryk board assign <board> <site>.",
    text(
      "Hung there sooner, the bench test is refused, and what the desk measures would stand as the place's: at an underpass a flood.",
      "Привязанную раньше плату стенд не примет, а измеренное на столе стало бы данными площадки: под путепроводом – подтоплением.",
      "Ертерек тіркелсе, стенд платаны қабылдамайды, ал үстелде өлшенген мән орынның дерегі болар еді: жолөткел астында – су басу.",
    ),
  ),
  ...CONNECT,
  step(
    "The board's name must appear at the hub within two periods; if not, do not leave. Read the first value back and compare it with the tape.",
    "Имя платы должно появиться на сервере в течение двух периодов; если нет, не уходите. Сверьте первое значение с рулеткой.",
    "Плата аты серверде екі кезең ішінде көрінуі тиіс; көрінбесе, кетпеңіз. Алғашқы мәнді рулеткамен салыстырыңыз.",
  ),
];

/** The last step of all. */
export const CLOSE: Step[] = [
  step(
    "When the checklist below is done: photograph the post from both sides and the label; close the lid LAST, on a clean, dry seal, screws crosswise.",
    "Когда проверка ниже закончена: сфотографируйте пост с двух сторон и табличку; крышку закройте ПОСЛЕДНЕЙ, на чистое сухое уплотнение, винты крест-накрест.",
    "Төмендегі тексеру біткенде: бекетті екі жағынан және тақтайшаны суретке түсіріңіз; қақпақты ЕҢ СОҢЫНДА, таза, құрғақ тығыздағышқа жабыңыз, бұрандаларды айқастыра тартыңыз.",
    text(
      "Some checks need it open: those are the electrician's.",
      "Часть проверок делается при открытой крышке: их делает электрик.",
      "Кейбір тексеру қақпақ ашық кезде жасалады: оларды электрик жасайды.",
    ),
    ["mains"],
  ),
  step(
    "When the checklist below is done: photograph the post from both sides and the label; close the lid LAST, on a clean, dry seal, screws crosswise.",
    "Когда проверка ниже закончена: сфотографируйте пост с двух сторон и табличку; крышку закройте ПОСЛЕДНЕЙ, на чистое сухое уплотнение, винты крест-накрест.",
    "Төмендегі тексеру біткенде: бекетті екі жағынан және тақтайшаны суретке түсіріңіз; қақпақты ЕҢ СОҢЫНДА, таза, құрғақ тығыздағышқа жабыңыз, бұрандаларды айқастыра тартыңыз.",
    text(
      "Some checks need it open.",
      "Часть проверок делается при открытой крышке.",
      "Кейбір тексеру қақпақ ашық кезде жасалады.",
    ),
    ["battery", "solar", "vehicle"],
  ),
];

/** Without its supercapacitors the board is dark at once; they are full after some minutes. */
const BRIDGED: Check["limit"] = { min: 3, unit: "s" };

/** Before the technician leaves, at every post. */
export const LEAVE: Check[] = [
  ...LINE_CHECKS,
  {
    ...check(
      "12 V converter, measured before the probe hung on it",
      "преобразователь 12 В, измерено до подключения зонда",
      "12 В түрлендіргіші, зонд қосылғанша өлшенген",
      { min: 11.5, max: 12.5, unit: "V" },
    ),
    sensors: ["pressure"],
  },
  ...MAINS_CHECKS,
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
    "Drip loop below every gland, glands tight, no cable under tension, no hole open",
    "Под каждым вводом петля для стока воды, вводы затянуты, кабели не натянуты, открытых отверстий нет",
    "Әр кірме астында су ағатын ілмек бар, кірмелер тартылған, кабель тартылмаған, ашық тесік жоқ",
  ),
  check(
    "Three packs in a row at the hub, none missing (npx aryk ledger --board <board> --missing), no fault in them",
    "Три пакета подряд на сервере, пропусков нет (npx aryk ledger --board <board> --missing), без неисправностей",
    "Серверде қатарынан үш пакет, жоғалғаны жоқ (npx aryk ledger --board <board> --missing), ақау жоқ",
  ),
];

/** Behind the diode (0.15 V) a cell in the frost gives 3.3 V less that: hardware/parts/supplies.ts. */
const NEW_CELLS = text(
  "new cells: 3.4 V and more above 0 °C, in the frost down to 3.1 V",
  "новые элементы: выше 0 °C от 3,4 В, на морозе до 3,1 В",
  "жаңа элементтер: 0 °C-тан жоғары 3,4 В-тан бастап, аязда 3,1 В-қа дейін",
);
/** Of a post on cells. */
export const CELL_CHECKS: Check[] = [
  check(
    `battery voltage under load (${NEW_CELLS.en})`,
    `напряжение батареи под нагрузкой (${NEW_CELLS.ru})`,
    `жүктемедегі батарея кернеуі (${NEW_CELLS.kk})`,
    { min: 3.1, max: 3.7, unit: "V" },
  ),
];

/** The same as the hub shows it. */
export const CELLS_CHECKS: Check[] = [
  check(
    `battery voltage at the hub (${NEW_CELLS.en})`,
    `напряжение батареи на сервере (${NEW_CELLS.ru})`,
    `сервердегі батарея кернеуі (${NEW_CELLS.kk})`,
    { min: 3100, max: 3700, unit: "mV" },
  ),
];

/** Settings of a sensor that looks down; `to`: what lies below it, "the road straight below". */
export const lookingDown = (to: Text): Setting[] => [
  {
    name: "mountHeightMm",
    unit: "mm",
    text: text(
      `from the sensor's face down to ${to.en}, by tape or laser, to 5 mm`,
      `от торца датчика вниз до ${to.ru}, рулеткой или лазером, до 5 мм`,
      `датчик бетінен төмен ${to.kk} дейін, рулеткамен не лазермен, 5 мм дәлдікпен`,
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

/** Open water: without them only how fast it rises or falls is told of. */
export const LIMITS_CHECK = check(
  "limits of the level above the zero, told to the hub: npx aryk site set <site> highMm=<mm> lowMm=<mm>",
  "пределы уровня над нулём сообщены серверу: npx aryk site set <site> highMm=<мм> lowMm=<мм>",
  "деңгейдің нөлден шектері серверге айтылды: npx aryk site set <site> highMm=<мм> lowMm=<мм>",
);

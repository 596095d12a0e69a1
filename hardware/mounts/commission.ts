/** At the site: how a post is put to work, and what is checked before the technician leaves. */
import type { Check, Setting, Step } from "./mount.js";
import { check, step, text } from "./texts.js";

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

/** Of a post on cells. */
export const CELL_CHECKS: Check[] = [
  check("battery voltage under load", "напряжение батареи под нагрузкой", "жүктемедегі батарея кернеуі", {
    min: 3.4,
    max: 3.7,
    unit: "V",
  }),
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

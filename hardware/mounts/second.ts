/** Sensors of another principle beside an echo, at underpasses. */
import { check, failure, step, text } from "./common.js";
import type { Mount } from "./mount.js";

/** What a second sensor of another principle adds. */
export type Second = Pick<Mount, "extras" | "settings" | "steps" | "checks" | "failures"> & { trial: Mount["steps"] };

export const NONE: Second = {
  extras: [{ part: "radiation-shield", count: 1 }],
  settings: [],
  steps: [],
  trial: [],
  checks: [],
  failures: [],
};

/** Float and probe stand in one tube, and not below the echo. */
const LOWER_THAN_THE_TUBE = {
  name: "lowPointOffsetMm",
  unit: "mm",
  text: text(
    "how much lower the lowest point lies than the road at the tube's foot",
    "насколько нижняя точка ниже дороги у пяты трубы",
    "ең төменгі нүкте құбыр табанындағы жолдан қанша төмен",
  ),
};

export const FLOAT: Second = {
  extras: [{ part: "tube-stilling", count: 1 }],
  settings: [
    {
      name: "switchHeightMm",
      property: "water-depth-float",
      unit: "mm",
      text: text(
        "of the float's switching point above the road below it; the lowest point then has 150 mm of water",
        "точки срабатывания поплавка над дорогой под ним; в нижней точке при этом 150 мм воды",
        "қалтқының іске қосылу нүктесі астындағы жолдан; сонда ең төменгі нүктеде 150 мм су",
      ),
    },
    { ...LOWER_THAN_THE_TUBE, property: "water-depth-float" },
  ],
  steps: [
    step(
      "Put the float switch into its tube at the wall, foot on the road, switching point 150 mm above the LOWEST point. Where the lowest point lies more than 150 mm below the wall's foot, the tube goes to the lowest point.",
      "Поставьте поплавок в трубе у стены, пята на дороге, точка срабатывания на 150 мм выше НИЖНЕЙ точки. Если нижняя точка ниже основания стены более чем на 150 мм, труба ставится в нижней точке.",
      "Қалтқыны қабырға жанындағы құбырға қойыңыз, табаны жолда, іске қосылу нүктесі ЕҢ ТӨМЕНГІ нүктеден 150 мм жоғары. Төменгі нүкте қабырға табанынан 150 мм-ден артық төмен болса, құбыр сол нүктеге қойылады.",
      text(
        "150 mm is the closing depth. A barrier never hangs on one sensor: either of the two closes, both and a person open.",
        "150 мм – глубина закрытия. Шлагбаум не зависит от одного датчика: закрывает любой, открывают оба и человек.",
        "150 мм – жабу тереңдігі. Тосқауыл бір датчикке байланбайды: кез келгені жабады, екеуі мен адам ашады.",
      ),
    ),
  ],
  trial: [
    step(
      "While the alarms are shelved, lift the float by hand for a moment: within a minute the hub must show a watch, seen by the float switch.",
      "Пока тревоги отложены, поднимите поплавок рукой на мгновение: в течение минуты сервер должен показать наблюдение по поплавку.",
      "Дабыл кейінге қалдырылғанда қалтқыны қолмен бір сәтке көтеріңіз: сервер бір минутта қалтқы бойынша бақылауды көрсетуі тиіс.",
      text(
        "Held up for two readings it raises the closure.",
        "Если держать его два измерения, поднимется тревога закрытия.",
        "Екі өлшеу бойы ұстасаңыз, жабу дабылы көтеріледі.",
      ),
    ),
  ],
  checks: [
    check(
      "time until the lifted float is at the hub",
      "время до прихода поплавка на сервер",
      "қалтқы белгісі серверге жеткенше",
      {
        max: 60,
        unit: "s",
      },
    ),
  ],
  failures: [
    failure(
      text(
        "float says water, the sensor says dry, or the other way round (alarm: sensors need a technician)",
        "поплавок: вода, датчик: сухо, или наоборот (тревога: датчикам нужен техник)",
        "қалтқы: су, датчик: құрғақ, немесе керісінше (дабыл: датчиктерге техник керек)",
      ),
      text(
        "tube blocked with silt or ice, float stuck, reed welded",
        "труба забита илом или льдом, поплавок застрял, геркон слипся",
        "құбырға лай не мұз толған, қалтқы тұрып қалған, геркон жабысқан",
      ),
      text(
        "brush, hot water, float with cable",
        "щётка, горячая вода, поплавок с кабелем",
        "щётка, ыстық су, кабелімен қалтқы",
      ),
    ),
    failure(
      text("tilt alarm", "сигнал наклона", "көлбеу дабылы"),
      text("struck by a vehicle, bracket loose", "задет машиной, ослаб кронштейн", "көлік соққан, кронштейн босаған"),
      text(
        "bracket, anchors, level; survey height and offset anew",
        "кронштейн, анкеры, уровень; измерить высоту и превышение заново",
        "кронштейн, анкерлер, деңгей; биіктік пен айырманы қайта өлшеңіз",
      ),
    ),
  ],
};

/** At a barrier a third one: a pressure probe in the same tube. */
export const WITH_PROBE: Second = {
  ...FLOAT,
  extras: [...FLOAT.extras, { part: "boost-12v", count: 1 }, { part: "radiation-shield", count: 1 }],
  settings: [
    ...FLOAT.settings,
    {
      name: "probeHeightMm",
      property: "water-depth-head",
      unit: "mm",
      text: text(
        "of the probe's membrane above the road below it; in a sump it is negative",
        "мембраны зонда над дорогой под ним; в приямке – со знаком минус",
        "зонд мембранасының астындағы жолдан биіктігі; шұңқырда – минус таңбасымен",
      ),
    },
    { ...LOWER_THAN_THE_TUBE, property: "water-depth-head" },
  ],
  steps: [
    ...FLOAT.steps,
    step(
      "Hang the pressure probe into the same tube, membrane at the road's height or in a sump; its vented cable ends in the box, not pinched.",
      "Повесьте зонд давления в ту же трубу, мембрана на уровне дороги или в приямке; кабель с капилляром заканчивается в корпусе, не пережат.",
      "Қысым зондын сол құбырға іліңіз, мембранасы жол деңгейінде не шұңқырда; капиллярлы кабель ұшы корпуста, қысылмаған.",
    ),
  ],
  checks: [
    ...FLOAT.checks,
    check("loop current, probe dry", "ток петли, зонд сухой", "тізбек тогы, зонд құрғақ", {
      min: 3.9,
      max: 4.1,
      unit: "mA",
    }),
  ],
};

/** Sensors of another principle beside an echo, at underpasses. */
import { TILT_CHECK, check, failure, step, text } from "./common.js";
import { LIFT, ON_THE_WALL, builtIn, TUBE_PLACE } from "./float-tube.js";
import type { Mount, Step } from "./mount.js";

/** What a second sensor of another principle adds. */
export type Second = Pick<Mount, "extras" | "settings" | "steps" | "checks" | "failures"> & {
  /** On the first visit. */
  place: Step[];
  /** On the desk, before the post is put together. */
  desk: Step[];
  /** Once it hangs and is heard. */
  trial: Step[];
};

export const NONE: Second = {
  extras: [{ part: "radiation-shield", count: 1 }],
  settings: [],
  place: [],
  desk: [],
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

/** A float switch in its tube; `turned`: which way its contact goes, firmware/sensors/float/README.md. */
const floatSwitch = (turned: Step): Second => ({
  extras: [
    { part: "tube-stilling", count: 1 },
    { part: "clamps-tube", count: 3 },
    { part: "anchors", count: 1 },
    { part: "angle-tilt", count: 1 },
  ],
  settings: [
    {
      name: "switchHeightMm",
      property: "water-depth-float",
      unit: "mm",
      text: text(
        "of the float's switching point above the road below it; with lowPointOffsetMm it must come to 150 mm or a little more: below 150 the float alone never raises the closure",
        "точки срабатывания поплавка над дорогой под ним; вместе с lowPointOffsetMm должно быть 150 мм или чуть больше: ниже 150 один поплавок никогда не запросит закрытие",
        "қалтқының іске қосылу нүктесі астындағы жолдан; lowPointOffsetMm-мен қосындысы 150 мм немесе сәл артық болуы тиіс: 150-ден кем болса, қалтқы жалғыз өзі жабуды ешқашан сұрамайды",
      ),
    },
    { ...LOWER_THAN_THE_TUBE, property: "water-depth-float" },
  ],
  place: [TUBE_PLACE],
  desk: builtIn(turned),
  steps: [ON_THE_WALL],
  trial: [LIFT],
  checks: [
    check(
      "float: switchHeightMm + lowPointOffsetMm",
      "поплавок: switchHeightMm + lowPointOffsetMm",
      "қалтқы: switchHeightMm + lowPointOffsetMm",
      { min: 150, max: 160, unit: "mm" },
    ),
    TILT_CHECK,
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
        "tube blocked with silt or ice, float stuck, reed welded, cable cut (at a barrier that reads as water)",
        "труба забита илом или льдом, поплавок застрял, геркон слипся, кабель оборван (у шлагбаума это читается как вода)",
        "құбырға лай не мұз толған, қалтқы тұрып қалған, геркон жабысқан, кабель үзілген (тосқауылда бұл су болып оқылады)",
      ),
      text(
        "brush, hot water, hooked wire, float with cable",
        "щётка, горячая вода, проволока с крючком, поплавок с кабелем",
        "щётка, ыстық су, ілмекті сым, кабелімен қалтқы",
      ),
    ),
    failure(
      text(
        "alarm: not upright; tilt is no longer uprightDeg",
        "тревога: наклонён или опрокинут; tilt уже не uprightDeg",
        "дабыл: қисайған не аударылған; tilt uprightDeg мәнінен басқа",
      ),
      text(
        "the box was struck, or its anchors gave way; whether the bracket beside it was struck too only eyes tell",
        "корпус задет или ослабли его анкеры; задет ли и кронштейн рядом, видно только глазами",
        "корпусты бірдеңе соққан не анкерлері босаған; жанындағы кронштейнге тигені көзбен ғана көрінеді",
      ),
      text(
        "bracket, anchors, level; survey height and offset anew",
        "кронштейн, анкеры, уровень; измерить высоту и превышение заново",
        "кронштейн, анкерлер, деңгей; биіктік пен айырманы қайта өлшеңіз",
      ),
    ),
  ],
});

/** A closed contact draws 0.25 mA through the pull-up: on cells it must hang open all the dry year. */
export const FLOAT = floatSwitch(
  step(
    "Turn the side-mounted float so that its contact CLOSES when it rises; meter across its wires: open while it hangs.",
    "Поверните боковой поплавок так, чтобы при всплытии его контакт ЗАМЫКАЛСЯ; прозвоните его провода: пока висит, цепь разомкнута.",
    "Бүйірлік қалтқыны көтерілгенде түйіспесі ТҰЙЫҚТАЛАТЫНДАЙ бұрыңыз; сымдарын мультиметрмен тексеріңіз: салбырап тұрғанда тізбек ажыратулы.",
    text(
      "Closed it draws 0.25 mA from the cells, more than all the rest of the post.",
      "Замкнутый, он берёт от батареи 0,25 мА, больше всего остального в посту.",
      "Тұйықталғанда ол батареядан 0,25 мА алады, бекеттің қалғанының бәрінен көп.",
    ),
  ),
);

const AT_BARRIER = floatSwitch(
  step(
    "Turn the side-mounted float so that its contact OPENS when it rises; meter across its wires: closed while it hangs.",
    "Поверните боковой поплавок так, чтобы при всплытии его контакт РАЗМЫКАЛСЯ; прозвоните его провода: пока висит, цепь замкнута.",
    "Бүйірлік қалтқыны көтерілгенде түйіспесі АЖЫРАЙТЫНДАЙ бұрыңыз; сымдарын мультиметрмен тексеріңіз: салбырап тұрғанда тізбек тұйық.",
    text(
      "A cut wire then reads as water and calls somebody; the other way round it would say dry for ever.",
      "Тогда обрыв провода читается как вода и кто-то приедет; иначе пост вечно показывал бы «сухо».",
      "Сонда үзілген сым су болып оқылады да, біреу келеді; керісінше болса, бекет үнемі «құрғақ» дер еді.",
    ),
  ),
);

/** At a barrier a third one: a pressure probe in the same tube. */
export const WITH_PROBE: Second = {
  ...AT_BARRIER,
  extras: [...AT_BARRIER.extras, { part: "boost-12v", count: 1 }, { part: "radiation-shield", count: 1 }],
  settings: [
    ...AT_BARRIER.settings,
    {
      name: "probeHeightMm",
      property: "water-depth-head",
      unit: "mm",
      text: text(
        "of the probe's membrane above the road at the tube's foot: 50; in a sump it is negative",
        "мембраны зонда над дорогой у пяты трубы: 50; в приямке – со знаком минус",
        "зонд мембранасының құбыр табанындағы жолдан биіктігі: 50; шұңқырда – минус таңбасымен",
      ),
    },
    { ...LOWER_THAN_THE_TUBE, property: "water-depth-head" },
  ],
  steps: [
    ...AT_BARRIER.steps,
    step(
      "Hang the pressure probe into the same tube, membrane 50 mm above the tube's foot (probeHeightMm 50), its cable clamped at the tube's rim and tied to the wall that the float does not move at. Its air tube ends open in the box, not pinched, the bend upward: desiccant keeps it dry, the breathing plug brings it the weather.",
      "Повесьте зонд давления в ту же трубу, мембрана на 50 мм выше пяты трубы (probeHeightMm 50), кабель зажат у края трубы и подвязан у стенки, у которой поплавок не ходит. Воздушная трубка кабеля кончается открытой в корпусе, не пережата, концом вверх: осушитель держит её сухой, дыхательный клапан соединяет с погодой.",
      "Қысым зондын сол құбырға іліңіз, мембранасы құбыр табанынан 50 мм жоғары (probeHeightMm 50), кабелі құбыр жиегінде қысылып, қалтқы қозғалмайтын жақтағы қабырғаға байланады. Кабельдің ауа түтігі корпус ішінде ашық, қысылмай, ұшы жоғары аяқталады: ылғал сіңіргіш құрғақ ұстайды, тыныс клапаны ауа райымен байланыстырады.",
      text(
        "Mud over the membrane reads high. Ice crushes it: before the frost take the probe out and tell the hub: npx aryk site set <site> headOut=1. In spring it goes back, then: headOut= (nothing after the sign).",
        "Ил на мембране завышает показание. Лёд её давит: до морозов выньте зонд и сообщите серверу: npx aryk site set <site> headOut=1. Весной верните, затем: headOut= (после знака ничего).",
        "Мембранадағы лай көрсеткішті көтереді. Мұз оны жаншиды: аязға дейін зондты алып, серверге айтыңыз: npx aryk site set <site> headOut=1. Көктемде қайта қойып: headOut= (белгіден кейін ештеңе жоқ).",
      ),
    ),
  ],
  checks: [
    ...AT_BARRIER.checks,
    check(
      "before the supply is on: float lifted and let go ten times, its contact by the meter each time; it moves freely, the probe's cable never touches it",
      "до включения питания: поплавок десять раз поднят и отпущен, контакт каждый раз прозвонен; ходит свободно, кабель зонда его не касается",
      "қуат қосылғанша: қалтқы он рет көтеріліп жіберілді, түйіспесі әр жолы аспаппен тексерілді; еркін қозғалады, зонд кабелі оған тимейді",
    ),
    check("loop current, probe dry", "ток петли, зонд сухой", "тізбек тогы, зонд құрғақ", {
      min: 3.9,
      max: 4.1,
      unit: "mA",
    }),
  ],
};

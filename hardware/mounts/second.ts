/** Sensors of another principle beside an echo, at underpasses. */
import { TILT_CHECK, TILT_STEP, check, failure, step, text } from "./common.js";
import type { Mount, Step } from "./mount.js";

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

/** A float switch in its tube; `turned`: which way its contact goes, firmware/sensors/float/README.md. */
const floatSwitch = (turned: Step): Second => ({
  extras: [
    { part: "tube-stilling", count: 1 },
    { part: "clamps-tube", count: 3 },
    { part: "anchors", count: 1 },
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
  steps: [
    step(
      "Put the float switch into its tube (1 m, three clamps), foot on the road, switching point 150 mm above the LOWEST point, or up to 10 mm higher. The tube stands at the nearest place outside the traffic's gauge whose foot lies less than 150 mm above the lowest point; if there is none, ask before you drill. Leave its top open, or under a cap that comes off: the float must be lifted by hand.",
      "Поставьте поплавок в трубу (1 м, три хомута), пята на дороге, точка срабатывания на 150 мм выше НИЖНЕЙ точки или до 10 мм выше этого. Труба стоит в ближайшем месте вне габарита движения, где её пята менее чем на 150 мм выше нижней точки; если такого места нет, спросите, прежде чем сверлить. Верх трубы открыт или под съёмной крышкой: поплавок поднимают рукой.",
      "Қалтқыны құбырға (1 м, үш қамыт) қойыңыз, табаны жолда, іске қосылу нүктесі ЕҢ ТӨМЕНГІ нүктеден 150 мм жоғары немесе одан 10 мм-ге дейін биік. Құбыр көлік габаритінен тыс, табаны ең төменгі нүктеден 150 мм-ден аз биік ең жақын жерде тұрады; ондай жер болмаса, бұрғыламай тұрып сұраңыз. Құбырдың үсті ашық не алынатын қақпақпен: қалтқы қолмен көтеріледі.",
      text(
        "150 mm is the closing depth. Aryk moves no barrier, and no wire leads to one: either sensor raises the CLOSURE; a person closes the road, and a person opens it after looking.",
        "150 мм – глубина закрытия. Aryk не двигает шлагбаум, к нему не идёт ни один провод: любой из датчиков запрашивает ЗАКРЫТИЕ; закрывает человек, и открывает человек, посмотрев на место.",
        "150 мм – жабу тереңдігі. Aryk тосқауылды қозғамайды, оған сым бармайды: датчиктердің кез келгені ЖАБУДЫ сұрайды; жолды адам жабады, орнын көріп адам ашады.",
      ),
    ),
    turned,
    TILT_STEP,
  ],
  trial: [
    step(
      "The float FIRST: hold it up for 15 s, once: within a minute the page shows a watch, seen by the float switch. Only then hold the board under the sensor. Touch the float no more for 5 minutes after the board.",
      "СНАЧАЛА поплавок: поднимите его на 15 с, один раз: в течение минуты на странице появится наблюдение по поплавку. Только потом держите щит под датчиком. После щита 5 минут поплавок не трогайте.",
      "АЛДЫМЕН қалтқы: оны 15 с көтеріп тұрыңыз, бір рет: бір минут ішінде бетте қалтқы бойынша бақылау шығады. Содан кейін ғана датчик астында тақтаны ұстаңыз. Тақтадан кейін 5 минут қалтқыға тиіспеңіз.",
      text(
        "A round hears the echo first, so that a float lifted for a moment hangs again before it is read. After the board the post measures each 10 s for 5 minutes, and a float held up for two rounds is a closure.",
        "Опрос начинается с эха, и поднятый на мгновение поплавок успевает опуститься. После щита пост 5 минут измеряет каждые 10 с, а поплавок, поднятый два измерения, – это закрытие.",
        "Сұрау жаңғырықтан басталады, сондықтан бір сәт көтерілген қалтқы оқылғанша түсіп үлгереді. Тақтадан кейін бекет 5 минут бойы 10 с сайын өлшейді, ал екі өлшеу бойы көтерулі қалтқы – жабу.",
      ),
    ),
  ],
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
        "brush, hot water, float with cable",
        "щётка, горячая вода, поплавок с кабелем",
        "щётка, ыстық су, кабелімен қалтқы",
      ),
    ),
    failure(
      text(
        "alarm: not upright; tilt (Self-test; by LoRa GET /api/v1/latest) is no longer uprightDeg",
        "тревога: наклонён или опрокинут; tilt (самопроверка; по LoRa GET /api/v1/latest) уже не uprightDeg",
        "дабыл: қисайған не аударылған; tilt (өзін тексеру; LoRa арқылы GET /api/v1/latest) uprightDeg мәнінен басқа",
      ),
      text("struck by a vehicle, bracket loose", "задет машиной, ослаб кронштейн", "көлік соққан, кронштейн босаған"),
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
      "Hang the pressure probe into the same tube, membrane 50 mm above the tube's foot (probeHeightMm 50); its vented cable ends in the box, not pinched.",
      "Повесьте зонд давления в ту же трубу, мембрана на 50 мм выше пяты трубы (probeHeightMm 50); кабель с капилляром заканчивается в корпусе, не пережат.",
      "Қысым зондын сол құбырға іліңіз, мембранасы құбыр табанынан 50 мм жоғары (probeHeightMm 50); капиллярлы кабель ұшы корпуста, қысылмаған.",
      text(
        "Mud over the membrane reads high. Ice crushes it: before the frost take the probe out and tell the hub: npx aryk site set <site> headOut=1. In spring it goes back, then: headOut= (nothing after the sign).",
        "Ил на мембране завышает показание. Лёд её давит: до морозов выньте зонд и сообщите серверу: npx aryk site set <site> headOut=1. Весной верните, затем: headOut= (после знака ничего).",
        "Мембранадағы лай көрсеткішті көтереді. Мұз оны жаншиды: аязға дейін зондты алып, серверге айтыңыз: npx aryk site set <site> headOut=1. Көктемде қайта қойып: headOut= (белгіден кейін ештеңе жоқ).",
      ),
    ),
  ],
  checks: [
    ...AT_BARRIER.checks,
    check("loop current, probe dry", "ток петли, зонд сухой", "тізбек тогы, зонд құрғақ", {
      min: 3.9,
      max: 4.1,
      unit: "mA",
    }),
  ],
};

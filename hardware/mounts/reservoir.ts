import type { Mount } from "./mount.js";
import {
  ANY,
  ASSEMBLE,
  CLOSE,
  COMMISSION,
  ECHO,
  ECHO_CABLE,
  LEAVE,
  ANCHORS,
  ECHO_HEAD,
  LIMITS_CHECK,
  lookingDown,
  PANEL,
  check,
  failure,
  step,
  text,
} from "./common.js";

export const RESERVOIR: Mount = {
  site: "reservoir",
  label: text("reservoir, pond", "водохранилище, водоём", "су қоймасы, су айдыны"),
  inTheCity: text("12 by 2025, 9 more by 2030", "12 к 2025, ещё 9 к 2030", "2025 жылға 12, 2030 жылға тағы 9"),
  heightMm: [800, 4500],
  above: text(
    "the highest water that can be: at least 500 mm above it, and the lowest no more than 4.8 m below the face",
    "наивысшего уровня: не менее 500 мм над ним, а низший не далее 4,8 м от торца",
    "ең жоғары судан: одан кемінде 500 мм биік, ал ең төмені датчик бетінен 4,8 м-ден алыс емес",
  ),
  offset: text(
    "Levelled from the nearest bench mark to the sensor's face; the datum's name and the date go into the record. The staff gauge is levelled the same day.",
    "Нивелировкой от ближайшего репера до торца датчика; имя репера и дата вносятся в запись. Рейка нивелируется в тот же день.",
    "Ең жақын реперден датчик бетіне дейін нивелирмен; репер аты мен күні жазбаға енгізіледі. Су өлшейтін рейка сол күні нивелирленеді.",
  ),
  tiltMaxDeg: 2,
  deadZoneMm: 300,
  shielding: text(
    "Sun shield above the sensor; over water no second reflector within 500 mm of the plumb line (stairs, grating, reeds).",
    "Козырёк над датчиком; над водой в 500 мм от отвеса нет других отражателей (лестница, решётка, камыш).",
    "Датчик үстінде қалқа; су үстінде тік сызықтан 500 мм ішінде басқа шағылдырғыш жоқ (баспалдақ, тор, қамыс).",
  ),
  extras: [
    { part: "bracket", count: 1 },
    { part: "locknut-34", count: 2 },
    { part: "anchors", count: 2 },
    { part: "sun-shield", count: 1 },
    { part: "radiation-shield", count: 1 },
  ],
  settings: [
    ...lookingDown(
      text(
        "the zero of the level (above), as it was levelled",
        "нуля уровня (выше), по нивелировке",
        "деңгей нөліне (жоғарыда), нивелирлеу бойынша",
      ),
    ),
    {
      name: "datum",
      unit: "",
      text: text("name of the bench mark, and its height", "имя репера и его отметка", "репер аты және белгісі"),
    },
    {
      name: "table",
      unit: "mm, m³",
      text: text(
        "surveyed table of level and volume; nothing is reckoned outside of it",
        "съёмочная таблица уровень–объём; вне её ничего не считается",
        "түсірілім кестесі: деңгей–көлем; одан тыс ештеңе есептелмейді",
      ),
    },
  ],
  steps: [
    ECHO_CABLE,
    ...ASSEMBLE,
    ANCHORS,
    ECHO_HEAD,
    step(
      "Hang the arm on the outlet tower, a bridge or a pile, over open water that stays free of ice longest.",
      "Установите кронштейн на водовыпуске, мостике или свае, над открытой водой, которая дольше не замерзает.",
      "Кронштейнді су шығарғышқа, көпіршеге не қадаға, ұзақ қатпайтын ашық су үстіне орнатыңыз.",
      text(
        "Ice carries snow: from the first ice on the level is the ice's, and the hub is told so.",
        "На льду лежит снег: с ледоставом уровень относится ко льду, об этом сообщают серверу.",
        "Мұз үстінде қар жатады: мұз қатқаннан деңгей мұздікі, бұл серверге айтылады.",
      ),
    ),
    step(
      "Set the sensor plumb to 2°. Solar build: panel to the south, 65° from level, no shadow at noon in December.",
      "Выставьте датчик до 2°. Солнечная сборка: панель на юг, 65° к горизонту, без тени в полдень в декабре.",
      "Датчикті 2°-қа дейін тік қойыңыз. Күн панелімен: панель оңтүстікке, 65° көлбеу, желтоқсан түсінде көлеңкесіз.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("face above the highest water", "торец над наивысшей водой", "датчик беті ең жоғары судан", {
      min: 500,
      unit: "mm",
    }),
    check("face above the lowest water", "торец над низшей водой", "датчик беті ең төменгі судан", {
      max: 4800,
      unit: "mm",
    }),
    check("tilt, the larger of two", "наклон, больший из двух", "көлбеу, екеуінің үлкені", { max: 2, unit: "°" }),
    check(
      "level by staff gauge less level at the hub",
      "уровень по рейке минус на сервере",
      "рейка мен сервер деңгейінің айырмасы",
      {
        min: -20,
        max: 20,
        unit: "mm",
      },
    ),
    LIMITS_CHECK,
    ...LEAVE,
  ],
  failures: [
    ...ECHO,
    failure(
      text(
        "level stands still for weeks in winter",
        "уровень неделями не меняется зимой",
        "қыста деңгей апталап өзгермейді",
      ),
      text("ice under the sensor", "лёд под датчиком", "датчик астында мұз"),
      text("nothing; note it at the hub", "ничего; отметить на сервере", "ештеңе; серверде белгілеңіз"),
    ),
    ...PANEL,
    ...ANY,
  ],
};

import type { Mount } from "./mount.js";
import {
  ANY,
  ASSEMBLE,
  CELLS,
  CELL_CHECKS,
  CLOSE,
  ECHO_CABLE,
  ECHO_HEAD,
  COMMISSION,
  LEAVE,
  TILT_CHECK,
  check,
  failure,
  step,
  text,
} from "./common.js";
import { WASTE_CHECKS, WASTE_FAILURES, WASTE_SETTINGS, WASTE_STEPS } from "./waste.js";

export const MESH_CONTAINER: Mount = {
  site: "mesh-container",
  label: text(
    "mesh container (bottles and cans)",
    "сетчатый контейнер (бутылки и банки)",
    "торлы контейнер (бөтелке мен банка)",
  ),
  inTheCity: text(
    "200 by 2025, more than 1,000 by 2030",
    "200 к 2025, более 1000 к 2030",
    "2025 жылға 200, 2030 жылға 1000-нан астам",
  ),
  heightMm: [1400, 2200],
  above: text("the floor of the empty container", "дна пустого контейнера", "бос контейнер түбінен"),
  offset: text(
    "Face at least 300 mm above the full mark, on an arm above the rim: nearer than that the MB7389 sees nothing, and in a container of 1.2 m that is the upper quarter.",
    "Торец не менее чем в 300 мм над отметкой «полный», на кронштейне над краем: ближе MB7389 не видит, а в контейнере 1,2 м это верхняя четверть.",
    "Датчик беті «толы» белгісінен кемінде 300 мм жоғары, жиек үстіндегі кронштейнде: одан жақынды MB7389 көрмейді, 1,2 м контейнерде бұл жоғарғы ширек.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 300,
  shielding: text(
    "Sun shield above the sensor. No other part here bears the frost: A02YYUW ends at −15 °C, VL53L1X at −20 °C and sees 1.3 m in daylight; MB7389 is good to −40 °C.",
    "Козырёк над датчиком. Другие датчики мороз не держат: A02YYUW – до −15 °C, VL53L1X – до −20 °C и днём видит 1,3 м; MB7389 работает до −40 °C.",
    "Датчик үстінде қалқа. Басқа датчиктер аязға шыдамайды: A02YYUW −15 °C-қа, VL53L1X −20 °C-қа дейін және күндіз 1,3 м көреді; MB7389 −40 °C-қа дейін жұмыс істейді.",
  ),
  extras: [
    { part: "rivets", count: 1 },
    { part: "angle-tilt", count: 1 },
    { part: "bracket", count: 1 },
    { part: "locknut-34", count: 2 },
    { part: "sun-shield", count: 1 },
  ],
  settings: WASTE_SETTINGS,
  steps: [
    ECHO_CABLE,
    ...ASSEMBLE,
    ECHO_HEAD,
    ...WASTE_STEPS,
    step(
      "Rivet the bracket to the frame at the back, box behind the frame, sensor over the middle of the heap, no mesh wire within 100 mm of its axis.",
      "Приклепайте кронштейн к раме сзади, корпус за рамой, датчик над серединой кучи, в 100 мм от оси нет прутьев сетки.",
      "Кронштейнді артқы рамаға тойтарыңыз, корпус рама артында, датчик үйінді ортасының үстінде, осінен 100 мм ішінде тор сымы жоқ.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("face above the floor", "торец над дном", "датчик беті түбінен", { min: 1400, max: 2200, unit: "mm" }),
    ...WASTE_CHECKS,
    TILT_CHECK,
    ...CELL_CHECKS,
    ...LEAVE,
  ],
  failures: [
    ...WASTE_FAILURES,
    failure(
      text("alarm: not upright", "тревога: наклонён или опрокинут", "дабыл: қисайған не аударылған"),
      text(
        "container overturned, or put down on another one's place",
        "контейнер опрокинут или поставлен на чужое место",
        "контейнер аударылған не басқаның орнына қойылған",
      ),
      text(
        "the map; check which container it is",
        "карта; проверить, тот ли контейнер",
        "карта; сол контейнер ме, тексеріңіз",
      ),
    ),
    failure(
      text(
        "no reading on frosty nights, well by noon",
        "нет показаний морозными ночами, днём есть",
        "аязды түнде көрсеткіш жоқ, түсте бар",
      ),
      text("rime on the sensor's face", "иней на торце датчика", "датчик бетінде қырау"),
      text(
        "soft brush; a deeper shield if it comes back",
        "мягкая щётка; козырёк глубже, если повторяется",
        "жұмсақ щётка; қайталанса тереңірек қалқа",
      ),
    ),
    ...CELLS,
    ...ANY,
  ],
};

import type { Mount } from "./mount.js";
import {
  ANY,
  ASSEMBLE,
  CELLS,
  CELL_CHECKS,
  CLOSE,
  COMMISSION,
  ECHO,
  ECHO_CABLE,
  ECHO_HEAD,
  LEAVE,
  check,
  failure,
  step,
  text,
} from "./common.js";
import { WASTE_CHECKS, WASTE_FAILURES, WASTE_SETTINGS } from "./waste.js";

export const BULKY_PLOT: Mount = {
  site: "bulky-plot",
  label: text("bulky-waste plot", "площадка для крупногабаритных отходов", "ірі көлемді қалдықтар алаңы"),
  inTheCity: text("279 plots of 12 m³", "279 площадок по 12 м³", "12 м³-тен 279 алаң"),
  heightMm: [2800, 4000],
  above: text("the plot's floor, in its middle", "пола площадки, посередине", "алаң едені ортасынан"),
  offset: text(
    "Full mark 1.5 m above the floor: 12 m³ on 8 m². One sensor sees a spot of about 0.8 m; the plot's fill is an estimate, and the sheet of orders says so.",
    "Отметка «полный» 1,5 м над полом: 12 м³ на 8 м². Датчик видит пятно около 0,8 м; заполнение площадки – оценка, о чём пишется в листе нарядов.",
    "«Толы» белгісі еденнен 1,5 м: 8 м²-де 12 м³. Датчик шамамен 0,8 м дақты көреді; алаң толуы – бағалау, тапсырма парағында солай жазылады.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 300,
  shielding: text(
    "Sun shield; on a pole at the back with an arm of 1 m, out of the crane's swing.",
    "Козырёк; на столбе сзади с вылетом 1 м, вне хода крана.",
    "Қалқа; артқы бағанда 1 м кронштейнмен, кран жүрісінен тыс.",
  ),
  extras: [
    { part: "bracket", count: 1 },
    { part: "locknut-34", count: 2 },
    { part: "strap", count: 1 },
    { part: "sun-shield", count: 1 },
  ],
  settings: WASTE_SETTINGS,
  steps: [
    ECHO_CABLE,
    ...ASSEMBLE,
    ECHO_HEAD,
    step(
      "Measure with the plot EMPTY; aim at its middle, plumb to 5°.",
      "Измеряйте на ПУСТОЙ площадке; направьте в середину, отвесно до 5°.",
      "БОС алаңда өлшеңіз; ортасына бағыттаңыз, 5°-қа дейін тік.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("face above the floor", "торец над полом", "датчик беті еденнен", { min: 2800, max: 4000, unit: "mm" }),
    check("face above the full mark", "торец над отметкой «полный»", "датчик беті «толы» белгісінен", {
      min: 500,
      unit: "mm",
    }),
    ...WASTE_CHECKS,
    ...CELL_CHECKS,
    ...LEAVE,
  ],
  failures: [
    ...ECHO,
    ...WASTE_FAILURES.slice(0, 1),
    failure(
      text("full though the photograph shows half", "полный, а на фото половина", "толы, ал суретте жартысы"),
      text("one tall thing under the sensor", "один высокий предмет под датчиком", "датчик астында бір биік зат"),
      text(
        "nothing; the driver's report counts",
        "ничего; верить отчёту водителя",
        "ештеңе; жүргізуші есебіне сеніңіз",
      ),
    ),
    ...CELLS,
    ...ANY,
  ],
};

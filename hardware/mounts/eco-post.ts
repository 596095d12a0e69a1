import type { Mount } from "./mount.js";
import { AIR_CHECKS, AIR_FAILURES, AIR_SETTINGS, AIR_STEPS, HEATED_STEP, LINED_STEP } from "./air.js";
import { ANY, ASSEMBLE, CLOSE, COMMISSION, LEAVE, check, step, text } from "./common.js";

/** Height: 1.5–4 m is where Directive 2008/50/EC, Annex III C has inlets: the zone that people breathe in. */
export const ECO_POST: Mount = {
  site: "eco-post",
  label: text("eco-post", "экопост", "экобекет"),
  inTheCity: text("not stated; 100 planned for", "не указано; расчёт на 100", "көрсетілмеген; 100-ге есептелген"),
  heightMm: [2500, 4000],
  above: text("the pavement, inlet", "тротуара, воздухозабор", "жаяу жолдан, ауа тартқыш"),
  offset: text(
    "Write down the distance to the kerb, to the next crossing and to the nearest wall: a post at 2 m from a bus stop measures the bus stop.",
    "Запишите расстояние до бордюра, перекрёстка и ближайшей стены: пост в 2 м от остановки измеряет остановку.",
    "Жиектасқа, қиылысқа және ең жақын қабырғаға дейінгі қашықтықты жазыңыз: аялдамадан 2 м бекет аялдаманы өлшейді.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 0,
  shielding: text(
    "Box in the pole's shade (north side); radiation shield 500 mm away from the box; no exhaust, kitchen or air conditioner within 5 m.",
    "Корпус в тени опоры (с севера); экран в 500 мм от корпуса; в 5 м нет выхлопа, кухни, кондиционера.",
    "Корпус тіреу көлеңкесінде (солтүстік жақ); экран корпустан 500 мм; 5 м ішінде түтін, асхана, кондиционер жоқ.",
  ),
  extras: [
    { part: "strap", count: 1 },
    { part: "radiation-shield", count: 1 },
    { part: "air-inlet", count: 1 },
    { part: "heater", count: 1 },
    { part: "thermostat", count: 1 },
    { part: "insulation", count: 1 },
  ],
  settings: AIR_SETTINGS,
  steps: [
    LINED_STEP,
    ...ASSEMBLE,
    ...AIR_STEPS,
    HEATED_STEP,
    step(
      "Two straps around the pole, inlet 2.5–4 m above the pavement, nothing within 1 m of the inlet to either side.",
      "Два хомута на опору, забор на высоте 2,5–4 м, в 1 м по сторонам от забора ничего нет.",
      "Тіреуге екі қамыт, ауа тартқыш 2,5–4 м биікте, екі жағынан 1 м ішінде ештеңе жоқ.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    check("inlet above the pavement", "забор над тротуаром", "ауа тартқыш жаяу жолдан", {
      min: 2500,
      max: 4000,
      unit: "mm",
    }),
    ...AIR_CHECKS,
    ...LEAVE,
  ],
  failures: [...AIR_FAILURES, ...ANY],
};

import type { Mount } from "./mount.js";
import { AIR_CHECKS, AIR_FAILURES, AIR_SETTINGS, AIR_STEPS, HEATED_STEP, LINED_STEP } from "./air.js";
import { ANY, ASSEMBLE, CLOSE, COMMISSION, LEAVE, check, step, text } from "./common.js";

export const LOW_EMISSION_POST: Mount = {
  site: "low-emission-post",
  label: text("post of the low-emission zone", "пост зоны низких выбросов", "төмен шығарынды аймағының бекеті"),
  inTheCity: text(
    "one zone; posts in pairs, inside and outside",
    "одна зона; посты парами, внутри и снаружи",
    "бір аймақ; бекеттер жұппен, ішінде және сыртында",
  ),
  heightMm: [2500, 4000],
  above: text("the pavement, inlet", "тротуара, воздухозабор", "жаяу жолдан, ауа тартқыш"),
  offset: text(
    "Both posts of a pair at the same height and the same distance from the kerb, to 0.5 m: otherwise they compare places, not the zone.",
    "Оба поста пары на одной высоте и одном расстоянии от бордюра, до 0,5 м: иначе сравниваются места, а не зона.",
    "Жұптың екі бекеті бір биіктікте, жиектастан бірдей қашықта, 0,5 м дәлдікпен: әйтпесе аймақ емес, орындар салыстырылады.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 0,
  shielding: text(
    "As at an eco-post. Ozone and NO₂ cells side by side in one air.",
    "Как у экопоста. Ячейки озона и NO₂ рядом, в одном воздухе.",
    "Экобекеттегідей. Озон мен NO₂ ұяшықтары қатар, бір ауада.",
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
    step(
      "Run both posts of a pair side by side for 14 days before they part, and again for a week each year.",
      "Держите оба поста пары рядом 14 дней до установки и неделю каждый год.",
      "Жұптың екі бекетін орнатқанша 14 күн, кейін жыл сайын бір апта қатар ұстаңыз.",
      text(
        "Only then is a difference between them the air's.",
        "Только тогда разница между ними – от воздуха.",
        "Сонда ғана олардың айырмасы ауадан болады.",
      ),
    ),
    HEATED_STEP,
    step(
      "Two straps around the pole, inlet at the height of its partner.",
      "Два хомута на опору, забор на высоте напарника.",
      "Тіреуге екі қамыт, ауа тартқыш жұбының биіктігінде.",
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
    check("height less the partner's", "высота минус у напарника", "биіктік пен жұбының айырмасы", {
      min: -500,
      max: 500,
      unit: "mm",
    }),
    ...AIR_CHECKS,
    ...LEAVE,
  ],
  failures: [...AIR_FAILURES, ...ANY],
};

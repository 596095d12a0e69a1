import type { Mount } from "./mount.js";
import { AIR_CHECKS, AIR_FAILURES, AIR_SETTINGS, AIR_STEPS } from "./air.js";
import { ANY, ASSEMBLE, CLOSE, COMMISSION, LEAVE, check, failure, step, text } from "./common.js";

export const PURIFIER: Mount = {
  site: "purifier",
  label: text("air purifier, inlet and outlet", "очиститель воздуха, вход и выход", "ауа тазартқыш, кіріс пен шығыс"),
  inTheCity: text(
    "7 units with 28 filter modules, Sayran bus station",
    "7 установок, 28 модулей, автовокзал «Сайран»",
    "7 қондырғы, 28 модуль, «Сайран» автовокзалы",
  ),
  heightMm: [200, 3000],
  above: text(
    "the unit's own openings, not the ground",
    "проёмов установки, не земли",
    "жерден емес, қондырғы саңылауларынан",
  ),
  offset: text(
    "Inlet's sensor 200 mm before the grille, outlet's 300 mm behind the last filter, both in the middle of the stream.",
    "Датчик входа в 200 мм до решётки, выхода в 300 мм за последним фильтром, оба в середине потока.",
    "Кіріс датчигі торға дейін 200 мм, шығыс датчигі соңғы сүзгіден кейін 300 мм, екеуі де ағын ортасында.",
  ),
  tiltMaxDeg: 5,
  deadZoneMm: 0,
  shielding: text(
    "Both sensors across the stream, not against it; no leak past the filter near the outlet's sensor.",
    "Оба датчика поперёк потока, не навстречу; у датчика выхода нет подсоса мимо фильтра.",
    "Екі датчик те ағынға көлденең, қарсы емес; шығыс датчигі жанында сүзгіден тыс ауа кірмейді.",
  ),
  extras: [
    { part: "bracket", count: 2 },
    { part: "radiation-shield", count: 1 },
    { part: "air-inlet", count: 2 },
  ],
  settings: [
    ...AIR_SETTINGS,
    {
      name: "outletGain",
      unit: "",
      text: text(
        "what the inlet's sensor shows over what the outlet's shows, both in the same air",
        "отношение показаний датчика входа к датчику выхода в одном воздухе",
        "бір ауада тұрғандағы кіріс датчигі көрсеткішінің шығыс датчигіне қатынасы",
      ),
    },
  ],
  steps: [
    ...ASSEMBLE,
    ...AIR_STEPS,
    step(
      "Run the two sensors side by side before the unit for a day. Their ratio is the zero of the efficiency.",
      "Сутки держите оба датчика рядом перед установкой. Их отношение – ноль эффективности.",
      "Екі датчикті қондырғы алдында бір тәулік қатар ұстаңыз. Олардың қатынасы тиімділік нөлі.",
      text(
        "Two like sensors differ by up to 10 %: as much as a poor filter removes.",
        "Два одинаковых датчика расходятся до 10 %: столько удаляет плохой фильтр.",
        "Екі бірдей датчик 10 %-ға дейін ерекшеленеді: нашар сүзгі сонша ғана тазартады.",
      ),
    ),
    step(
      "Swap them half-yearly, inlet to outlet, and tell the hub.",
      "Раз в полгода меняйте их местами и сообщайте серверу.",
      "Жарты жылда бір орындарын ауыстырып, серверге айтыңыз.",
    ),
    ...COMMISSION,
    ...CLOSE,
  ],
  checks: [
    ...AIR_CHECKS,
    check("ratio of the two side by side", "отношение двух рядом", "қатар тұрған екеуінің қатынасы", {
      min: 0.9,
      max: 1.1,
      unit: "",
    }),
    check(
      "outlet below inlet with the fan on",
      "на выходе меньше, чем на входе, вентилятор включён",
      "желдеткіш қосулы: шығыста кірістен аз",
    ),
    ...LEAVE,
  ],
  failures: [
    ...AIR_FAILURES,
    failure(
      text("removal falls below zero", "эффективность ниже нуля", "тиімділік нөлден төмен"),
      text(
        "filter torn or missing, sensors swapped, outlet's air drawn back",
        "фильтр порван или снят, датчики перепутаны, рециркуляция",
        "сүзгі жыртық не жоқ, датчиктер ауысқан, ауа қайта тартылады",
      ),
      text(
        "filter module, the record of the last swap",
        "модуль фильтра, запись о последней замене",
        "сүзгі модулі, соңғы ауыстыру жазбасы",
      ),
    ),
    ...ANY,
  ],
};

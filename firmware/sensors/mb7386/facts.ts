/** MaxBotix MB7386 (HRXL-MaxSonar-WRL, 10 m, serial output at TTL levels). Source: MaxBotix datasheet PD11500. */
import type { SensorFacts } from "../facts-of.js";
import { DIVIDER, FAULTS, LIFE, PHASES, PINS_TTL } from "../maxbotix/facts.js";

export const NAME = "mb7386";

export const FACTS: SensorFacts = {
  part: "MB7386-100",
  maker: "MaxBotix",
  label: {
    en: "ultrasonic level sensor, 10 m",
    ru: "ультразвуковой датчик уровня, 10 м",
    kk: "ультрадыбыс деңгей датчигі, 10 м",
  },
  outside: { cable: "bought" },
  measures: "distance by ultrasound: water at intakes, dams and high bridges",
  supplyV: [2.7, 5.5],
  logicV: 5,
  phases: PHASES,
  pins: PINS_TTL,
  extras: DIVIDER,
  life: LIFE,
  costClass: 4,
  range: "500–9998 mm, 1 mm",
  temperatureC: [-40, 65],
  deadZoneMm: 500,
  faults: FAULTS,
};

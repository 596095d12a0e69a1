/** MaxBotix MB7389 (HRXL-MaxSonar-WR, 5 m, serial output at TTL levels). Source: MaxBotix datasheet PD11500. */
import type { SensorFacts } from "../facts-of.js";
import { DIVIDER, FAULTS, LIFE, PHASES, PINS_TTL } from "../maxbotix/facts.js";

export const NAME = "mb7389";

export const FACTS: SensorFacts = {
  part: "MB7389-100",
  maker: "MaxBotix",
  label: {
    en: "ultrasonic level sensor, 5 m",
    ru: "ультразвуковой датчик уровня, 5 м",
    kk: "ультрадыбыс деңгей датчигі, 5 м",
  },
  outside: { cable: "bought" },
  measures: "distance by ultrasound: water in underpasses, channels and reservoirs, filling of containers",
  supplyV: [2.7, 5.5],
  logicV: 5,
  phases: PHASES,
  pins: PINS_TTL,
  extras: DIVIDER,
  life: LIFE,
  costClass: 4,
  range: "300–4999 mm, 1 mm",
  temperatureC: [-40, 65],
  deadZoneMm: 300,
  faults: FAULTS,
};

/**
 * MaxBotix MB7380 (HRXL-MaxSonar-WR series, 5 m, serial output at TTL levels): the first target instead of the largest.
 * Source: MaxBotix datasheet PD11500.
 */
import type { SensorFacts } from "../facts-of.js";
import { DIVIDER, FAULTS, LIFE, PHASES, PINS_TTL } from "../maxbotix/facts.js";
import type { Reach } from "../maxbotix/reach.js";

export const NAME = "mb7380";

/** 7.5 lines a second, the end of each 133 ms after its start, a filter of 1.5 Hz (p. 8); the numbers are the 5 m parts'. */
export const REACH: Reach = {
  obstacleMm: 300,
  noEchoMm: [5000, 9999, 10000],
  maxMm: 4999,
  cycleMs: 133,
  warmUpMs: 1400,
  patienceMs: 800,
};

export const FACTS: SensorFacts = {
  part: "MB7380-100",
  maker: "MaxBotix",
  label: {
    en: "ultrasonic sensor, first target, 5 m",
    ru: "ультразвуковой датчик, ближняя цель, 5 м",
    kk: "ультрадыбыс датчигі, жақын нысана, 5 м",
  },
  outside: { cable: "bought" },
  measures: "distance by ultrasound to the nearest target: the top of a heap in a container or on a bulky-waste plot",
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

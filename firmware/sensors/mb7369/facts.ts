/** MaxBotix MB7369: the MB7389 with its serial output at RS-232 polarity. Source: MaxBotix datasheet PD11500. */
import type { SensorFacts } from "../facts-of.js";
import { FAULTS, LIFE, PHASES, PINS_RS232 } from "../maxbotix/facts.js";

export const NAME = "mb7369";

export const FACTS: SensorFacts = {
  part: "MB7369-100",
  maker: "MaxBotix",
  label: {
    en: "ultrasonic level sensor, RS-232",
    ru: "ультразвуковой датчик уровня, RS-232",
    kk: "ультрадыбыс деңгей датчигі, RS-232",
  },
  outside: { cable: "bought" },
  measures:
    "distance by ultrasound: water in underpasses, channels and reservoirs, filling of containers, over cables of some metres",
  supplyV: [2.7, 5.5],
  logicV: 3.3,
  phases: PHASES,
  pins: PINS_RS232,
  beside: [
    {
      mark: "MAX3232",
      extra: "MAX3232 module (RS-232 receiver, 3.3 V)",
      joins: [
        { pin: "VCC", to: "low" },
        { pin: "GND", to: "gnd" },
        { pin: "R1IN", to: "pin 5" },
        { pin: "R1OUT", to: "rx" },
      ],
    },
  ],
  extras: [
    {
      part: "MAX3232 module (RS-232 receiver, 3.3 V)",
      count: 1,
      note: "pin 5 to R1IN, R1OUT to the board's RX; supply from the board",
    },
  ],
  life: LIFE,
  costClass: 4,
  range: "300–4999 mm, 1 mm",
  temperatureC: [-40, 65],
  deadZoneMm: 300,
  faults: FAULTS,
};

/**
 * What the parts of MaxBotix' HRXL-MaxSonar-WR family have in common. Plain data without a call or a sum in it, as in
 * every `facts.ts`: only such data is left out of an image when nothing uses it.
 */
import type { Figure, PartPin, SensorFacts } from "../facts-of.js";

/** At 5 V; at 3.3 V the sheet says 2.3 mA. */
const RANGING: Figure = {
  value: 3.1,
  source: {
    document: "MaxBotix PD11500: 2.3 mA at 3.3 V as quoted for the MB7388; at 5 V from the maker's other sheets",
    page: "assumed",
  },
  kind: "assumed",
};

export const PHASES: SensorFacts["phases"] = {
  sleep: {
    value: 0,
    source: { document: "switched off by the board's load switch", page: "assumed" },
    kind: "assumed",
  },
  warmUp: RANGING,
  sample: RANGING,
  peak: {
    value: 98,
    source: {
      document: "MaxBotix PD11500: 49 mA at 3.3 V as quoted for the MB7388; at 5 V twice that, as in PD11848",
      page: "assumed",
    },
    kind: "assumed",
  },
};

const GROUND: PartPin = { pin: "7", name: "GND", to: "gnd" };
const SUPPLY: PartPin = {
  pin: "6",
  name: "V+",
  to: "supply",
  note: "5 V on mains, 3.5 V on cells: there it reaches less far",
};
const RANGING_PIN: PartPin = {
  pin: "4",
  name: "ranging start/stop",
  to: "open",
  note: "open: ranges by itself, filtered",
};
const ANALOG: PartPin = { pin: "3", name: "analog out", to: "open" };
const PULSE: PartPin = { pin: "2", name: "pulse width out", to: "open" };
const PROBE: PartPin = { pin: "1", name: "temperature probe", to: "open", note: "or the maker's probe, in the shade" };

export const PINS_TTL: PartPin[] = [
  GROUND,
  SUPPLY,
  { pin: "5", name: "serial out", to: "rx", note: "TTL, 0 V to its supply: a divider only where it is drawn" },
  RANGING_PIN,
  ANALOG,
  PULSE,
  PROBE,
];

export const PINS_RS232: PartPin[] = [
  GROUND,
  SUPPLY,
  { pin: "5", name: "serial out", to: "rx", note: "RS-232 polarity: through the receiver" },
  RANGING_PIN,
  ANALOG,
  PULSE,
  PROBE,
];

/** From 5 V to a board's 3.3 V. */
export const DIVIDER: SensorFacts["extras"] = [
  { part: "resistor 10 kΩ, 1 %", count: 1, note: "from pin 5 to the board's RX" },
  { part: "resistor 20 kΩ, 1 %", count: 1, note: "from the board's RX to ground" },
];

export const LIFE: SensorFacts["life"] = {
  years: { value: 10, source: { document: "no moving part; half-yearly cleaning", page: "assumed" }, kind: "assumed" },
  note: "Inspect every half year for webs, dirt, and a drip of water on the face.",
};

export const FAULTS: SensorFacts["faults"] = [
  {
    fault: "timeout",
    looksLike: "no line at all",
    cause: "no supply, or a broken wire at pin 5",
    carry: "cable, sensor",
  },
  {
    fault: "checksum",
    looksLike: "only damaged lines",
    cause: "water in a plug, a bad earth, or a part with the other output (TTL or RS-232)",
    carry: "plug, sensor",
  },
  { fault: "electrical", looksLike: "it says 0", cause: "transducer or electronics broken", carry: "sensor" },
  {
    fault: "obstacle",
    looksLike: "it says its least distance",
    cause: "a web, a nest, ice or a branch in the beam; a container filled up to the sensor",
    carry: "brush, cloth, steps",
  },
  {
    fault: "no-echo",
    looksLike: "it says its furthest distance",
    cause: "turned out of the plumb line, foam or grass below, or nothing in reach",
    carry: "spirit level, bracket",
  },
  { fault: "range", looksLike: "a number it cannot have", cause: "noise on the line", carry: "shielded cable, sensor" },
];

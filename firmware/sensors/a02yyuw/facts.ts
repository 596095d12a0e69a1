/** DYP A02YYUW (DFRobot SEN0311). Source: DFRobot wiki, SEN0311: technical parameters and UART output. */
import type { SensorFacts } from "../facts-of.js";
import type { Reach } from "../ultrasonic/frame.js";

export const NAME = "a02yyuw";
export const BAUD = 9600;
/** 3–450 cm; at 3 cm and below it says anything. */
export const REACH: Reach = { obstacleMm: 30, maxMm: 4500 };
/** Processed values (its RX pin open) come every 100–500 ms. */
export const CYCLE_MS = 500;
/** Three frames may be lost to noise. */
export const PATIENCE_MS = 2000;
/** Its own filter has settled after some frames. */
export const WARM_UP_MS = 1500;
export const SAMPLES = 5;

export const FACTS: SensorFacts = {
  part: "A02YYUW (SEN0311)",
  maker: "DYP",
  label: {
    en: "short-range ultrasonic sensor",
    ru: "ультразвуковой датчик ближний",
    kk: "жақын қашықтық ультрадыбыс датчигі",
  },
  outside: { cable: "bought" },
  measures: "distance by ultrasound at short range: filling of containers, water in channels",
  supplyV: [3.3, 5],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0,
      source: { document: "switched off by the board's load switch", page: "assumed" },
      kind: "assumed",
    },
    warmUp: { value: 8, source: { document: "DFRobot wiki SEN0311", page: "技术参数" }, kind: "datasheet" },
    sample: { value: 8, source: { document: "DFRobot wiki SEN0311", page: "技术参数" }, kind: "datasheet" },
  },
  pins: [
    { pin: "1", name: "VCC (red)", to: "supply", note: "3.3 V, so that its output fits the board" },
    { pin: "2", name: "GND (black)", to: "gnd" },
    { pin: "3", name: "RX (yellow)", to: "open", note: "open: processed values" },
    { pin: "4", name: "TX (white)", to: "rx" },
  ],
  life: {
    years: { value: 5, source: { document: "no moving part; sealed, cheap", page: "assumed" }, kind: "assumed" },
    note: "Wipe the face at every visit; change it when its readings scatter in an empty container.",
  },
  costClass: 2,
  range: "30–4500 mm, 1 mm, cone about 60°",
  temperatureC: [-15, 60],
  deadZoneMm: 30,
  faults: [
    { fault: "timeout", looksLike: "no frame at all", cause: "no supply, or a broken wire", carry: "cable, sensor" },
    {
      fault: "checksum",
      looksLike: "only damaged frames",
      cause: "water in a plug, a bad earth",
      carry: "plug, sensor",
    },
    { fault: "obstacle", looksLike: "3 cm or less", cause: "waste, dirt or ice on its face", carry: "cloth, brush" },
    {
      fault: "no-echo",
      looksLike: "0, or beyond 4.5 m",
      cause: "its face covered, its lid open, turned away, or colder than −15 °C",
      carry: "cloth, bracket, sensor",
    },
    { fault: "device", looksLike: "FFFE", cause: "it hears another ultrasonic sensor", carry: "longer bracket" },
  ],
};

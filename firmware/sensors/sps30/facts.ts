/** Sensirion SPS30. Sources: datasheet SPS30 1.0 (March 2020); Sensirion's own drivers for UART and I²C. */
import type { SensorFacts, Source } from "../facts-of.js";

export const NAME = "sps30";
export const BAUD = 115200;
/** On I²C, which SEL to ground chooses; it has no other. */
export const ADDRESS = 0x69;

/** 8 s in dirty, 30 s in clean air until the figures are right (start-up time, table 1). */
export const WARM_UP_MS = 30000;
/** Waking, starting and stopping take up to 20 ms each. */
export const COMMAND_MS = 20;
/** Counted from the start of measuring: the fan must have come up before it can be told to clean itself. */
export const CLEAN_AFTER_MS = 1000;
/** The fan blows for 10 s at full speed; there are no new figures meanwhile. */
export const CLEAN_MS = 10500;
/** An answer comes within 20 ms; sixty bytes take 5 ms. */
export const ANSWER_MS = 250;
/** It has new figures every second. Asked this often, this many times in vain, it has none. */
export const POLL_MS = 300;
export const POLLS = 6;
/** The status register is ready so long after it was asked for. */
export const STATUS_MS = 5;
/** By then the driver has called back, whatever happened: a cleaning in the way, and then as usual. */
export const TIMEOUT_MS = CLEAN_MS + (POLLS + 1) * (POLL_MS + ANSWER_MS);
export const SAMPLES = 10;
export const SAMPLE_EVERY_MS = 1000;

/** Once a week, for a post that measures every five minutes. */
export const CLEAN_EVERY = 2016;

/** The datasheet promises 1000 µg/m³ and 3000 particles in a cubic centimetre; beyond, figures are still an order. */
export const MAX_MASS = 10000;
export const MAX_NUMBER = 30000;
export const MAX_SIZE_UM = 10;

const SHEET: Source = {
  document: "Sensirion SPS30 datasheet V1.0 March 2020, as quoted by a public driver",
  page: "section 2 Electrical Specifications, p. 3",
};
const LIFETIME: Source = { document: "Sensirion SPS30 datasheet V1.0 D1 March 2020", page: "p. 1 Product Summary" };

export const FACTS: SensorFacts = {
  part: "SPS30",
  maker: "Sensirion",
  label: { en: "particle counter", ru: "счётчик частиц", kk: "бөлшек санағышы" },
  measures: "particles: mass of PM1, PM2.5, PM4, PM10, their number and typical size",
  supplyV: [4.5, 5.5],
  logicV: 3.3,
  phases: {
    sleep: { value: 0.05, source: SHEET, kind: "datasheet" },
    warmUp: { value: 55, source: SHEET, kind: "datasheet" },
    sample: { value: 55, source: SHEET, kind: "datasheet" },
    peak: { value: 80, source: SHEET, kind: "datasheet" },
  },
  pins: [
    { pin: "1", name: "VDD", to: "supply", note: "5 V, ±10 %" },
    { pin: "2", name: "RX / SDA", to: "tx", note: "on I²C to SDA" },
    { pin: "3", name: "TX / SCL", to: "rx", note: "on I²C to SCL" },
    {
      pin: "4",
      name: "SEL",
      to: "open",
      groundedOnI2c: true,
      note: "open is UART; to ground before power comes is I²C",
    },
    { pin: "5", name: "GND", to: "gnd" },
  ],
  extras: [
    { part: "cable with plug JST ZHR-5", count: 1, note: "on I²C at most 20 cm long" },
    { part: "resistor 4.7 kΩ", count: 2, note: "on I²C only: SDA and SCL to 3.3 V, where no module carries them" },
  ],
  life: {
    years: { value: 10, source: LIFETIME, kind: "datasheet" },
    note: "The maker counts ten years of running; that holds only with the weekly cleaning of its fan.",
  },
  costClass: 3,
  range: "PM2.5 0–1000 µg/m³; 0–3000 particles a cm³",
  temperatureC: [-10, 60],
  faults: [
    {
      fault: "timeout",
      looksLike: "no particles at all in any pack",
      cause: "cable out of its socket, 5 V missing, SEL on ground, or no new figures: the sensor was started again",
      carry: "the counter with its cable",
    },
    {
      fault: "checksum",
      looksLike: "particles come and go",
      cause: "long cable beside a radio or a pump; on I²C above 20 cm",
      carry: "a shorter cable",
    },
    {
      fault: "bus",
      looksLike: "on I²C no particles at all",
      cause: "SEL not on ground when power came, a pull-up missing",
      carry: "the counter with its cable",
    },
    {
      fault: "device",
      looksLike: "every pack says the counter's own error",
      cause: "its fan is blocked, its laser out of range, or it lost its supply during the round",
      carry: "the counter",
    },
    {
      fault: "range",
      looksLike: "a figure at the end of its scale",
      cause: "an insect or water in the chamber",
      carry: "the counter",
    },
  ],
};

/** Avia HX711, a converter for load cells. Source: Avia datasheet HX711 (serial interface, table 3; timing, fig. 2). */
import type { Figure, SensorFacts } from "../facts-of.js";

export const NAME = "hx711";
/** Gain 128 of input A. 64 is A at half of it, 32 input B. */
export const GAIN = 128;
/** At 10 a second: 400 ms to settle. */
export const WARM_UP_MS = 500;
/** How often one that is not ready is asked again, and how often in all: it has a result every 100 ms. */
export const RETRY_MS = 20;
export const RETRIES = 30;
/** Two results, each waited for. */
export const TIMEOUT_MS = 1500;
export const SAMPLES = 7;
export const SAMPLE_EVERY_MS = 50;

/**
 * It converts all the time: its driver does not send it to sleep (< 1 µA, p. 1), because a port of two clocked wires has no
 * means to hold its clock high. Whoever feeds it from cells switches its supply.
 */
const RUNNING: Figure = {
  value: 10.6,
  source: {
    document:
      "Avia HX711 datasheet: below 1.5 mA in normal operation; and Ohm's law: 3.2 V (100 mV below its supply of 3.3 V) over a bridge of 350 Ω",
    page: "p. 1, features; p. 4, power supply options",
  },
  kind: "datasheet",
};

export const FACTS: SensorFacts = {
  part: "HX711 module and load cells (4 × 350 Ω in a bridge), 10 samples a second",
  maker: "Avia Semiconductor",
  label: {
    en: "converter and load cells",
    ru: "преобразователь и тензодатчики",
    kk: "түрлендіргіш және тензодатчиктер",
  },
  outside: { cable: "bought" },
  measures: "weight, as raw counts of a load cell: the hub takes the tare off and scales",
  supplyV: [2.6, 5.5],
  logicV: 3.3,
  phases: { sleep: RUNNING, warmUp: RUNNING, sample: RUNNING },
  pins: [
    { pin: "VCC", name: "supply", to: "supply", note: "3.3 V; switched where cells feed it" },
    { pin: "GND", name: "ground", to: "gnd" },
    { pin: "DT", name: "data", to: "signal" },
    { pin: "SCK", name: "clock", to: "sck" },
    { pin: "E+", name: "bridge supply +", to: "bridge", note: "red" },
    { pin: "E−", name: "bridge supply −", to: "bridge", note: "black" },
    { pin: "A+", name: "bridge signal +", to: "bridge", note: "green" },
    { pin: "A−", name: "bridge signal −", to: "bridge", note: "white" },
  ],
  life: {
    years: {
      value: 5,
      source: { document: "cells creep and corrode; yearly check with a known weight", page: "assumed" },
      kind: "assumed",
    },
    note: "Check the tare with the container empty after every emptying; it drifts with temperature.",
  },
  costClass: 3,
  range: "24 bits of ± 12.5 mV at gain 128 (half of the bridge's 3.2 V, over the gain)",
  temperatureC: [-40, 85],
  faults: [
    {
      fault: "timeout",
      looksLike: "it is never ready",
      cause: "no supply, or its data wire broken",
      carry: "cable, module",
    },
    {
      fault: "device",
      looksLike: "its data wire stays low after a result",
      cause: "the wires touch, or the clock wire is broken",
      carry: "cable, module",
    },
    {
      fault: "electrical",
      looksLike: "at the end of its scale",
      cause: "a wire of the bridge broken, or far too much load",
      carry: "load cell",
    },
  ],
};

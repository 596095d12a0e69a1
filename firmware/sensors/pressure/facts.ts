/**
 * A pressure probe on a 4–20 mA loop, read by an ADS1115 across a resistor. Sources: NAMUR NE 43 for the limits of the
 * current; Texas Instruments SBAS444 for the converter.
 */
import type { SensorFacts } from "../facts-of.js";

export const NAME = "pressure";
/** The converter's ADDR pin to its supply: 0x48 is the gas cells'. */
export const ADDRESS = 0x49;
export const CHANNEL = 0;
/** 20 mA are 3.000 V, 21 mA 3.150 V: within ±4.096 V, and below the converter's supply of 3.3 V. */
export const OHMS = 150;
/** Head of water at 20 mA, in mm: what stands on the probe's label. */
export const FULL_MM = 5000;

/** The loop's ends, in mA: nothing above the probe, and its full range. */
export const ZERO_MA = 4;
export const FULL_MA = 20;
/** What a sound transmitter can say (NE 43): beyond, it stands at its stop. */
export const MIN_MA = 3.8;
export const MAX_MA = 20.5;
/** Below or above, it says itself that it has failed, or a wire is off or two touch (NE 43). */
export const FAIL_LOW_MA = 3.6;
export const FAIL_HIGH_MA = 21;

/** Conversions behind one sample: 32 at 128 a second are a quarter of a second, and many waves. */
export const CONVERSIONS = 32;
export const TIMEOUT_MS = 1500;
export const SAMPLES = 5;
export const SAMPLE_EVERY_MS = 300;
/** Loop supply up, and the transmitter's own filter settled. */
export const WARM_UP_MS = 2000;

export const FACTS: SensorFacts = {
  part: "submersible level probe, 4–20 mA two-wire, vented cable, 8–30 V, 0–5 m water, + cable 5 m or by survey",
  maker: "any (316L, IP68, NE 43)",
  label: {
    en: "submersible level probe, 4–20 mA",
    ru: "погружной зонд уровня, 4–20 мА",
    kk: "батырмалы деңгей зонды, 4–20 мА",
  },
  outside: { cable: "own", thick: true },
  measures: "head of water above the probe, by its pressure: a second principle beside an echo",
  supplyV: [12, 24],
  logicV: 3.3,
  phases: {
    sleep: {
      value: 0,
      source: { document: "the loop's supply is switched off by the board", page: "assumed" },
      kind: "assumed",
    },
    warmUp: {
      value: 20,
      source: { document: "NAMUR NE 43: two-wire loop, 4–20 mA; the upper end taken", page: "signal range" },
      kind: "datasheet",
    },
    sample: {
      value: 20,
      source: { document: "NAMUR NE 43: two-wire loop, 4–20 mA; the upper end taken", page: "signal range" },
      kind: "datasheet",
    },
    peak: {
      value: 22,
      source: { document: "NAMUR NE 43: failure current above 21 mA", page: "failure signal" },
      kind: "datasheet",
    },
  },
  pins: [
    {
      pin: "+",
      name: "loop +",
      to: "supply",
      note: "12–24 V, from the switched converter, over a fuse of 50 mA; of 12 V the 150 Ω leave 9.0 V at 20 mA and 8.7 V at 22 mA: a probe from 10 V on fails there",
    },
    { pin: "−", name: "loop −", to: "loop", note: "to AIN0 of the ADS1115 and over 150 Ω to ground" },
    {
      pin: "shield",
      name: "shield",
      to: "gnd",
      note: "shield: a wire, joined at this end only; vent tube: no wire, it ends open in the box",
    },
    { pin: "VDD", name: "ADS1115 supply", to: "supply", note: "3.3 V of the board, not the loop's" },
    { pin: "GND", name: "ADS1115 ground", to: "gnd" },
    { pin: "SDA", name: "ADS1115 data", to: "sda" },
    { pin: "SCL", name: "ADS1115 clock", to: "scl" },
    { pin: "ADDR", name: "ADS1115 address", to: "supply", note: "3.3 V: address 49" },
  ],
  extras: [
    { part: "ADS1115 module", count: 1, note: "the converter" },
    { part: "resistor 150 Ω, 0.1 %, 15 ppm/K", count: 1, note: "0.1 % is 5 mm of 5 m" },
    {
      part: "step-up converter 3.5 V to 12 V, 50 mA, with enable",
      count: 1,
      note: "the loop's supply; none where 12 V are there",
    },
    {
      part: "resistor 2.2 kΩ, 1 %",
      count: 1,
      note: "into AIN0: should the probe short 24 V, less than the 10 mA reach the converter that it bears",
    },
    {
      part: "surge arrester for 24 V loops",
      count: 1,
      note: "24 V DC, two wires and PE, for 4–20 mA, DIN rail, −40 °C; where the cable leaves the cabinet",
    },
    {
      part: "filter for the probe's vent tube",
      count: 1,
      note: "hydrophobic membrane or desiccant cartridge for the tube's size (the probe's maker sells it); in the box",
    },
  ],
  life: {
    years: {
      value: 5,
      source: { document: "membrane and vent tube; yearly check at zero and at a known depth", page: "assumed" },
      kind: "assumed",
    },
    note: "Yearly: out of the water it must say 0 ± 0.5 % of its range; clean the membrane by rinsing only; change the desiccant.",
  },
  costClass: 4,
  range: "0–5 m (by the label: option fullMm), 0.25–0.5 % of it",
  temperatureC: [-10, 60],
  faults: [
    {
      fault: "bus",
      looksLike: "the converter does not answer",
      cause: "a wire of the I²C bus, or its supply",
      carry: "ADS1115 module",
    },
    {
      fault: "electrical",
      looksLike: "below 3.6 or above 21 mA",
      cause: "cable cut (0 mA), loop supply dead, water in the cable, or the probe reports its own failure",
      carry: "loop tester, probe, fuse 50 mA",
    },
    {
      fault: "range",
      looksLike: "3.6–3.8 or 20.5–21 mA",
      cause: "below its zero, or deeper than its range",
      carry: "probe with a longer range",
    },
  ],
};

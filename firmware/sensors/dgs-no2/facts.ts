/**
 * SPEC Sensors DGS-NO2 (968-043) and its successor DGS2 (970). Sources: SPEC's data sheet of the sister module DGS-IAQ
 * (968-040, March 2017: same board, same electronics); what public parsers agree on of its lines.
 */
import type { SensorFacts, Source } from "../facts-of.js";

export const NAME = "dgs-no2";
export const BAUD = 9600;

/** It is powered all the time; its own pause before an answer is part of the patience. */
export const WARM_UP_MS = 100;
/** A line follows a second or so after it was asked for: its processor sleeps until then. */
export const PATIENCE_MS = 4000;
export const TIMEOUT_MS = PATIENCE_MS + 200;
export const SAMPLES = 5;
export const SAMPLE_EVERY_MS = 1000;
/** 0–5 ppm; noise and drift take it below zero, and such figures are kept. */
export const MIN_PPB = -1000;
export const MAX_PPB = 10000;

const SHEET: Source = {
  document: "SPEC Sensors DGS-IAQ 968-040, March 2017 (sister module: same board and electronics)",
  page: "Measurement performance characteristics",
};
const STANDBY: Source = {
  document: "1 mW at one triggered sample a minute in SPEC Sensors DGS-IAQ 968-040: what is left between two samples",
  page: "assumed",
};

export const FACTS: SensorFacts = {
  part: "DGS-NO2 968-043",
  maker: "SPEC Sensors",
  label: { en: "NO₂ module", ru: "модуль NO₂", kk: "NO₂ модулі" },
  measures: "nitrogen dioxide, by a calibration of its own",
  supplyV: [2.6, 3.6],
  logicV: 3.3,
  phases: {
    sleep: { value: 0.03, source: STANDBY, kind: "assumed" },
    warmUp: { value: 3.6, source: SHEET, kind: "datasheet" },
    sample: { value: 3.6, source: SHEET, kind: "datasheet" },
  },
  alwaysOn: true,
  pins: [
    { pin: "1", name: "N/C", to: "open" },
    { pin: "2", name: "RXD", to: "tx" },
    { pin: "3", name: "TXD", to: "rx" },
    { pin: "4, 5", name: "N/C", to: "open" },
    { pin: "6", name: "GND", to: "gnd" },
    { pin: "7", name: "N/C", to: "open" },
    { pin: "8", name: "V+", to: "supply", note: "3.3 V, never switched off: it settles for an hour" },
  ],
  extras: [{ part: "socket, 2.54 mm", count: 1, note: "look at the sheet that comes with the module: issues differ" }],
  life: {
    years: { value: 5, source: SHEET, kind: "datasheet" },
    note: "Ten years at 15–35 °C and 30–90 % in the maker's estimate; above 40 °C and below −20 °C only for hours.",
  },
  costClass: 4,
  range: "NO2 0–5 ppm, as the module says it; compare with a reference before anything is made of it",
  temperatureC: [-20, 40],
  faults: [
    {
      fault: "timeout",
      looksLike: "no figure of the module in any pack",
      cause: "plug off, RXD and TXD exchanged, or its supply was switched",
      carry: "the module",
    },
    {
      fault: "checksum",
      looksLike: "its figure comes and goes",
      cause: "long or wet cable: its lines have no check, and only whole ones are taken",
      carry: "a cable",
    },
    {
      fault: "range",
      looksLike: "far below zero or far above what streets have",
      cause: "it was without supply within the last hour, or it is at its end",
      carry: "the module, after a day under supply",
    },
  ],
};

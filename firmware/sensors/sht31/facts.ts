/** Sensirion SHT31. Source: datasheet SHT3x-DIS, version 5 (May 2018), sections 2 and 4. */
import type { SensorFacts, Source } from "../facts-of.js";

export const NAME = "sht31";
/** ADDR pin low; 0x45 when it is high. */
export const ADDRESS = 0x44;
/** Single shot, high repeatability, no clock stretching. */
export const MEASURE: number[] = [0x24, 0x00];
/** Longest measurement at high repeatability is 15.5 ms with a low supply. */
export const MEASURE_MS = 16;
/** A sensor that is not ready does not answer; it is asked again this often. */
export const RETRY_MS = 5;
export const RETRIES = 3;
export const TIMEOUT_MS = 100;
export const SAMPLES = 3;
export const SAMPLE_EVERY_MS = 500;
/** After power-up the sensor needs 1.5 ms; the node's own start is longer. */
export const WARM_UP_MS = 10;
export const TEMPERATURE_C: [number, number] = [-40, 125];
export const HUMIDITY_PERCENT: [number, number] = [0, 100];

const CURRENTS: Source = {
  document: "Sensirion datasheet SHT3x-DIS, version 5 (May 2018)",
  page: "p. 6, supply current",
};
const DRIFT: Source = { document: "drift below 0.25 %RH and 0.03 °C a year, datasheet SHT3x-DIS", page: "assumed" };

export const FACTS: SensorFacts = {
  part: "SHT31 probe, 16 mm filter housing, cable 1 m (SHT31-DIS-B with 100 nF in it)",
  maker: "Sensirion",
  label: {
    en: "sensor of temperature and humidity",
    ru: "датчик температуры и влажности",
    kk: "температура мен ылғалдылық датчигі",
  },
  outside: { cable: "own" },
  measures: "temperature and humidity of the air",
  supplyV: [2.15, 5.5],
  logicV: 3.3,
  phases: {
    sleep: { value: 0.0002, source: CURRENTS, kind: "datasheet" },
    warmUp: { value: 0.0002, source: CURRENTS, kind: "datasheet" },
    sample: { value: 0.6, source: CURRENTS, kind: "datasheet" },
    peak: { value: 1.5, source: CURRENTS, kind: "datasheet" },
  },
  pins: [
    { pin: "VDD", name: "VDD", to: "supply", note: "3.3 V, with 100 nF beside it" },
    { pin: "VSS", name: "VSS", to: "gnd" },
    { pin: "SDA", name: "SDA", to: "sda" },
    { pin: "SCL", name: "SCL", to: "scl" },
    { pin: "ADDR", name: "ADDR", to: "gnd", note: "address 0x44; to VDD it is 0x45" },
    { pin: "ALERT, nRESET", name: "ALERT, nRESET", to: "open" },
  ],
  extras: [
    { part: "resistor 4.7 kΩ", count: 2, note: "SDA and SCL to 3.3 V, where no module carries them" },
    { part: "shield of white plates", count: 1, note: "out of the sun, the filter cap downwards" },
  ],
  life: {
    years: { value: 10, source: DRIFT, kind: "assumed" },
    note: "No wearing part. Clean the filter cap yearly; solvents and fresh silicone shift the humidity for good.",
  },
  costClass: 2,
  range: "−40…125 °C, 0–100 %",
  temperatureC: [-40, 125],
  faults: [
    {
      fault: "bus",
      looksLike: "no temperature, no humidity",
      cause: "plug off, a pull-up missing, water in the shield",
      carry: "an SHT31 with its cable",
    },
    {
      fault: "checksum",
      looksLike: "temperature comes and goes",
      cause: "long cable, wet plug",
      carry: "a cable, an SHT31",
    },
    {
      fault: "range",
      looksLike: "humidity or temperature beyond what there is",
      cause: "the part is broken",
      carry: "an SHT31",
    },
  ],
};

/** Bosch BME280. Source: datasheet BST-BME280-DS001, revision 1.1 (May 2015) and 1.9 (November 2020). */
import type { SensorFacts, Source } from "../facts-of.js";

export const NAME = "bme280";
/** SDO to ground; 0x77 when it is high. */
export const ADDRESS = 0x76;
/** What it says of itself in register D0; a BMP280 says 58 (or 56, 57), and knows no humidity. */
export const CHIP_ID = 0x60;

/** One conversion of each of the three takes at most 1.25 + 2.3 + 2.875 + 2.875 ms (appendix B, measurement time). */
export const MEASURE_MS = 10;
/** Asked again this often while it still measures. */
export const RETRY_MS = 5;
export const RETRIES = 3;
export const TIMEOUT_MS = 100;
export const SAMPLES = 3;
export const SAMPLE_EVERY_MS = 500;
/** After power-up it needs 2 ms; the node's own start is longer. */
export const WARM_UP_MS = 10;

export const TEMPERATURE_C: [number, number] = [-40, 85];
export const HUMIDITY_PERCENT: [number, number] = [0, 100];
export const PRESSURE_HPA: [number, number] = [300, 1100];

const SLEEPING: Source = { document: "Bosch BST-BME280-DS001-18 (November 2020)", page: "p. 2, current consumption" };
const MEASURING: Source = {
  document: "Bosch BST-BME280 datasheet, as quoted by a public table of component currents",
  page: "Temperature/Humidity",
};
const NO_WEAR: Source = {
  document: "no wearing part; its humidity sensor drifts by some tenths a year",
  page: "assumed",
};

export const FACTS: SensorFacts = {
  part: "BME280",
  maker: "Bosch Sensortec",
  label: {
    en: "sensor of temperature, humidity, air pressure",
    ru: "датчик температуры, влажности, давления",
    kk: "температура, ылғалдылық, қысым датчигі",
  },
  outside: { cable: "bought" },
  measures: "temperature, humidity and pressure of the air",
  supplyV: [1.71, 3.6],
  logicV: 3.3,
  phases: {
    sleep: { value: 0.0001, source: SLEEPING, kind: "datasheet" },
    warmUp: { value: 0.0001, source: SLEEPING, kind: "datasheet" },
    sample: { value: 0.714, source: MEASURING, kind: "datasheet" },
  },
  pins: [
    { pin: "VDD, VDDIO, CSB", name: "VDD", to: "supply", note: "3.3 V; CSB high chooses I²C" },
    { pin: "GND", name: "GND", to: "gnd" },
    { pin: "SDI", name: "SDA", to: "sda" },
    { pin: "SCK", name: "SCL", to: "scl" },
    { pin: "SDO", name: "SDO", to: "gnd", note: "address 0x76; to VDD it is 0x77. Never open" },
  ],
  extras: [{ part: "resistor 4.7 kΩ", count: 2, note: "SDA and SCL to 3.3 V, where no module carries them" }],
  life: {
    years: { value: 10, source: NO_WEAR, kind: "assumed" },
    note: "Keep solvents, flux and fresh silicone away from its hole.",
  },
  costClass: 2,
  range: "−40…85 °C, 0–100 %, 300–1100 hPa",
  temperatureC: [-40, 85],
  faults: [
    {
      fault: "bus",
      looksLike: "no temperature, humidity or pressure",
      cause: "plug off, SDO open, a pull-up missing",
      carry: "a BME280 with its cable",
    },
    {
      fault: "device",
      looksLike: "every pack says the sensor's own error",
      cause: "a BMP280 was sold as a BME280, or a quantity is switched off",
      carry: "a BME280 whose humidity was seen",
    },
    {
      fault: "range",
      looksLike: "a value beyond what there is",
      cause: "the part is broken or was soldered too hot",
      carry: "a BME280",
    },
  ],
};

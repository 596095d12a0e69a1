/**
 * Alphasense OX-B431 (ozone and nitrogen dioxide together) on its Individual Sensor Board, read by an ADS1115. How it is
 * driven: ads1115/cell.ts. Sources: Alphasense OX-B431 datasheet; AAN 803; Texas Instruments SBAS444.
 */
import { CELL_EXTRAS, CELL_FAULTS, CELL_LIFE, CELL_PHASES } from "../ads1115/facts.js";
import type { SensorFacts } from "../facts-of.js";

export const NAME = "ox-b431";
/** Inputs: those that the NO2 cell at the same converter leaves free. */
export const WE_CHANNEL = 2;
export const AE_CHANNEL = 3;

export const FACTS: SensorFacts = {
  part: "OX-B431 with ISB",
  maker: "Alphasense",
  label: { en: "ozone cell with its board", ru: "ячейка озона с платой", kk: "платасымен озон ұяшығы" },
  measures: "ozone and nitrogen dioxide together, as the voltages of two electrodes",
  supplyV: [3.5, 6.4],
  logicV: 3.3,
  phases: CELL_PHASES,
  alwaysOn: true,
  pins: [
    { pin: "ISB OP1 +", name: "working electrode", to: "signal", note: "to ADS1115 A2" },
    { pin: "ISB OP2 +", name: "auxiliary electrode", to: "signal", note: "to ADS1115 A3" },
    { pin: "ISB V+", name: "V+", to: "supply", note: "5 V, quiet (3.5–6.4 V), never switched off" },
    { pin: "ISB GND, OP1 −, OP2 −", name: "ground", to: "gnd" },
    { pin: "ADS1115 VDD", name: "VDD", to: "supply", note: "3.3 V; the converter of the NO2 cell serves both" },
    { pin: "ADS1115 GND, ADDR", name: "ground", to: "gnd", note: "ADDR to ground is address 0x48, to VDD 0x49" },
    { pin: "ADS1115 SDA", name: "SDA", to: "sda" },
    { pin: "ADS1115 SCL", name: "SCL", to: "scl" },
    { pin: "ADS1115 ALERT", name: "ALERT/RDY", to: "open" },
  ],
  extras: CELL_EXTRAS,
  life: CELL_LIFE,
  costClass: 5,
  range: "O3 + NO2 0–20 ppm, noise ±15 ppb",
  temperatureC: [-30, 40],
  faults: CELL_FAULTS,
};

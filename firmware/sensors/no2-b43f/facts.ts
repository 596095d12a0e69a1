/**
 * Alphasense NO2-B43F on its Individual Sensor Board, read by an ADS1115. How it is driven: ads1115/cell.ts.
 * Sources: Alphasense NO2-B43F datasheet; AAN 803; Texas Instruments SBAS444.
 */
import { CELL_EXTRAS, CELL_FAULTS, CELL_LIFE, CELL_PHASES } from "../ads1115/facts.js";
import type { SensorFacts } from "../facts-of.js";

export const NAME = "no2-b43f";
/** Inputs: OP1 of the board is the working electrode, OP2 the auxiliary one. */
export const WE_CHANNEL = 0;
export const AE_CHANNEL = 1;

export const FACTS: SensorFacts = {
  part: "NO2-B43F with ISB",
  maker: "Alphasense",
  label: { en: "NO₂ cell with its board", ru: "ячейка NO₂ с платой", kk: "платасымен NO₂ ұяшығы" },
  measures: "nitrogen dioxide, as the voltages of two electrodes",
  supplyV: [3.5, 6.4],
  logicV: 3.3,
  phases: CELL_PHASES,
  alwaysOn: true,
  pins: [
    { pin: "ISB OP1 +", name: "working electrode", to: "signal", note: "to ADS1115 A0" },
    { pin: "ISB OP2 +", name: "auxiliary electrode", to: "signal", note: "to ADS1115 A1" },
    { pin: "ISB V+", name: "V+", to: "supply", note: "5 V, quiet (3.5–6.4 V), never switched off" },
    { pin: "ISB GND, OP1 −, OP2 −", name: "ground", to: "gnd" },
    { pin: "ADS1115 VDD", name: "VDD", to: "supply", note: "3.3 V" },
    { pin: "ADS1115 GND, ADDR", name: "ground", to: "gnd", note: "ADDR to ground is address 0x48, to VDD 0x49" },
    { pin: "ADS1115 SDA", name: "SDA", to: "sda" },
    { pin: "ADS1115 SCL", name: "SCL", to: "scl" },
    { pin: "ADS1115 ALERT", name: "ALERT/RDY", to: "open" },
  ],
  extras: CELL_EXTRAS,
  life: CELL_LIFE,
  costClass: 5,
  range: "NO2 0–20 ppm, noise ±15 ppb",
  temperatureC: [-30, 40],
  faults: CELL_FAULTS,
};

/** Texas Instruments ADS1115, and Alphasense's sensor board in front of it: what cells with two electrodes share. */
import type { SensorFacts, Source } from "../facts-of.js";

const BOARD: Source = {
  document:
    "two low-noise amplifiers and a reference, 2 mA; 0.15 mA more while the ADS1115 converts (SBAS444, from memory). The " +
    "board's own sheet was not at hand. Never decides: mains only",
  page: "assumed",
};
const CELL: Source = {
  document: "Alphasense technical specification, from memory (24 months to half the signal): to be looked up",
  page: "assumed",
};

/** The board draws its current without a pause, the converter a tenth of it while it converts. */
export const CELL_PHASES: SensorFacts["phases"] = {
  sleep: { value: 2, source: BOARD, kind: "assumed" },
  warmUp: { value: 2, source: BOARD, kind: "assumed" },
  sample: { value: 2.15, source: BOARD, kind: "assumed" },
};

export const CELL_LIFE: SensorFacts["life"] = {
  years: { value: 2, source: CELL, kind: "assumed" },
  note: "It loses 20–40 % of its sensitivity a year. Co-locate every six months; order the next cell with the last record.",
};

export const CELL_EXTRAS: SensorFacts["extras"] = [
  { part: "Alphasense ISB for the cell's type", count: 1, note: "each type has its own: the bias differs" },
  { part: "ADS1115 module", count: 1, note: "one serves two cells" },
  { part: "resistor 4.7 kΩ", count: 2, note: "SDA and SCL to 3.3 V, where no module carries them" },
];

export const CELL_FAULTS: SensorFacts["faults"] = [
  {
    fault: "bus",
    looksLike: "no voltages from the cell; other parts on the same wires may be silent too",
    cause: "the converter's plug, its address, a pull-up missing",
    carry: "an ADS1115 module with its cable",
  },
  {
    fault: "electrical",
    looksLike: "one or both electrodes without a voltage",
    cause: "a wire off between cell board and converter, no V+, the cell out of its socket or dry",
    carry: "the cell's board with a cell that has been under bias for a day",
  },
];

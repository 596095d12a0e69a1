/** A simulated NO2-B43F: two electrodes of a cell with given constants, behind a simulated ADS1115. */
import { createCellSim, simulateCell, type CellTrouble } from "../ads1115/sim.js";
import type { I2cPart, Simulate } from "../sim.js";
import { kind } from "./driver.js";

export type { CellTrouble } from "../ads1115/sim.js";

/** A cell's constants, as on its label. */
export interface Cell {
  weZeroMv: number;
  aeZeroMv: number;
  sensitivityMvPerPpb: number;
}

export const TYPICAL_CELL: Cell = { weZeroMv: 225, aeZeroMv: 235, sensitivityMvPerPpb: 0.3 };

/**
 * @param no2Ppb   concentration, asked at every conversion
 * @param drift    what heat and age add to both electrodes, in mV
 */
export function createNo2B43fSim(
  no2Ppb: () => number,
  nowMs: () => number,
  options: { cell?: Cell; drift?: () => number; trouble?: () => CellTrouble } = {},
): I2cPart {
  const cell = options.cell ?? TYPICAL_CELL;
  const drift = options.drift ?? (() => 0);
  return createCellSim(
    { ...kind.defaults },
    () => ({
      weMv: cell.weZeroMv + drift() + cell.sensitivityMvPerPpb * no2Ppb(),
      aeMv: cell.aeZeroMv + drift(),
    }),
    nowMs,
    options.trouble,
  );
}

/** A busy street: 100 ppb. */
export const simulate: Simulate = (time, options) =>
  simulateCell({ ...kind.defaults, ...options }, { name: "no2-we", mv: 255 }, { name: "no2-ae", mv: 235 }, () =>
    time.nowMs(),
  );

/** A simulated NO2-B43F: two electrodes of a cell with given constants, behind a simulated ADS1115. */
import { createAds1115Sim } from "../ads1115/sim.js";
import type { I2cPart } from "../sim.js";
import { ADDRESS, WE_CHANNEL } from "./facts.js";

/** A cell's constants, as on its label. */
export interface Cell {
  weZeroMv: number;
  aeZeroMv: number;
  sensitivityMvPerPpb: number;
}

export const TYPICAL_CELL: Cell = { weZeroMv: 225, aeZeroMv: 235, sensitivityMvPerPpb: 0.3 };

/** What is wrong with the part: the converter gone, a wire off (0 mV), or the amplifier at its rail. */
export type CellTrouble = "none" | "absent" | "wire-off" | "at-rail";

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
  const trouble = options.trouble ?? (() => "none" as const);
  const drift = options.drift ?? (() => 0);
  const electrodes = (channel: number): number => {
    if (trouble() === "wire-off") return 0;
    if (trouble() === "at-rail") return 3300;
    return channel === WE_CHANNEL
      ? cell.weZeroMv + drift() + cell.sensitivityMvPerPpb * no2Ppb()
      : cell.aeZeroMv + drift();
  };
  return createAds1115Sim(ADDRESS, electrodes, nowMs, () => trouble() === "absent");
}

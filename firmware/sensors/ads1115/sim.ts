/** A simulated ADS1115: config and conversion registers, single conversions that take their time. */
import type { Fault } from "../../wire/pack.js";
import type { I2cPart, Simulated } from "../sim.js";
import { FULL_SCALE_MV, RATES, REGISTER } from "./frame.js";

/** The config register after power-up. */
const RESET_CONFIG = 0x8583;

/**
 * @param inputMv  voltage at input 0–3 against ground, in mV, asked at every conversion
 * @param nowMs    a clock
 * @param absent   true while the part does not answer
 */
export function createAds1115Sim(
  address: number,
  inputMv: (channel: number) => number,
  nowMs: () => number,
  absent: () => boolean = () => false,
): I2cPart {
  let pointer = 0;
  let config = RESET_CONFIG;
  let conversion = 0;
  let readyAt = 0;

  const convert = (): void => {
    const mux = (config >> 12) & 7;
    const fullScale = FULL_SCALE_MV[Math.min((config >> 9) & 7, 5)] ?? 256;
    const mv = mux >= 4 ? inputMv(mux - 4) : inputMv(mux === 0 ? 0 : mux - 1) - inputMv(mux === 0 ? 1 : 3);
    conversion = Math.max(-32768, Math.min(32767, Math.round((mv / fullScale) * 32768)));
    readyAt = nowMs() + 1000 / (RATES[(config >> 5) & 7] ?? 128);
  };

  return {
    address,
    write(bytes) {
      if (absent()) return false;
      pointer = bytes[0] ?? 0;
      if (pointer === REGISTER.config && bytes.length === 3) {
        config = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
        if (config & 0x8000) convert();
      }
      return true;
    },
    read(count) {
      if (absent()) return null;
      const idle = nowMs() >= readyAt;
      const word = pointer === REGISTER.config ? (config & 0x7fff) | (idle ? 0x8000 : 0) : idle ? conversion : 0;
      return Uint8Array.from([(word >> 8) & 255, word & 255].slice(0, count));
    },
  };
}

/** What is wrong with a cell: the converter gone, a wire off (0 mV), or the amplifier at its rail. */
export type CellTrouble = "none" | "absent" | "wire-off" | "at-rail";

/**
 * A cell with two electrodes behind a converter. It answers for its own inputs only: another cell at the same converter
 * is a part of its own with the same address.
 * @param options     address, and inputs of both electrodes, as in ads1115/cell.ts
 * @param electrodes  their voltages, asked at every conversion
 */
export function createCellSim(
  options: { [name: string]: number },
  electrodes: () => { weMv: number; aeMv: number },
  nowMs: () => number,
  trouble: () => CellTrouble = () => "none",
): I2cPart {
  const inputMv = (channel: number): number => {
    if (trouble() === "wire-off") return 0;
    if (trouble() === "at-rail") return 3300;
    if (channel === options.we) return electrodes().weMv;
    return channel === options.ae ? electrodes().aeMv : 0;
  };
  const converter = createAds1115Sim(options.address ?? 0x48, inputMv, nowMs, () => trouble() === "absent");
  let pointer = 0;
  let own = true;
  return {
    address: converter.address,
    write(bytes) {
      pointer = bytes[0] ?? 0;
      if (pointer === REGISTER.config && bytes.length === 3) {
        const channel = (((bytes[1] ?? 0) >> 4) & 7) - 4;
        own = channel === options.we || channel === options.ae;
      }
      return converter.write(bytes);
    },
    read: (count) => (own || pointer === REGISTER.config ? converter.read(count) : null),
  };
}

/** A cell with steady electrodes, and all that can be wrong with it. */
export function simulateCell(
  options: { [name: string]: number },
  we: { name: string; mv: number },
  ae: { name: string; mv: number },
  nowMs: () => number,
): Simulated {
  let now: CellTrouble = "none";
  const trouble = (name: CellTrouble, fault: Fault): Simulated["troubles"][number] => ({
    name,
    fault,
    arm: (on) => void (now = on ? name : "none"),
  });
  return {
    i2c: createCellSim(
      options,
      () => ({ weMv: we.mv, aeMv: ae.mv }),
      nowMs,
      () => now,
    ),
    expect: { [we.name]: we.mv, [ae.name]: ae.mv },
    troubles: [trouble("absent", "bus"), trouble("wire-off", "electrical"), trouble("at-rail", "electrical")],
  };
}

/** A simulated BME280: registers, the constants of the datasheet's own example, single measurements that take their time. */
import type { Fault } from "../../wire/pack.js";
import type { I2cPart, Simulate } from "../sim.js";
import { ADDRESS, CHIP_ID } from "./facts.js";
import { FORCED_ONCE, HUMIDITY_ONCE, IS_MEASURING, REGISTER } from "./frame.js";

/** What is wrong with the part: gone, its cheaper sister in its place, asked without humidity, or never done. */
export type Bme280Trouble = "none" | "absent" | "bmp280" | "no-humidity" | "never-ready";

/** Raw figures, as its converter gives them. */
export interface RawFigures {
  temperature: number;
  pressure: number;
  humidity: number;
}

const MEASURES_MS = 9;
const SKIPPED = { temperature: 0x80000, pressure: 0x80000, humidity: 0x8000 };

/** Constants of the example in the BMP280's datasheet (3.12), and usual ones for humidity. */
export const CONSTANTS = {
  t: [27504, 26435, -1000],
  p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
  h: [75, 362, 0, 313, 50, 30],
};

/** The example's raw figures: 25.08 °C and 1006.53 hPa; with these constants 30000 are 55.00 %. */
export const EXAMPLE: RawFigures = { temperature: 519888, pressure: 415148, humidity: 30000 };

function constantRegisters(): Map<number, number> {
  const registers = new Map<number, number>();
  [...CONSTANTS.t, ...CONSTANTS.p].forEach((word, i) => {
    registers.set(REGISTER.firstConstants + 2 * i, word & 255);
    registers.set(REGISTER.firstConstants + 2 * i + 1, (word >> 8) & 255);
  });
  const [h1, h2, h3, h4, h5, h6] = CONSTANTS.h as [number, number, number, number, number, number];
  registers.set(0xa1, h1);
  [h2 & 255, (h2 >> 8) & 255, h3, (h4 >> 4) & 255, (h4 & 15) | ((h5 & 15) << 4), (h5 >> 4) & 255, h6 & 255].forEach(
    (byte, i) => registers.set(REGISTER.secondConstants + i, byte),
  );
  return registers;
}

/** @param figures  is asked for every measurement */
export function createBme280Sim(
  figures: () => RawFigures,
  nowMs: () => number,
  trouble: () => Bme280Trouble = () => "none",
  address = ADDRESS,
): I2cPart {
  const registers = constantRegisters();
  let pointer = 0;
  let readyAt = 0;
  let humidityOn = false;
  let armed = false;
  let raw: RawFigures = SKIPPED;

  const at = (register: number): number => {
    if (register === REGISTER.id) return trouble() === "bmp280" ? 0x58 : CHIP_ID;
    if (register === REGISTER.status) return trouble() === "never-ready" || nowMs() < readyAt ? IS_MEASURING : 0;
    const { temperature: t, pressure: p, humidity: h } = nowMs() < readyAt ? SKIPPED : raw;
    const bytes = [p >> 12, (p >> 4) & 255, (p & 15) << 4, t >> 12, (t >> 4) & 255, (t & 15) << 4, h >> 8, h & 255];
    return bytes[register - REGISTER.figures] ?? registers.get(register) ?? 0;
  };

  return {
    address,
    write(bytes) {
      if (trouble() === "absent") return false;
      pointer = bytes[0] ?? 0;
      if (bytes.length < 2) return true;
      if (pointer === REGISTER.controlHumidity) armed = bytes[1] === HUMIDITY_ONCE;
      if (pointer === REGISTER.controlMeasure && bytes[1] === FORCED_ONCE) {
        // Only now does what was written for humidity take effect.
        humidityOn = armed && trouble() !== "no-humidity";
        raw = { ...figures(), ...(humidityOn ? {} : { humidity: SKIPPED.humidity }) };
        readyAt = nowMs() + MEASURES_MS;
      }
      return true;
    },
    read(count) {
      if (trouble() === "absent") return null;
      return Uint8Array.from({ length: count }, (_, i) => at(pointer + i));
    },
  };
}

export const simulate: Simulate = (time, options) => {
  let now: Bme280Trouble = "none";
  const trouble = (name: Bme280Trouble, fault: Fault) => ({
    name,
    fault,
    arm: (on: boolean) => void (now = on ? name : "none"),
  });
  return {
    i2c: createBme280Sim(
      () => EXAMPLE,
      () => time.nowMs(),
      () => now,
      options.address,
    ),
    expect: { temperature: 25.08, humidity: 55, pressure: 1006.53 },
    troubles: [
      trouble("absent", "bus"),
      trouble("never-ready", "bus"),
      trouble("bmp280", "device"),
      trouble("no-humidity", "device"),
    ],
  };
};

/** A simulated LIS3DH: registers, a sample every 10 ms while it runs, gravity along a direction that is asked for. */
import type { Fault } from "../../wire/pack.js";
import type { I2cPart, Simulate } from "../sim.js";
import { MANY, NEW_SAMPLE, POWER_DOWN, REGISTER, WHO_AM_I } from "./frame.js";

/** What is wrong with the part: gone, another one in its place, without samples. */
export type Lis3dhTrouble = "none" | "absent" | "other-part" | "hangs";

const SAMPLE_MS = 10;

/**
 * @param feltMg  what the three axes feel, in mg, asked at every sample: 1000 along the axis that points up
 */
export function createLis3dhSim(
  address: number,
  feltMg: () => number[],
  nowMs: () => number,
  trouble: () => Lis3dhTrouble = () => "none",
): I2cPart {
  const registers = new Uint8Array(0x40);
  let pointer = 0;
  let many = false;
  let readAt = -Infinity;

  const running = (): boolean => registers[REGISTER.control1] !== POWER_DOWN && trouble() !== "hangs";

  return {
    address,
    write([first = 0, ...values]) {
      if (trouble() === "absent") return false;
      pointer = first & 0x3f;
      many = (first & MANY) !== 0;
      values.forEach((value, i) => (registers[pointer + i] = value));
      if (values.length > 0 && pointer === REGISTER.control1) readAt = nowMs();
      return true;
    },
    read(count) {
      if (trouble() === "absent") return null;
      registers[REGISTER.whoAmI] = trouble() === "other-part" ? 0x44 : WHO_AM_I;
      registers[REGISTER.status] = running() && nowMs() - readAt >= SAMPLE_MS ? NEW_SAMPLE : 0;
      if (pointer === REGISTER.sample && running()) {
        feltMg().forEach((mg, axis) => {
          const word = Math.round(mg) * 16;
          registers[REGISTER.sample + 2 * axis] = word & 255;
          registers[REGISTER.sample + 2 * axis + 1] = (word >> 8) & 255;
        });
        readAt = nowMs();
      }
      // Without the top bit the address stands still: the first register again and again.
      return Uint8Array.from({ length: count }, (_, i) => registers[pointer + (many ? i : 0)] ?? 0);
    },
  };
}

const TROUBLES = { absent: "bus", "other-part": "device", hangs: "timeout", shaken: "range" } as const;

/** Leans by the angle whose tangent is 3/4, about 36.9 degrees. */
const LEANING_MG = { across: 600, along: 800 };

export const simulate: Simulate = (time, options) => {
  const axis = options.axis ?? 1;
  let wrong: keyof typeof TROUBLES | null = null;
  const felt = (): number[] => {
    const mg = [0, 0, 0];
    mg[Math.abs(axis) - 1] = Math.sign(axis) * LEANING_MG.along;
    mg[Math.abs(axis) % 3] = wrong === "shaken" ? 2 * LEANING_MG.across : LEANING_MG.across;
    return mg;
  };
  const part = (): Lis3dhTrouble => (wrong === null || wrong === "shaken" ? "none" : wrong);
  return {
    i2c: createLis3dhSim(options.address ?? 0, felt, () => time.nowMs(), part),
    expect: { tilt: 36.9 },
    troubles: (Object.entries(TROUBLES) as [keyof typeof TROUBLES, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
};

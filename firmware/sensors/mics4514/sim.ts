/** A simulated SEN0377: two elements behind a board that speaks I²C. Its heaters are off until they are switched on. */
import type { Fault } from "../../wire/pack.js";
import type { I2cPart, Simulate } from "../sim.js";
import { ADDRESS } from "./facts.js";
import { REGISTER } from "./frame.js";

/** What is wrong with it: gone, its heaters lose their supply between rounds, an element broken or bridged. */
export type Mics4514Trouble = "none" | "absent" | "brown-out" | "element-broken" | "element-bridged";

const SUPPLY = 1000;

/**
 * @param left  what the elements leave of the supply, in counts of 1000, asked for every reading
 * @param hot   whether the heaters are on already
 */
export function createMics4514Sim(
  left: () => { ox: number; red: number },
  trouble: () => Mics4514Trouble = () => "none",
  { address = ADDRESS, hot = false }: { address?: number | undefined; hot?: boolean } = {},
): I2cPart {
  let pointer = 0;
  let power = hot ? 1 : 0;
  const behind = (of: number): number => {
    if (trouble() === "element-broken") return 0;
    return trouble() === "element-bridged" ? SUPPLY : SUPPLY - of;
  };
  const registers = (): number[] => {
    const words = [behind(left().ox), behind(left().red), SUPPLY].flatMap((word) => [word >> 8, word & 255]);
    return [0, 0, 0, 0, ...words, trouble() === "brown-out" ? 0 : power];
  };

  return {
    address,
    write(bytes) {
      if (trouble() === "absent") return false;
      pointer = bytes[0] ?? 0;
      if (pointer === REGISTER.power && bytes.length === 2) power = bytes[1] ?? 0;
      return true;
    },
    read: (count) => (trouble() === "absent" ? null : Uint8Array.from(registers().slice(pointer, pointer + count))),
  };
}

/** With heaters that have been on for long. */
export const simulate: Simulate = (_time, options) => {
  let now: Mics4514Trouble = "none";
  const trouble = (name: Mics4514Trouble, fault: Fault) => ({
    name,
    fault,
    arm: (on: boolean) => void (now = on ? name : "none"),
  });
  return {
    i2c: createMics4514Sim(
      () => ({ ox: 240, red: 610 }),
      () => now,
      { address: options.address, hot: true },
    ),
    expect: { "rs-ox": 240, "rs-red": 610 },
    troubles: [
      trouble("absent", "bus"),
      trouble("brown-out", "device"),
      trouble("element-broken", "electrical"),
      trouble("element-bridged", "electrical"),
    ],
  };
};

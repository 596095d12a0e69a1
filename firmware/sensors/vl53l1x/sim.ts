/**
 * A simulated VL53L1X: registers with 16-bit addresses, a start that measures again and again, a ready flag that has to
 * be cleared. It measures only after its block of registers was written, and says which mode it was set to.
 */
import type { Fault } from "../../wire/pack.js";
import type { I2cPart, Simulate } from "../sim.js";
import { MAX_LONG_MM, MAX_SHORT_MM } from "./facts.js";
import { BLOCK, MODEL, REGISTER } from "./frame.js";

/** Raw statuses, as the part says them. */
export const STATUS = { valid: 9, sigma: 6, hardware: 3, tooNear: 8, crossTalk: 12, lackOfSignal: 23 };

/** What is wrong with the part: gone, another part at its address, or it never has a measurement. */
export type Vl53l1xTrouble = "none" | "absent" | "other-part" | "hangs";

const MEASURE_MS = 100;

/** What it sees: a distance in mm, or a raw status without one. */
export type Sight = { mm: number } | { status: number };

export function createVl53l1xSim(
  address: number,
  sight: () => Sight,
  nowMs: () => number,
  trouble: () => Vl53l1xTrouble = () => "none",
): I2cPart {
  const registers = new Uint8Array(0x0200);
  const put = (at: number, ...bytes: number[]): void => bytes.forEach((byte, i) => (registers[at + i] = byte));
  let pointer = 0;
  let nextAt: number | null = null;
  /** A result stands until it is cleared, whatever comes before the part meanwhile. */
  let latched = false;

  const short = (): boolean => registers[REGISTER.periodA] === 0x07 && registers[REGISTER.window] === 0x07;
  const ready = (): boolean => nextAt !== null && nowMs() >= nextAt && trouble() !== "hangs";

  /** The block is whole if its first and last registers that are not zero have come. */
  const setUp = (): boolean =>
    [...BLOCK.matchAll(/../g)].every(
      ([digits], i) =>
        [REGISTER.ready, REGISTER.clear, REGISTER.start].includes(REGISTER.block + i) ||
        short() ||
        registers[REGISTER.block + i] === parseInt(digits, 16),
    );

  const result = (): void => {
    if (latched) return;
    latched = true;
    const seen = sight();
    const limit = short() ? MAX_SHORT_MM : MAX_LONG_MM;
    const status = "status" in seen ? seen.status : seen.mm > limit ? STATUS.lackOfSignal : STATUS.valid;
    const mm = "mm" in seen ? Math.round(seen.mm) : 0;
    put(REGISTER.result, status);
    put(REGISTER.result + 13, mm >> 8, mm & 255);
  };

  return {
    address,
    write(bytes) {
      if (trouble() === "absent") return false;
      const [high = 0, low = 0, ...values] = bytes;
      pointer = (high << 8) | low;
      put(pointer, ...values);
      if (values.length > 0 && pointer === REGISTER.start)
        nextAt = values[0] === 0x40 && setUp() ? nowMs() + MEASURE_MS : null;
      if (values.length > 0 && pointer === REGISTER.clear) {
        latched = false;
        if (nextAt !== null) nextAt = nowMs() + MEASURE_MS;
      }
      return true;
    },
    read(count) {
      if (trouble() === "absent") return null;
      put(REGISTER.model, ...(trouble() === "other-part" ? [0xee, 0xaa] : [MODEL >> 8, MODEL & 255]));
      put(REGISTER.ready, ready() ? 3 : 2);
      if (ready()) result();
      return registers.slice(pointer, pointer + count);
    },
  };
}

const TROUBLES = {
  absent: "bus",
  "other-part": "device",
  hangs: "timeout",
  "dirty-window": "obstacle",
  "no-echo": "no-echo",
  "stray-light": "range",
} as const;

export const simulate: Simulate = (time, options) => {
  let wrong: keyof typeof TROUBLES | null = null;
  const sight = (): Sight =>
    wrong === "dirty-window"
      ? { status: STATUS.crossTalk }
      : wrong === "no-echo"
        ? { status: STATUS.lackOfSignal }
        : { mm: wrong === "stray-light" ? 12 : 870 };
  const part = (): Vl53l1xTrouble =>
    wrong === "absent" || wrong === "other-part" || wrong === "hangs" ? wrong : "none";
  return {
    i2c: createVl53l1xSim(options.address ?? 0, sight, () => time.nowMs(), part),
    expect: { distance: 870, "distance-spread": 0 },
    troubles: (Object.entries(TROUBLES) as [keyof typeof TROUBLES, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
};

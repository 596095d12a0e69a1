/**
 * A simulated SPS30, on either wire: it sleeps, wakes, measures, has new figures every second, none while its fan is
 * cleaned, and counts its cleanings.
 */
import type { Fault } from "../../wire/pack.js";
import { crc8 } from "../crc8.js";
import type { I2cPart, Simulate, Stream, UartPartMaker } from "../sim.js";
import { ADDRESS } from "./facts.js";
import { closed, createSps30Parser, READ, type Sps30 } from "./frame.js";
import { WORDS } from "./words.js";

/** The air in front of it: masses in µg/m³, number of particles up to 2.5 µm in a cm³, size in µm. */
export interface Scene {
  mass: [pm1: number, pm25: number, pm4: number, pm10: number];
  number25: number;
  sizeUm: number;
}

export type Sps30Trouble = "none" | "absent" | "bad-check" | "stuck-fan" | "restarted";

const SAMPLE_MS = 1000;
const CLEANING_MS = 10000;
/** So long it listens for a command after something moved on its line. */
const EAR_MS = 100;
const FAN_FAILED = 0x10;

/** The part itself, whatever wire it hangs on. Time is asked, not waited for. */
interface Core {
  awake(): boolean;
  /** Something moves on its line. */
  stir(): void;
  wake(): boolean;
  sleep(): boolean;
  start(): boolean;
  stop(): boolean;
  clean(): boolean;
  measuring(): boolean;
  fresh(): boolean;
  taken(): void;
}

function createCore(nowMs: () => number, cleaned: () => void): Core {
  let mode: "asleep" | "idle" | "measuring" = "idle";
  let earUntil = 0;
  let nextSample = 0;
  const to = (from: typeof mode, next: typeof mode): boolean => {
    if (mode !== from) return false;
    mode = next;
    return true;
  };
  return {
    awake: () => mode !== "asleep",
    stir: () => void (earUntil = nowMs() + EAR_MS),
    wake: () => nowMs() < earUntil && to("asleep", "idle"),
    sleep: () => to("idle", "asleep"),
    start() {
      if (!to("idle", "measuring")) return false;
      nextSample = nowMs() + SAMPLE_MS;
      return true;
    },
    stop: () => to("measuring", "idle"),
    clean() {
      if (mode !== "measuring") return false;
      nextSample = nowMs() + CLEANING_MS;
      cleaned();
      return true;
    },
    measuring: () => mode === "measuring",
    fresh: () => mode === "measuring" && nowMs() >= nextSample,
    taken: () => void (nextSample = nowMs() + SAMPLE_MS),
  };
}

/** The payload of a scene: ten float32. */
export function payloadOf({ mass, number25, sizeUm }: Scene): Buffer {
  const shares = [0.85, 0.98, 1, 1.01, 1.02];
  const values = [...mass, ...shares.map((share) => share * number25), sizeUm];
  const bytes = Buffer.alloc(40);
  values.forEach((value, i) => bytes.writeFloatBE(value, 4 * i));
  return bytes;
}

/** A whole answer to "read", as it goes over the wire. */
export function sampleFrame(scene: Scene, state = 0): string {
  const payload = payloadOf(scene).toString("latin1");
  return closed(String.fromCharCode(0, READ, state, payload.length) + payload);
}

export interface SimOptions {
  trouble?: () => Sps30Trouble;
  /** Is told of every cleaning. */
  cleaned?: () => void;
}

/** On UART. @param scene  is asked for every answer */
export function createSps30Sim(scene: () => Scene, nowMs: () => number, options: SimOptions = {}): UartPartMaker {
  const trouble = options.trouble ?? (() => "none" as const);
  const cleaned = options.cleaned ?? (() => undefined);
  return (emit) => {
    let on = false;
    let core = createCore(nowMs, cleaned);
    let heard = "";

    const answer = (command: number, done: boolean, data = ""): void => {
      const state = !done ? 0x43 : trouble() === "stuck-fan" ? 0x80 : 0;
      const frame = closed(String.fromCharCode(0, command, state, data.length) + data);
      emit(trouble() === "bad-check" ? frame.slice(0, 2) + "\x2a" + frame.slice(3) : frame);
    };
    const obey = (command: number): void => {
      if (command === 0x11) return answer(command, core.wake());
      if (!core.awake()) return;
      if (command === 0x10) return answer(command, core.sleep());
      if (command === 0x00) return answer(command, core.start());
      if (command === 0x01) return answer(command, core.stop());
      if (command === 0x56) return answer(command, core.clean());
      if (command !== READ || trouble() === "restarted" || !core.measuring()) return answer(command, false);
      if (!core.fresh()) return answer(command, true);
      core.taken();
      answer(command, true, payloadOf(scene()).toString("latin1"));
    };

    return {
      power(is) {
        on = is;
        heard = "";
        core = createCore(nowMs, cleaned);
      },
      receive(bytes) {
        if (!on || trouble() === "absent") return;
        core.stir();
        for (const byte of bytes) {
          heard += byte;
          if (byte !== "\x7e") continue;
          const command = commandOf(heard);
          if (command !== null) obey(command);
          heard = "\x7e";
        }
      },
    };
  };
}

/** The command of a whole frame from the board, or null if it is none. */
function commandOf(heard: string): number | null {
  const inner = heard.slice(heard.indexOf("\x7e") + 1, -1).replace(/\x7d([^])/g, (_, c: string) => unstuff(c));
  const bytes = Buffer.from(inner, "latin1");
  if (bytes.length < 4 || bytes[2] !== bytes.length - 4) return null;
  const sum = bytes.subarray(0, -1).reduce((a, b) => a + b, 0);
  return bytes[bytes.length - 1] === (~sum & 255) ? bytes[1]! : null;
}

function unstuff(byte: string): string {
  return String.fromCharCode(byte.charCodeAt(0) ^ 0x20);
}

/** On I²C. @param scene  is asked for every answer */
export function createSps30I2cSim(scene: () => Scene, nowMs: () => number, options: SimOptions = {}): I2cPart {
  const trouble = options.trouble ?? (() => "none" as const);
  const core = createCore(nowMs, options.cleaned ?? (() => undefined));
  let answer: number[] = [];
  const words = (bytes: Uint8Array): number[] => {
    const out: number[] = [];
    for (let i = 0; i < bytes.length; i += 2) {
      const high = bytes[i]!;
      const low = bytes[i + 1]!;
      out.push(high, low, crc8(high, low) ^ (trouble() === "bad-check" ? 1 : 0));
    }
    return out;
  };
  const is = (bytes: number[], command: number[]): boolean => command.every((byte, i) => bytes[i] === byte);

  return {
    address: ADDRESS,
    write(bytes) {
      if (trouble() === "absent") return false;
      answer = [];
      const heard = core.awake();
      if (is(bytes, WORDS.wake)) {
        // The first is not acknowledged: it only opens the ear.
        const woke = core.wake();
        core.stir();
        return woke || heard;
      }
      if (!heard) return false;
      if (is(bytes, WORDS.start)) return core.start();
      if (is(bytes, WORDS.stop)) core.stop();
      else if (is(bytes, WORDS.sleep)) core.sleep();
      else if (is(bytes, WORDS.clean)) core.clean();
      else if (is(bytes, WORDS.ready))
        answer = words(Uint8Array.of(0, core.fresh() && trouble() !== "restarted" ? 1 : 0));
      else if (is(bytes, WORDS.status))
        answer = words(Uint8Array.of(0, 0, 0, trouble() === "stuck-fan" ? FAN_FAILED : 0));
      else if (is(bytes, WORDS.read) && core.fresh()) {
        answer = words(payloadOf(scene()));
        core.taken();
      }
      return true;
    },
    read(count) {
      if (trouble() === "absent" || !core.awake() || answer.length === 0) return null;
      return Uint8Array.from(answer.slice(0, count));
    },
  };
}

/** Clean air after rain, as a round then says it. */
const SCENE: Scene = { mass: [5.5, 9.5, 12.5, 13.5], number25: 50, sizeUm: 0.75 };

/** On either wire. Its troubles are those that both of them name alike; for the others see test/firmware/air/sps30.test.ts. */
export const simulate: Simulate = (time) => {
  let now: Sps30Trouble = "none";
  const options: SimOptions = { trouble: () => now };
  const trouble = (name: Sps30Trouble, fault: Fault) => ({
    name,
    fault,
    arm: (on: boolean) => void (now = on ? name : "none"),
  });
  return {
    uart: createSps30Sim(
      () => SCENE,
      () => time.nowMs(),
      options,
    ),
    i2c: createSps30I2cSim(
      () => SCENE,
      () => time.nowMs(),
      options,
    ),
    expect: {
      "pm1-mass": 5.5,
      "pm25-mass": 9.5,
      "pm4-mass": 12.5,
      "pm10-mass": 13.5,
      "number-25": 50,
      "size-typical": 0.75,
    },
    troubles: [trouble("bad-check", "checksum"), trouble("stuck-fan", "device")],
  };
};

export const stream: Stream<Sps30> = {
  create: createSps30Parser,
  frames: [sampleFrame(SCENE), sampleFrame({ ...SCENE, number25: 80 })],
  // 0.9961 µm is 3F 7F 00 7E as a float: its last byte is the flag, stuffed.
  startInside: sampleFrame({ ...SCENE, sizeUm: Buffer.from("3f7f007e", "hex").readFloatBE(0) }),
  maxBytes: 90,
  noise: "\x7e\x00\x03\x7d\x7e\x7d\x5e",
  checked: true,
};

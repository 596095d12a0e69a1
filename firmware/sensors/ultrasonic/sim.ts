/** A simulated module of the FF family: a frame in every cycle, or one for each question. */
import type { Fault } from "../../wire/pack.js";
import type { Simulated, Stream, UartPartMaker } from "../sim.js";
import type { Reach } from "./frame.js";

/** What is in front of it: a distance in mm, nothing, something too near, or another sensor that shouts. */
export type Scene = number | "nothing" | "too-near" | "disturbed";

/** The four bytes of a number. */
export function frameOf(mm: number): string {
  const [high, low] = [(mm >> 8) & 255, mm & 255];
  return String.fromCharCode(0xff, high, low, (0xff + high + low) & 255);
}

/** The number that a part says for a scene. */
export function numberOf(reach: Reach, scene: Scene): number {
  if (scene === "disturbed") return 0xfffe;
  if (scene === "nothing" || (scene !== "too-near" && scene > reach.maxMm)) return 0;
  if (scene === "too-near") return reach.obstacleMm;
  return Math.round(scene);
}

/**
 * @param cycleMs  time between two frames, or between question and answer
 * @param ask      the byte that asks; empty: it speaks by itself
 * @param scene    is asked for every frame
 */
export function createUltrasonicSim(reach: Reach, cycleMs: number, ask: string, scene: () => Scene): UartPartMaker {
  return (emit, time) => {
    let stop: (() => void) | null = null;
    let powered = false;

    const say = (): void => {
      emit(frameOf(numberOf(reach, scene())));
      stop = ask === "" ? time.after(cycleMs, say) : null;
    };

    return {
      power(on) {
        stop?.();
        powered = on;
        stop = on && ask === "" ? time.after(cycleMs, say) : null;
      },
      receive(bytes) {
        // A question during a measurement is not heard.
        if (powered && ask !== "" && stop === null && bytes.includes(ask)) stop = time.after(cycleMs, say);
      },
    };
  };
}

/** What can go wrong with it, and the fault that a round then gives. */
const TROUBLES = {
  silent: "timeout",
  damaged: "checksum",
  "too-near": "obstacle",
  nothing: "no-echo",
  disturbed: "device",
} as const;

type Trouble = keyof typeof TROUBLES;

/** A part that sees something at `mm` for ever. */
export function simulateUltrasonic(reach: Reach, cycleMs: number, ask: string, mm: number): Simulated {
  let wrong: Trouble | null = null;
  const scene = (): Scene => (wrong === "too-near" || wrong === "nothing" || wrong === "disturbed" ? wrong : mm);
  const said = (bytes: string): string =>
    wrong === "silent"
      ? ""
      : wrong === "damaged"
        ? bytes.slice(0, 3) + String.fromCharCode(bytes.charCodeAt(3) ^ 0x55)
        : bytes;
  return {
    uart: (emit, time) => createUltrasonicSim(reach, cycleMs, ask, scene)((bytes) => emit(said(bytes)), time),
    expect: { distance: mm, "distance-spread": 0 },
    troubles: (Object.entries(TROUBLES) as [Trouble, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
}

/** Frames for the parser of such a part: the maker's own example, another, and one with its start byte inside. */
export function ultrasonicStream(create: Stream<number>["create"]): Stream<number> {
  return {
    create,
    frames: [frameOf(1953), frameOf(1000)],
    startInside: frameOf(0x03ff),
    maxBytes: 4,
    noise: "\xff\xff\x07\xff",
    checked: true,
  };
}

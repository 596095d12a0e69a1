/** A simulated part of MaxBotix' HRXL family: banner at power-up, then a line in every cycle. */
import type { Fault } from "../../wire/pack.js";
import type { Simulated, Stream, UartPartMaker } from "../sim.js";
import type { Reach } from "./reach.js";

/** What is in front of the sensor: a distance in mm, nothing at all, something too near, or a broken transducer. */
export type Scene = number | "nothing" | "too-near" | "broken";

/** Which part it is: its number in the banner, and its reach. */
export interface Model {
  partNumber: string;
  reach: Reach;
}

const START_MS = 160;

/** Text of the real part's start, with an R inside ("RoHS", "HRXL"). */
export function bannerOf(model: Model): string {
  return (
    `\rHRXL-MaxSonar-WR\rPN:${model.partNumber}\rCopyright 2011-2013\r` + "MaxBotix Inc.\rRoHS 1.8b090  0713\rTempI\r"
  );
}

/** The line that the sensor sends for a scene. */
export function lineOf({ reach }: Model, scene: Scene): string {
  const code =
    scene === "broken"
      ? 0
      : scene === "too-near" || (typeof scene === "number" && scene <= reach.obstacleMm)
        ? reach.obstacleMm
        : scene === "nothing" || scene > reach.maxMm
          ? (reach.noEchoMm[0] ?? 0)
          : Math.round(scene);
  return "R" + String(code).padStart(4, "0") + "\r";
}

/** @param scene  is asked at every cycle */
export function createMaxbotixSim(model: Model, scene: () => Scene): UartPartMaker {
  return (emit, time) => {
    let stop: (() => void) | null = null;

    const cycle = (): void => {
      emit(lineOf(model, scene()));
      stop = time.after(model.reach.cycleMs, cycle);
    };

    return {
      power(on) {
        stop?.();
        stop = null;
        if (!on) return;
        stop = time.after(START_MS, () => {
          emit(bannerOf(model));
          stop = time.after(model.reach.cycleMs, cycle);
        });
      },
      receive() {
        // The part has no receiving pin.
      },
    };
  };
}

/** What can go wrong with it, and the fault that a round then gives. */
const TROUBLES = {
  silent: "timeout",
  damaged: "checksum",
  broken: "electrical",
  "too-near": "obstacle",
  nothing: "no-echo",
  impossible: "range",
} as const;

type Trouble = keyof typeof TROUBLES;

/** A part that sees something at `mm` for ever. */
export function simulateMaxbotix(model: Model, mm: number): Simulated {
  let wrong: Trouble | null = null;
  const scene = (): Scene => (wrong === "broken" || wrong === "too-near" || wrong === "nothing" ? wrong : mm);
  const disturbed = (bytes: string): string =>
    wrong === "silent"
      ? ""
      : wrong === "damaged"
        ? bytes.replaceAll("\r", "\xf5")
        : wrong === "impossible"
          ? `R${String(model.reach.obstacleMm - 50).padStart(4, "0")}\r`
          : bytes;
  return {
    uart: (emit, time) => createMaxbotixSim(model, scene)((bytes) => emit(disturbed(bytes)), time),
    expect: { distance: mm, "distance-spread": 0 },
    troubles: (Object.entries(TROUBLES) as [Trouble, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
}

/** Lines for the parser of such a part; there is no check in them. */
export function maxbotixStream(model: Model, create: Stream<number>["create"]): Stream<number> {
  return {
    create,
    frames: [lineOf(model, 1234), lineOf(model, 2750), "R10500\r"],
    // The start byte cannot stand inside a line; the nearest thing is a line whose start was sent twice.
    startInside: "R" + lineOf(model, 1620),
    maxBytes: 7,
    noise: bannerOf(model) + "R12\xffRR",
    checked: false,
  };
}

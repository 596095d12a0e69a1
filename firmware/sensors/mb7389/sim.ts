/** A simulated MB7389: banner at power-up, then a line every 150 ms. */
import type { SimTime, UartPart } from "../sim.js";
import { CYCLE_MS, MAX_MM, OBSTACLE_MM } from "./facts.js";

/** What is in front of the sensor: a distance in mm, nothing at all, something too near, or a broken transducer. */
export type Scene = number | "nothing" | "too-near" | "broken";

/** Text of the real part's start, with an R inside ("RoHS", "HRXL"). */
export const BANNER = "\rHRXL-MaxSonar-WR\rPN:MB7389\rCopyright 2011-2013\rMaxBotix Inc.\rRoHS 1.8b090  0713\rTempI\r";
const START_MS = 160;

/** The line that the sensor sends for a scene. */
export function lineFor(scene: Scene): string {
  const code =
    scene === "broken"
      ? 0
      : scene === "too-near" || (typeof scene === "number" && scene <= OBSTACLE_MM)
        ? OBSTACLE_MM
        : scene === "nothing" || scene > MAX_MM
          ? 5000
          : Math.round(scene);
  return "R" + String(code).padStart(4, "0") + "\r";
}

/** @param scene  is asked at every cycle */
export function createMb7389Sim(scene: () => Scene): (emit: (bytes: string) => void, time: SimTime) => UartPart {
  return (emit, time) => {
    let stop: (() => void) | null = null;

    const cycle = (): void => {
      emit(lineFor(scene()));
      stop = time.after(CYCLE_MS, cycle);
    };

    return {
      power(on) {
        stop?.();
        stop = null;
        if (!on) return;
        stop = time.after(START_MS, () => {
          emit(BANNER);
          stop = time.after(CYCLE_MS, cycle);
        });
      },
      receive() {
        // The part has no receiving pin.
      },
    };
  };
}

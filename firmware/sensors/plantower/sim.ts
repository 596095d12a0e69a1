/**
 * A simulated counter of Plantower's: empty frames while its fan starts, a frame every second in active mode, and, if it
 * is one that takes commands, obedience, and a frame when asked in passive mode. Also what all of them are wired and
 * spoilt like.
 */
import type { Fault } from "../../wire/pack.js";
import { createFramer } from "../framer.js";
import type { Simulated, Stream, UartPartMaker } from "../sim.js";
import { sumOf, withSum, word } from "./frame.js";

/** The air in front of it, in µg/m³. */
export interface Air {
  pm1: number;
  pm25: number;
  pm10: number;
}

/** How far the fan has come: no counts before this, and a frame every second while active. */
const FAN_MS = 3000;
const ACTIVE_MS = 1000;
const DEAF_MS = 300;
const VERSION = 0x97;

export function u16(value: number): string {
  const n = Math.max(0, Math.min(0xffff, Math.round(value)));
  return String.fromCharCode(n >> 8, n & 255);
}

/** The atmospheric figure as the maker bends it: equal up to 30, two thirds of it beyond 45. */
function atmospheric(cf1: number): number {
  if (cf1 <= 30) return cf1;
  return cf1 < 45 ? 30 : (cf1 * 2) / 3;
}

/** The six words of mass. */
export function massWords(air: Air): number[] {
  const mass = [air.pm1, air.pm25, air.pm10];
  return [...mass, ...mass.map(atmospheric)];
}

/** The six words of counts that belong to such air. */
export function countWords(air: Air): number[] {
  const count = 30 + 160 * air.pm25;
  return [1, 0.3, 0.08, 0.02, 0.004, 0.001].map((share) => count * share);
}

/** A whole data frame of the PMS5003 and PMS7003. `counting` false: that of a sensor whose fan is not up yet. */
export function dataFrame(air: Air, counting = true, error = 0): string {
  const words = counting ? [...massWords(air), ...countWords(air)] : Array<number>(12).fill(0);
  return withSum("BM" + u16(28) + words.map(u16).join("") + String.fromCharCode(VERSION, error));
}

/**
 * @param frameOf  makes a data frame, asked for every one; `counting` false while the fan is not up
 * @param obeys    whether it takes commands
 */
export function createCounterSim(frameOf: (counting: boolean) => string, obeys = true): UartPartMaker {
  return (emit, time) => {
    let state: "off" | "asleep" | "awake" = "off";
    let active = true;
    let deaf = true;
    let counting = false;
    let stops: (() => void)[] = [];

    const later = (ms: number, fn: () => void): void => void stops.push(time.after(ms, fn));
    const rest = (): void => {
      stops.forEach((stop) => stop());
      stops = [];
    };
    const run = (): void => {
      if (active) emit(frameOf(counting));
      stops = stops.slice(-8);
      later(ACTIVE_MS, run);
    };
    const wakeUp = (): void => {
      rest();
      state = "awake";
      active = true;
      counting = false;
      deaf = true;
      later(DEAF_MS, () => (deaf = false));
      later(FAN_MS, () => (counting = true));
      later(ACTIVE_MS, run);
    };
    const answer = (command: number, data: number): void =>
      emit(withSum("BM" + u16(4) + String.fromCharCode(command, data)));

    const obey = (bytes: string): void => {
      const command = bytes.charCodeAt(2);
      const data = word(bytes, 3);
      if (command === 0xe4 && data === 1) {
        if (state === "asleep") wakeUp();
      } else if (state !== "awake" || deaf) {
        return;
      } else if (command === 0xe4) {
        rest();
        state = "asleep";
        answer(command, data);
      } else if (command === 0xe1) {
        active = data === 1;
        answer(command, data);
      } else if (command === 0xe2 && !active) {
        emit(frameOf(counting));
      }
    };

    const commands = createFramer(
      {
        maxBytes: 7,
        lengthOf: (bytes) => ("BM".startsWith(bytes.slice(0, 2)) ? 7 : -1),
        intact: (bytes) => word(bytes, 5) === sumOf(bytes, 5),
      },
      obey,
      () => {},
    );

    return {
      power(on) {
        rest();
        state = "off";
        if (on) wakeUp();
      },
      receive(bytes) {
        if (obeys && state !== "off") commands.push(bytes);
      },
    };
  };
}

/** The air of the folders' own simulations, as a round then says it. */
export const SCENE: Air = { pm1: 11, pm25: 22, pm10: 33 };
export const SCENE_MASSES = {
  "pm1-cf1": 11,
  "pm25-cf1": 22,
  "pm10-cf1": 33,
  "pm1-atm": 11,
  "pm25-atm": 22,
  "pm10-atm": 30,
};
export const SCENE_COUNT = 3550;

/**
 * A simulated counter with all that can be wrong with one.
 * @param frameOf  a data frame of the usual air, with this error byte
 * @param obeys    as in {@link createCounterSim}; one that does not obey has no error byte either
 */
export function simulateCounter(
  frameOf: (counting: boolean, error: number) => string,
  obeys: boolean,
  expect: Simulated["expect"],
): Simulated {
  let now = "none";
  const trouble = (name: string, fault: Fault): Simulated["troubles"][number] => ({
    name,
    fault,
    arm: (on) => void (now = on ? name : "none"),
  });
  const spoilt = (frame: string): string => {
    const middle = frame.length >> 1;
    const byte = String.fromCharCode(frame.charCodeAt(middle) ^ 0x10);
    return now === "damaged" ? frame.slice(0, middle) + byte + frame.slice(middle + 1) : frame;
  };
  const make = createCounterSim((counting) => {
    if (now === "saturated") return saturated(frameOf(counting, 0));
    return spoilt(frameOf(counting && now !== "fan-stuck", now === "own-error" ? 1 : 0));
  }, obeys);
  const troubles = [trouble("silent", "timeout"), trouble("damaged", "checksum"), trouble("saturated", "range")];
  if (obeys) troubles.push(trouble("own-error", "device"), trouble("fan-stuck", "device"));
  return {
    uart: (emit, time) => make((bytes) => now !== "silent" && emit(bytes), time),
    expect,
    troubles,
  };
}

/** The same frame with all its masses and counts at the end of their scale. */
function saturated(frame: string): string {
  const length = frame.length - 8;
  return withSum(frame.slice(0, 4) + "\xff".repeat(length) + frame.slice(4 + length, -2));
}

/** Frames for the parser of such a counter, two of other air and one that carries what frames begin with. */
export function counterStream<T>(create: Stream<T>["create"], frameOf: (air: Air) => string, noise: string): Stream<T> {
  const frames = [frameOf({ pm1: 5, pm25: 12, pm10: 20 }), frameOf({ pm1: 80, pm25: 160, pm10: 210 })];
  const startInside = frameOf({ pm1: 0x424d, pm25: frames[0].length - 4, pm10: 0x424d });
  return { create, frames, startInside, maxBytes: frames[0].length, noise, checked: true };
}

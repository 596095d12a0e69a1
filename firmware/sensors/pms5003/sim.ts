/**
 * A simulated PMS5003: wakes in active mode, sends empty frames while its fan starts, obeys commands, answers in
 * passive mode when asked.
 */
import { createFramer } from "../framer.js";
import { sumOf, withSum, word } from "../plantower/frame.js";
import type { SimTime, UartPart } from "../sim.js";

/** The air in front of it. */
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

function u16(value: number): string {
  const n = Math.max(0, Math.min(0xffff, Math.round(value)));
  return String.fromCharCode(n >> 8, n & 255);
}

/** The atmospheric figure as the maker bends it: equal up to 30, two thirds of it beyond 45. */
function atmospheric(cf1: number): number {
  if (cf1 <= 30) return cf1;
  return cf1 < 45 ? 30 : (cf1 * 2) / 3;
}

/** A whole data frame. `counting` false: the frame of a sensor whose fan is not up yet. */
export function dataFrame(air: Air, counting = true, error = 0): string {
  const mass = [air.pm1, air.pm25, air.pm10];
  const count = 30 + 160 * air.pm25;
  const counts = [1, 0.3, 0.08, 0.02, 0.004, 0.001].map((share) => count * share);
  const words = counting ? [...mass, ...mass.map(atmospheric), ...counts] : Array<number>(12).fill(0);
  return withSum("BM" + u16(28) + words.map(u16).join("") + String.fromCharCode(VERSION, error));
}

/**
 * @param air    is asked for every frame
 * @param error  the error byte of the frames, 0 for none
 */
export function createPms5003Sim(
  air: () => Air,
  error: () => number = () => 0,
): (emit: (bytes: string) => void, time: SimTime) => UartPart {
  return (emit, time) => {
    let state: "off" | "asleep" | "awake" = "off";
    let active = true;
    let deaf = true;
    let counting = false;
    let stops: (() => void)[] = [];

    const frame = (): string => dataFrame(air(), counting, error());
    const later = (ms: number, fn: () => void): void => void stops.push(time.after(ms, fn));
    const rest = (): void => {
      stops.forEach((stop) => stop());
      stops = [];
    };
    const run = (): void => {
      if (active) emit(frame());
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
        emit(frame());
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
        if (state !== "off") commands.push(bytes);
      },
    };
  };
}

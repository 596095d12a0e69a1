/** A simulated SDS011: sleeps, works, sends every second or waits to be asked. */
import type { Fault } from "../../wire/pack.js";
import { createFramer } from "../framer.js";
import type { Simulate, Stream, UartPartMaker } from "../sim.js";
import { COMMAND, createSds011Parser, type Sds011 } from "./frame.js";

/** The air in front of it, in µg/m³. */
export interface Air {
  pm25: number;
  pm10: number;
}

export type Sds011Trouble = "none" | "silent" | "damaged" | "laser-out" | "beyond";

const EVERY_MS = 1000;
const ID = [0x58, 0xd9];

function framed(kind: number, data: number[]): string {
  const sum = data.reduce((a, b) => a + b, 0) & 255;
  return String.fromCharCode(0xaa, kind, ...data, sum, 0xab);
}

/** A whole data frame. */
export function dataFrame({ pm25, pm10 }: Air): string {
  const low = (value: number): number[] => {
    const tenths = Math.max(0, Math.min(0xffff, Math.round(value * 10)));
    return [tenths & 255, tenths >> 8];
  };
  return framed(0xc0, [...low(pm25), ...low(pm10), ...ID]);
}

/**
 * @param air     is asked for every frame
 * @param active  whether it sends by itself, as it does when it leaves the factory
 */
export function createSds011Sim(
  air: () => Air,
  trouble: () => Sds011Trouble = () => "none",
  active = true,
): UartPartMaker {
  return (emit, time) => {
    let state: "off" | "asleep" | "working" = "off";
    let stop: () => void = () => undefined;

    const say = (bytes: string): void => {
      if (trouble() === "silent") return;
      emit(trouble() === "damaged" ? bytes.slice(0, 3) + "\x7f" + bytes.slice(4) : bytes);
    };
    const figures = (): string => {
      if (trouble() === "laser-out") return dataFrame({ pm25: 0, pm10: 0 });
      return dataFrame(trouble() === "beyond" ? { pm25: 6553.5, pm10: 6553.5 } : air());
    };
    const run = (): void => {
      if (active) say(figures());
      stop = time.after(EVERY_MS, run);
    };
    const work = (): void => {
      if (state === "working") return;
      state = "working";
      stop = time.after(EVERY_MS, run);
    };
    const rest = (to: typeof state): void => {
      stop();
      state = to;
    };
    const obey = (bytes: string): void => {
      const [id, set, value] = [bytes.charCodeAt(2), bytes.charCodeAt(3), bytes.charCodeAt(4)];
      if (id === 6 && set === 1 && value === 1) work();
      else if (state !== "working") return;
      else if (id === 6 && set === 1) rest("asleep");
      if (id === 6) say(framed(0xc5, [id, set, value, 0, ...ID]));
      else if (id === 4 && !active) say(figures());
    };
    const commands = createFramer(
      {
        maxBytes: COMMAND.read.length,
        lengthOf: (bytes) => ("\xaa\xb4".startsWith(bytes.slice(0, 2)) ? COMMAND.read.length : -1),
        intact(frame) {
          let sum = 0;
          for (let i = 2; i < 17; i++) sum += frame.charCodeAt(i);
          return frame.charCodeAt(17) === (sum & 255) && frame.charCodeAt(18) === 0xab;
        },
      },
      obey,
      () => undefined,
    );

    return {
      power(on) {
        rest("off");
        if (on) work();
      },
      receive(bytes) {
        if (state !== "off") commands.push(bytes);
      },
    };
  };
}

export const simulate: Simulate = () => {
  let now: Sds011Trouble = "none";
  const trouble = (name: Sds011Trouble, fault: Fault) => ({
    name,
    fault,
    arm: (on: boolean) => void (now = on ? name : "none"),
  });
  return {
    uart: createSds011Sim(
      () => ({ pm25: 18.4, pm10: 31.5 }),
      () => now,
    ),
    expect: { "pm25-mass": 18.4, "pm10-mass": 31.5 },
    troubles: [
      trouble("silent", "timeout"),
      trouble("damaged", "checksum"),
      trouble("laser-out", "device"),
      trouble("beyond", "range"),
    ],
  };
};

export const stream: Stream<Sds011> = {
  create: createSds011Parser,
  frames: [dataFrame({ pm25: 18.4, pm10: 31.5 }), dataFrame({ pm25: 0.6, pm10: 0.6 })],
  startInside: framed(0xc0, [0xaa, 0xc0, 0xaa, 0xc0, ...ID]),
  maxBytes: 10,
  noise: "\xaa\xc0\xaa\xaa\xc0\xab",
  checked: true,
};

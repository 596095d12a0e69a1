/** A simulated DGS-NO2: says a line a second after it was asked, of eleven numbers, or of seven as the DGS2 does. */
import type { Fault } from "../../wire/pack.js";
import type { Simulate, Stream, UartPartMaker } from "../sim.js";
import { createDgsParser, type DgsLine } from "./frame.js";

export type DgsTrouble = "none" | "silent" | "damaged" | "unsettled";

const SERIAL = "040217020156";
const ANSWER_MS = 1000;

/** A whole line. `short`: as the DGS2 sends it. */
export function dgsLine(ppb: number, short = false): string {
  const head = [SERIAL, Math.round(ppb), 21, 43, 32768 + Math.round(ppb), 25312, 29876];
  return (short ? head : [...head, 3, 14, 7, 59]).join(", ") + "\r\n";
}

/**
 * @param ppb    concentration, asked for every line
 * @param short  whether it is a DGS2
 */
export function createDgsSim(
  ppb: () => number,
  trouble: () => DgsTrouble = () => "none",
  short = false,
): UartPartMaker {
  return (emit, time) => {
    let on = false;
    let stop: () => void = () => undefined;
    const say = (): void => {
      const line = dgsLine(trouble() === "unsettled" ? -4000 : ppb(), short);
      emit(trouble() === "damaged" ? line.replace(", ", "\xfa ") : line);
    };
    return {
      power(is) {
        stop();
        on = is;
      },
      receive(bytes) {
        if (!on || trouble() === "silent" || !bytes.includes("\r")) return;
        stop();
        stop = time.after(ANSWER_MS, say);
      },
    };
  };
}

export const simulate: Simulate = () => {
  let now: DgsTrouble = "none";
  const trouble = (name: DgsTrouble, fault: Fault) => ({
    name,
    fault,
    arm: (on: boolean) => void (now = on ? name : "none"),
  });
  return {
    uart: createDgsSim(
      () => 38,
      () => now,
    ),
    expect: { "no2-module": 38 },
    troubles: [trouble("silent", "timeout"), trouble("damaged", "checksum"), trouble("unsettled", "range")],
  };
};

export const stream: Stream<DgsLine> = {
  create: createDgsParser,
  frames: [dgsLine(38), dgsLine(-7), dgsLine(1204)],
  // Every digit is what a line begins with.
  startInside: dgsLine(412),
  maxBytes: 96,
  noise: "0412, 38\n040217020156, 4",
  checked: false,
};

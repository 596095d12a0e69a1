/**
 * What a laid-out board (node/pages.ts) starts: `.bootcde`. It finds out which of the two images is to run, counts the
 * starts of one on trial, and hands over. It is never changed over the air, so it does no more than that.
 *
 * It runs as a function whose result stays as the global `aryk`. The line behind it (hardware/flash-image.ts) evaluates
 * the image at the top level and lets go of the rest, so that nothing of the loader stays in the heap of the image.
 */
import { boardFlash } from "./node/flash-board.js";
import type { Boot } from "./node/hal.js";
import { HANGS_S } from "./node/supervisor.js";
import { addVerdict, codeIn, STARTS, verdictsIn } from "./node/verdicts.js";

declare const E: { CRC32(text: string): number; enableWatchdog(seconds: number, auto: boolean): void; reboot(): void };
declare function setTimeout(fn: () => void, ms: number): number;
declare function print(text: string): void;

/** An image that failed, and is all there is, gets another start: not at once, because each start wears flash. */
const AGAIN_MS = 60000;

export interface Loaded extends Boot {
  /** The image; empty when there is none. */
  code: string;
  /** The image threw while it was evaluated. */
  threw(error: unknown): void;
}

const crc = (text: string): string => ("0000000" + E.CRC32(text).toString(16)).slice(-8);

/** Decides which image is to run. */
export function load(): Loaded {
  const boot: Loaded = { slot: -1, trial: false, ok: false, code: "", threw: () => undefined };
  const flash = boardFlash();
  if (flash === null) {
    print("aryk: flash is not laid out");
    return boot;
  }
  const told = verdictsIn(flash, crc);
  let slot = told.slot < 0 ? 0 : told.slot;
  let code = codeIn(flash, crc, slot);
  if (told.trial) {
    const why = code === "" ? "x" : told.starts >= STARTS ? "c" : "";
    if (why === "") boot.trial = addVerdict(flash, crc, told.end, "s", slot, "-");
    else addVerdict(flash, crc, told.end, "b", slot, why);
    // A start that cannot be counted is none: nothing would ever end it.
    if (!boot.trial) code = "";
  }
  if (code === "") {
    slot = 1 - slot;
    code = codeIn(flash, crc, slot);
  }
  if (code === "") {
    print("aryk: no image");
    return boot;
  }
  boot.slot = slot;
  boot.code = code;
  boot.threw = (error) => {
    print("aryk: image " + slot + ": " + error);
    if (!boot.trial) setTimeout(() => E.reboot(), AGAIN_MS);
    else {
      addVerdict(flash, crc, verdictsIn(flash, crc).end, "b", slot, "c");
      E.reboot();
    }
  };
  // Before the image runs: one that hangs in its first line must come to an end, too.
  if (boot.trial) E.enableWatchdog(HANGS_S, false);
  print("aryk slot " + slot + (boot.trial ? " on trial" : ""));
  return boot;
}

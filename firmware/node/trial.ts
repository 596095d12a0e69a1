/**
 * An image on trial proves itself by one pack of this start that the hub has on disk. If the link is up for long enough
 * and no such pack gets through, it gives itself up; while the link is down the clock stands, because that is not the
 * image's fault. What it cannot see for itself (crashes, no memory, hanging) the loader counts.
 */
import type { Form } from "./form.js";
import type { Hal } from "./hal.js";
import { noteReset } from "./reset.js";
import type { Outbox, Ref } from "./outbox.js";
import { slotsSay } from "./slots.js";
import type { SlotsHello } from "./slots.js";
import { addVerdict, verdictsIn } from "./verdicts.js";

/** What a link tells of itself. */
export interface LinkEvents {
  up(): void;
  down(): void;
}

export interface Trial {
  /** What hello says of slots and flash. */
  says: SlotsHello;
  outbox: Outbox;
  /** The link, watched over; up for less than `leastMs` it proves nothing against the image. */
  watch: Watch;
}

export type Watch = <E extends LinkEvents, L extends { start(events: E): void }>(link: L, leastMs: number) => L;

const PERIODS = 3;
const REBOOT_AFTER_MS = 1000;

type TrialHal = Pick<Hal, "flash" | "boot" | "crc32Hex" | "store" | "after" | "reboot" | "uptimeMs" | "print">;

/**
 * Watches over link and outbox of an image on trial; hands them back as they are when it is none. `start` is what this
 * start's lines are numbered with: `<epoch>.<boot>`. Called when the set-up is sound: the loader is told so.
 */
export type OnTrial = (
  hal: TrialHal,
  outbox: Outbox,
  form: Pick<Form, "packOf">,
  start: string,
  periodMs: number,
) => Trial;

export const onTrial: OnTrial = (hal, outbox, form, start, periodMs) => {
  const flash = hal.flash;
  const boot = hal.boot;
  const says = slotsSay(hal);
  if (boot !== null) boot.ok = true;
  if (flash === null || boot === null || !boot.trial) return { says: says, outbox: outbox, watch: (link) => link };
  let leftMs = 0;
  let upSinceMs = -1;
  let callOff: () => void = () => undefined;

  const conclude = (verb: string, why: string): boolean =>
    addVerdict(flash, hal.crc32Hex, verdictsIn(flash, hal.crc32Hex).end, verb, boot.slot, why);
  const fail = (): void => {
    if (!boot.trial) return;
    conclude("b", "s");
    noteReset(hal.store, "update");
    hal.print("trial: no pack got through");
    hal.after(REBOOT_AFTER_MS, hal.reboot);
  };
  const down = (): void => {
    if (upSinceMs >= 0) leftMs -= hal.uptimeMs() - upSinceMs;
    upSinceMs = -1;
    callOff();
  };
  const up = (): void => {
    down();
    upSinceMs = hal.uptimeMs();
    if (boot.trial) callOff = hal.after(Math.max(leftMs, 0), fail);
  };
  const watch = <E extends LinkEvents, L extends { start(events: E): void }>(link: L, leastMs: number): L => {
    leftMs = Math.max(leastMs, PERIODS * periodMs);
    return Object.assign({}, link, {
      start: (events: E): void =>
        link.start(
          Object.assign({}, events, {
            up: () => {
              up();
              events.up();
            },
            down: () => {
              down();
              events.down();
            },
          }),
        ),
    });
  };
  return {
    says: says,
    watch: watch,
    outbox: Object.assign({}, outbox, {
      settle: (ref: Ref): void => {
        const record = boot.trial ? outbox.line(ref) : undefined;
        outbox.settle(ref);
        if (record === undefined || form.packOf(record).indexOf(start + ".") !== 0) return;
        if (!conclude("g", "-")) return;
        boot.trial = false;
        callOff();
        hal.print("trial: good");
      },
    }),
  };
};

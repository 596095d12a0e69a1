/**
 * A post's way to a LoRaWAN network without its sensors: outbox in flash, sender and module driver as in an image, a
 * pack each period, and the simulated module at the other end of the UART. For long runs with faults.
 */
import { binaryForm } from "../../../firmware/node/form-binary.js";
import type { Hal } from "../../../firmware/node/hal.js";
import { nextIdentity } from "../../../firmware/node/identity.js";
import { openOutbox } from "../../../firmware/node/outbox.js";
import type { Outbox } from "../../../firmware/node/outbox.js";
import { createLoraSender } from "../../../firmware/node/sender-lora.js";
import { back, go, piece, want } from "../../../firmware/node/slots.js";
import type { SlotsPost } from "../../../firmware/node/slots.js";
import { TRIAL_MS } from "../../../firmware/node/link-lora.js";
import { onTrial } from "../../../firmware/node/trial.js";
import { createRn2483 } from "../../../firmware/node/uplink-lora.js";
import { joinUart } from "../../../firmware/sensors/sim.js";
import type { UartPartMaker } from "../../../firmware/sensors/sim.js";
import type { Hello, Reading } from "../../../firmware/wire/pack.js";
import type { SteppedClock } from "../../../hub/clock.js";
import { tagWith } from "../../../hub/pipeline/tag.js";
import { flashHal } from "../vm-hal.js";
import type { Start } from "../vm-loader.js";
import type { VmStorage } from "../vm-storage.js";

export const APP_KEY = "000102030405060708090a0b0c0d0e0f";
export const BOARD = "post-1";
/** The board's own key, which seals what the hub asks of it. */
export const BOARD_KEY = Buffer.alloc(32, 3);
export const JOIN_EUI = "70b3d57ed0000000";

export interface LoraPost {
  outbox: Outbox;
  epoch: string;
  boot: number;
  /** Numbers that this start has given. */
  made(): number;
  /** Commands that it carried out. */
  obeyed: string[];
  /** What the port is used for: true while a round of measuring has it. */
  measuring(): boolean;
  /** What the module driver knows of the noise. */
  snrDb(): number | null;
  stop(): void;
}

export interface LoraPostOptions {
  clock: SteppedClock;
  storage: VmStorage;
  part: UartPartMaker;
  periodMs: number;
  random: () => number;
  readings(seq: number): Reading[];
  slots?: number;
  /** How long a round keeps the port for itself. */
  roundMs?: number;
  /** What the loader started: with it the post takes images in, and proves itself on trial. */
  start?: Start;
}

const VERBS: Record<string, (post: SlotsPost, body: string, words: string[]) => boolean> = { want, piece, go, back };

/** Switches the post on. */
export function startLoraPost(options: LoraPostOptions): LoraPost {
  const { clock, storage, random, periodMs, roundMs = 500 } = options;
  const startedMs = clock.now();
  let alive = true;
  /** A round waits for the port, or has it. */
  let waiting = false;
  let measuring = false;
  let seq = 0;
  const after: Hal["after"] = (ms, fn) => clock.after(ms, () => alive && fn());
  const uptimeMs = (): number => Math.round(clock.now() - startedMs);
  const flash = flashHal(storage);
  const identity = nextIdentity(flash);
  const form = binaryForm(identity);
  const { uart, part } = joinUart(options.part, { after: (ms, fn) => clock.after(ms, fn) });
  part.power(true);
  const hal = { after, uptimeMs, random, print: () => undefined, pins: null };
  const radio = createRn2483(hal, uart, { joinEui: JOIN_EUI, appKey: APP_KEY, band: "868", dutyPercent: 1 }, null);
  const gapLine = (gap: Parameters<typeof form.gap>[2]): string => form.gap(++seq, uptimeMs(), gap);
  const outbox = openOutbox(flash, options.slots ?? 12, gapLine, form);
  const obeyed: string[] = [];
  const { start } = options;
  const trial =
    start === undefined
      ? null
      : onTrial({ ...start.post.hal, after, uptimeMs }, outbox, form, `${identity.epoch}.${identity.boot}`, periodMs);
  const obey = (body: string): boolean => {
    if (start === undefined) return true;
    const words = body.split(",");
    const hal = { ...start.post.hal, after };
    return VERBS[words[0]]({ hal, say: (said) => sender.say?.(said) }, body, words);
  };
  const says = (): Hello => ({
    ...{ image: "underpass", version: "1", reset: "power", waiting: outbox.waiting() },
    ...trial?.says,
  });
  const sender = createLoraSender({
    ...{ hal, identity, board: BOARD, mac: tagWith(BOARD_KEY), says },
    ...{ outbox: trial?.outbox ?? outbox, radio: trial?.watch(radio, TRIAL_MS) ?? radio },
    hello: () => form.hello(uptimeMs(), says()),
    obey: (command) => {
      obeyed.push(command);
      return obey(command);
    },
    heard: () => undefined,
  });

  const round = (): void => {
    after(periodMs, round);
    if (waiting) return;
    waiting = true;
    sender.hold(() => {
      measuring = true;
      after(roundMs, () => {
        waiting = false;
        measuring = false;
        seq += 1;
        outbox.add(form.pack(seq, uptimeMs(), form.parts(options.readings(seq))));
        after(0, sender.wake);
      });
    });
  };
  after(0, sender.start);
  after(5000, round);
  return {
    ...{ outbox, epoch: identity.epoch, boot: identity.boot, obeyed },
    made: () => seq,
    measuring: () => measuring,
    snrDb: radio.snrDb,
    stop() {
      alive = false;
      part.power(false);
    },
  };
}

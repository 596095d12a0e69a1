/**
 * Brings what waits in the outbox to the hub over a narrow radio, where an answer comes in the windows behind some later
 * message, if at all: hello first, then the newest, then what is older. Messages go out without waiting for each other;
 * now and then one asks (by its port) which of them are on the hub's disk, and only that answer settles them. What an
 * answer does not name, though it went out before the one that asked, was lost on the air and goes again.
 *
 * Answers cost the gateway air time that it shares with every post in reach, so that few are asked for. A post that gets
 * none goes on sending what is new, and tries the rest less and less often.
 */
import { KIND_ACK, MAP_BITS, PORT, PORT_ASKING } from "../wire/binary.js";
import { binaryWord, numbersOf, orderIn, readArray, stampOf } from "../wire/binary.js";
import type { Numbered, Said } from "../wire/binary.js";
import type { Hello } from "../wire/pack.js";
import { createBackoff } from "./backoff.js";
import { onAir } from "./form-binary.js";
import type { Hal } from "./hal.js";
import type { Identity } from "./identity.js";
import type { Outbox, Ref } from "./outbox.js";
import type { Radio } from "./radio.js";
import type { Sender } from "./sender.js";

/** Messages without an answer, after which the next one asks. */
const ASK_AFTER = 4;
/** Messages that may be out unanswered. */
const OUT_MAX = MAP_BITS;
const FIRST_PAUSE_MS = 60000;
const LONGEST_PAUSE_MS = 3600000;
/** Hello is said again after so long: the hub counts time from it. */
const HELLO_EVERY_MS = 86400000;
/** Most messages between two hellos that nobody answered. */
const HELLO_GAP = 8;

export interface LoraDeps {
  hal: Pick<Hal, "after" | "uptimeMs" | "random">;
  outbox: Outbox;
  radio: Radio;
  identity: Identity;
  board: string;
  /** Tags with the board's key. */
  mac(text: string): string;
  /** A fresh hello. */
  hello(): string;
  /** What a hello would say if it had room; where there are slots, a word of its own behind each hello says it. */
  says(): Hello;
  /** Carries out a command of the hub's; true when the hub must hear a hello. */
  obey(command: string): boolean;
  /** The hub has answered. */
  heard(): void;
}

const HELLO = 0;
const SLOTS = 1;
const WORD = 2;

interface Out {
  ref: Ref;
  boot: number;
  seq: number;
  /** Which message it was, counted from 1. */
  order: number;
}

function has(map: number, bit: number): boolean {
  return bit >= 0 && bit < MAP_BITS && ((map >> bit) & 1) === 1;
}

/** What a hello has no room for. Of an image that is half there its name is said, of refused settings the first. */
function slotsWord(hello: Hello): Said {
  const has = hello.has === undefined ? undefined : hello.has.substr(0, 8);
  const refused = hello.refused === undefined ? undefined : hello.refused.split(",")[0];
  const said: Said = { verb: "slots", to: hello.runs, slot: hello.slot, refused: refused };
  said.period = hello.period;
  said.back = hello.back;
  said.has = has;
  said.wear = hello.wear;
  return said;
}

/** Makes a sender; it does nothing before `start`. */
export function createLoraSender(deps: LoraDeps): Sender {
  const hal = deps.hal;
  const radio = deps.radio;
  const backoff = createBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, hal.random);
  const stamp = stampOf(deps.identity.epoch);
  let out: Out[] = [];
  let order = 0;
  let up = false;
  let sending = false;
  let held = false;
  /** The first message of a start asks: the sooner a new image knows that it is heard. */
  let sinceAnswer = ASK_AFTER;
  let asked = false;
  let greetedMs = -1;
  let helloGap = 0;
  let sinceHello = 0;
  /** The message that the last answer was to, as `order` counts. */
  let answeredOrder = 0;
  let word = "";
  let wordDue = false;
  /** The hub must hear of the slots. */
  let owesSlots = deps.says().runs !== undefined;
  /** What the last message without a number was. */
  let last = HELLO;
  let stopPause: (() => void) | null = null;
  let pump: () => void = () => undefined;

  const pause = (ms: number, then: () => void): void => {
    if (stopPause !== null) stopPause();
    stopPause = hal.after(ms, () => {
      stopPause = null;
      then();
    });
  };

  const isSame = (ref: Ref, slot: number, serial: number, at: number): boolean =>
    ref.at === at && ref.serial === serial && ref.slot === slot;
  const isOut = (slot: number, serial: number, at: number): boolean =>
    out.some((one) => isSame(one.ref, slot, serial, at));
  const forget = (ref: Ref): void => {
    out = out.filter((one) => !isSame(one.ref, ref.slot, ref.serial, ref.at));
  };
  const isNewer = (a: Ref, b: Ref): boolean => a.serial > b.serial || (a.serial === b.serial && a.at > b.at);
  const newestOut = (): Ref | null =>
    out.reduce((best: Ref | null, one) => (best === null || isNewer(one.ref, best) ? one.ref : best), null);

  const note = (ref: Ref, by: Numbered): void => {
    forget(ref);
    out.push({ ref: ref, boot: by.boot, seq: by.seq, order: order });
    if (out.length > OUT_MAX) out.shift();
  };

  /** Puts a message on the air; `ref` is null for a hello and for a word. */
  const launch = (ref: Ref | null, bytes: string, asking: boolean, greets: boolean): void => {
    sending = true;
    // Before it goes: an answer may come in its own windows.
    const before = asked;
    if (asking) asked = true;
    if (ref !== null) sinceAnswer += 1;
    radio.send(asking ? PORT_ASKING : PORT, bytes, (went, waitMs) => {
      sending = false;
      if (went) {
        sinceHello += 1;
        if (greets) {
          sinceHello = 0;
          helloGap = helloGap === 0 ? 1 : Math.min(2 * helloGap, HELLO_GAP);
        }
      } else {
        asked = before;
        if (ref === null) wordDue = true;
        else {
          sinceAnswer -= 1;
          forget(ref);
        }
      }
      if (held || !up) return;
      pause(waitMs, pump);
      if (waitMs > 1000) radio.rest();
    });
  };

  const wantsHello = (): boolean => {
    if (greetedMs >= 0) return hal.uptimeMs() - greetedMs > HELLO_EVERY_MS;
    return sinceHello >= helloGap;
  };

  const send = (ref: Ref, asking: boolean): void => {
    const record = deps.outbox.line(ref);
    const bytes = record === undefined ? "" : onAir(record);
    const numbers = numbersOf(bytes);
    if (numbers === undefined) {
      // The ring has dropped it meanwhile, or an image with another uplink left it there.
      forget(ref);
      deps.outbox.settle(ref);
      hal.after(0, pump);
      return;
    }
    order += 1;
    note(ref, numbers.by);
    launch(ref, bytes, asking, false);
  };

  pump = () => {
    if (!up || sending || held || stopPause !== null) return;
    if (wantsHello()) {
      owesSlots = deps.says().runs !== undefined;
      last = HELLO;
      return launch(null, deps.hello(), true, true);
    }
    const fresh = deps.outbox.newest(isOut);
    const newest = newestOut();
    const live = fresh !== null && (newest === null || isNewer(fresh, newest));
    // Sent before what was answered, and too far from it for the answer to say: it asks for itself.
    const untold = live || greetedMs < 0 ? undefined : out.find((one) => one.order < answeredOrder);
    if (untold !== undefined) return send(untold.ref, true);
    // Beyond what an answer can cover, and before anybody has answered at all, only what is new goes out.
    if (fresh !== null && (live || (out.length < OUT_MAX && greetedMs >= 0)))
      return send(fresh, sinceAnswer >= ASK_AFTER);
    if (wordDue && greetedMs >= 0 && (owesSlots || word !== "")) {
      wordDue = false;
      last = owesSlots ? SLOTS : WORD;
      const by = { epoch: deps.identity.epoch, boot: deps.identity.boot, seq: 0 };
      const said = owesSlots ? slotsWord(deps.says()) : (JSON.parse(word) as Said);
      return launch(null, binaryWord(by, hal.uptimeMs(), said), true, false);
    }
    if (asked)
      pause(backoff.next(), () => {
        const again = newestOut();
        wordDue = true;
        if (again === null) sinceHello = helloGap;
        if (again === null || !asked || !up || sending || held) return pump();
        send(again, true);
      });
    radio.rest();
  };

  /** What the hub says of the messages around the one that asked. */
  const answered = (boot: number, seq: number, below: number, above: number): void => {
    const base = out.find((one) => one.boot === boot && one.seq === seq);
    const until = base === undefined ? 0 : base.order;
    const left: Out[] = [];
    out.forEach((one) => {
      const behind = seq - one.seq;
      const known = one.boot === boot && (behind === 0 || has(below, behind - 1) || has(above, -behind - 1));
      if (known) deps.outbox.settle(one.ref);
      // Named by neither map: lost, if it was on the air before; the outbox gives it out again.
      else if (one.boot !== boot || one.order > until || behind > MAP_BITS || -behind > MAP_BITS) left.push(one);
    });
    out = left;
    const numberless = seq === 0 && boot === deps.identity.boot;
    if (numberless && last === SLOTS) owesSlots = false;
    if (numberless && last === HELLO) {
      greetedMs = hal.uptimeMs();
      helloGap = 0;
      wordDue = true;
    }
    // One that comes twice, or late, says nothing of what was asked since.
    if (base !== undefined) {
      sinceAnswer = 0;
      answeredOrder = until;
      asked = left.some((one) => one.order < until);
    } else if (numberless && left.length === 0) asked = false;
    backoff.reset();
    deps.heard();
  };

  const receive = (bytes: string): void => {
    const items = readArray(bytes);
    if (items === null || items.length < 5 || items[1] !== stamp) return;
    const boot = items[2] as number;
    if (items[0] === KIND_ACK && items.length === 6)
      answered(boot, items[3] as number, items[4] as number, items[5] as number);
    else if (boot === deps.identity.boot) {
      const body = orderIn(items, deps.board, deps.identity.epoch, deps.mac);
      if (body === "") return;
      // It is an answer, too: to a word the hub gives no other.
      if (out.length === 0) asked = false;
      if (last === SLOTS) owesSlots = false;
      backoff.reset();
      deps.heard();
      if (deps.obey(body)) {
        // What it has become stands in a hello.
        greetedMs = -1;
        sinceHello = helloGap;
      }
    }
    if (stopPause === null) hal.after(0, pump);
  };

  return {
    start: () =>
      radio.start({
        up: () => {
          up = true;
          hal.after(0, pump);
        },
        down: () => {
          up = false;
          if (stopPause !== null) stopPause();
          stopPause = null;
        },
        message: (_port, bytes) => receive(bytes),
      }),
    wake: () => {
      if (held) {
        held = false;
        radio.release();
      }
      // A pause that waits for an answer ends with the first thing that is new.
      if (stopPause !== null) stopPause();
      stopPause = null;
      wordDue = true;
      pump();
    },
    say: (body) => {
      word = body;
      wordDue = true;
      hal.after(0, pump);
    },
    hold: (then) => {
      held = true;
      radio.hold(then);
    },
  };
}

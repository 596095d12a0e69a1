/**
 * Brings what waits in the outbox to the hub: hello first, whenever the link is new, then one line at a time, the
 * newest first, while nothing is measured. A line is settled only by the hub's acknowledgement; everything else leads
 * to another attempt.
 */
import { ACK_OK_RECEIPTS } from "../wire/line.js";
import type { Line } from "../wire/line.js";
import { createBackoff } from "./backoff.js";
import type { Hal } from "./hal.js";
import type { Outbox, Ref } from "./outbox.js";
import type { HubTime } from "./time.js";

export interface UplinkEvents {
  /** The link can carry lines now. */
  up(): void;
  down(): void;
  /** A whole line came. Its seal is not checked yet. */
  line(line: Line): void;
}

export interface Uplink {
  /** How long an answer may take. */
  answerMs: number;
  start(events: UplinkEvents): void;
  /**
   * Puts a line on the wire. `again` says that these bytes went out before. `taken` is called if the link itself
   * acknowledges (a broker's PUBACK). It counts if the hub said so in its answer to hello; else only its ack line does.
   */
  send(line: string, again: boolean, taken: () => void): void;
  /** No answer came in time. */
  unanswered(): void;
  /** There is something to say. A link that is always there need not be told. */
  wanted?: () => void;
  /** Ends what is under way, frees the port and calls back; `wanted` takes it back. Where no sensor needs the port: none. */
  hold?: (then: () => void) => void;
  /** Strength of what is received, in dBm; null when it is not known. A link without a radio has none. */
  signalDbm?: () => number | null;
  /** Leaves the radio network: the next attempt joins it anew. A link without a radio has none. */
  rejoin?: () => void;
}

export interface SenderDeps {
  hal: Hal;
  outbox: Outbox;
  uplink: Uplink;
  hubTime: HubTime;
  board: string;
  /** A fresh hello line, and a fresh line for a word to the hub: neither is kept in flash. */
  hello(): string;
  word(body: string): string;
  /** True while a round of measuring is under way. */
  measuring(): boolean;
  /** Whether the line's tag was made with this board's key. A command that is genuine is carried out: true if the hub must hear a hello. */
  heeds(line: Line): boolean;
  /** The hub has answered. */
  heard(): void;
}

export interface Sender {
  start(): void;
  /** Something new waits. */
  wake(): void;
  /** Lets go of what a round of measuring shares with the link, and calls back; `wake` ends that. */
  hold(then: () => void): void;
  /**
   * Says something to the hub once nothing else waits, and again after each `wake` until it is replaced; an empty text
   * ends it. It is worth nothing after the next start: it is not kept in flash, here or there. A narrow link has none.
   */
  say?: (body: string) => void;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300000;
/** Unanswered lines in a row after which the link counts as new, so that hello goes first again. */
const LOST_AFTER = 3;
/** The hub's time is asked for again (by a hello) when it was last heard so long ago. */
const TIME_STALE_MS = 86400000;
/** Pause between a command and the hello that tells of it. */
const HELLO_AFTER_MS = 10;

interface Flight {
  /** Null for a hello and for a word. */
  ref: Ref | null;
  /** `<epoch>.<boot>.<seq> <uptimeMs>` as the ack must repeat it. */
  key: string;
  sentMs: number;
  stopWaiting: () => void;
}

/** Number and uptime of a line as it stands there. Found without cutting the line up, which would double it. */
function keyOf(line: string): string {
  let from = 0;
  for (let i = 0; i < 3; i++) from = line.indexOf(" ", from) + 1;
  const middle = line.indexOf(" ", from);
  return line.substr(from, line.indexOf(" ", middle + 1) - from);
}

/** Makes a sender; it does nothing before `start`. */
export function createSender(deps: SenderDeps): Sender {
  const hal = deps.hal;
  const backoff = createBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, hal.random);
  let up = false;
  let greeted = false;
  let receipts = false;
  let flight: Flight | null = null;
  let hello: Flight | null = null;
  let stopPause: (() => void) | null = null;
  let unanswered = 0;
  let lastKey = "";
  /** 1: the hub must hear from a hello that nothing waits; 2: that hello is out. */
  let owes = 1;
  let word = "";
  let wordDue = false;
  /** A round waits for what is under way to come to its end. */
  let holding = false;

  const land = (): void => {
    if (flight === null) return;
    flight.stopWaiting();
    flight = null;
  };

  let pump: () => void = () => undefined;

  const taken = (landed: Flight): void => {
    if (flight !== landed) return;
    land();
    backoff.reset();
    unanswered = 0;
    if (landed.ref !== null) deps.outbox.settle(landed.ref);
    else if (landed === hello) {
      greeted = true;
      if (owes > 1) owes = 0;
    }
    deps.heard();
    pump();
  };

  const endPause = (): void => {
    if (stopPause !== null) stopPause();
    stopPause = null;
  };

  const failed = (): void => {
    land();
    unanswered += 1;
    if (unanswered >= LOST_AFTER) greeted = false;
    stopPause = hal.after(backoff.next(), () => {
      stopPause = null;
      pump();
    });
    deps.uplink.unanswered();
  };

  const launch = (ref: Ref | null, line: string, greets: boolean): void => {
    const key = keyOf(line);
    const now: Flight = { ref: ref, key: key, sentMs: hal.uptimeMs(), stopWaiting: () => undefined };
    now.stopWaiting = hal.after(deps.uplink.answerMs, failed);
    flight = now;
    if (greets) hello = now;
    const again = key === lastKey;
    lastKey = key;
    deps.uplink.send(line, again, () => {
      if (receipts && !greets) taken(now);
    });
  };

  pump = () => {
    // A round has the board for itself: a radio that sends disturbs what is measured, and a line takes heap.
    if (!up || stopPause !== null || flight !== null || (deps.measuring() && !holding)) return;
    const timeIsOld = deps.hubTime.ageMs(hal.uptimeMs()) > TIME_STALE_MS;
    const ref = deps.outbox.newest();
    if (
      !greeted ||
      (owes > 0 && ref === null) ||
      (timeIsOld && hello !== null && hal.uptimeMs() - hello.sentMs > TIME_STALE_MS)
    ) {
      if (owes > 0) owes = ref === null ? 2 : 1;
      launch(null, deps.hello(), true);
      return;
    }
    if (ref === null) {
      if (word === "" || !wordDue) return;
      wordDue = false;
      launch(null, deps.word(word), false);
      return;
    }
    const line = deps.outbox.line(ref);
    if (line !== undefined) launch(ref, line, false);
  };

  /**
   * An ack counts if it is the hub's, for this board, and repeats number and uptime of a line that is out; a command, if
   * it repeats those of the last one that went out: one that was recorded comes too late.
   */
  const receive = (line: Line): void => {
    if (line.board !== deps.board) return;
    const key = line.epoch + "." + line.boot + "." + line.seq + " " + line.uptimeMs;
    if (line.type === "command") {
      // Not in a round, which needs the heap: the hub repeats the command until the board has obeyed.
      if (key !== lastKey || deps.measuring()) return;
      if (deps.heeds(line)) {
        greeted = false;
        owes = 1;
      }
      // There may be a reply to send. A hello is told from an earlier one by its uptime.
      hal.after(HELLO_AFTER_MS, pump);
      return;
    }
    if (line.type !== "ack") return;
    const answersFlight = flight !== null && key === flight.key;
    if (!answersFlight && (hello === null || key !== hello.key)) return;
    if (!deps.heeds(line)) return;
    const answered = answersFlight ? flight : hello;
    if (answered === null) return;
    if (answered === hello) receipts = line.body === ACK_OK_RECEIPTS;
    deps.hubTime.learn(line, answered.sentMs, hal.uptimeMs());
    taken(answered);
  };

  return {
    start: () =>
      deps.uplink.start({
        up: () => {
          up = true;
          greeted = false;
          receipts = false;
          endPause();
          hal.after(0, pump);
        },
        down: () => {
          up = false;
          land();
        },
        line: receive,
      }),
    wake: () => {
      wordDue = true;
      // What is new is worth an attempt of its own: a flood must not wait for a pause that grew in an outage.
      endPause();
      if (deps.uplink.wanted !== undefined) deps.uplink.wanted();
      pump();
    },
    // The line sender stands still while a round is under way.
    hold: (then) => {
      if (deps.uplink.hold === undefined) return then();
      holding = true;
      deps.uplink.hold(() => {
        holding = false;
        then();
      });
    },
    say: (body) => {
      word = body;
      wordDue = true;
      hal.after(0, pump);
    },
  };
}

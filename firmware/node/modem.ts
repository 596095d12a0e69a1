/**
 * An NB-IoT or LTE-M modem of the BG96 class over a UART, as a stream for the MQTT client (Quectel, BG96 TCP/IP AT
 * Commands Manual V1.0: sockets in buffer access mode; BG96 AT Commands Manual V2.3: registration, power saving).
 *
 * It works in sessions: a session begins when the post has something to say (`wanted`) and ends when for some seconds
 * nothing was said by either side. Between two of them the modem is in power saving mode and its port is free: a board
 * with one UART lends it to a sensor meanwhile. Whatever goes wrong ends the session; the next one begins from the start.
 */
import type { Uart } from "../sensors/sensor.js";
import { createAt } from "./at.js";
import { createBackoff } from "./backoff.js";
import type { Hal, Stream, StreamEvents } from "./hal.js";
import { closeSocket, openSocket, readSocket, sendSocket } from "./modem-socket.js";
import { startBg96 } from "./modem-start.js";

export interface Modem {
  connect: Hal["connect"];
  /** There is something to say: a session begins, now or when the client wants to connect. */
  wanted(): void;
  /** Lets the session come to its end, within bounds, frees the port and calls back; `wanted` takes it back. */
  hold(then: () => void): void;
  /** The next session begins with a modem that was started anew. */
  rejoin(): void;
  /** Strength of what was received at the last session, in dBm. */
  signalDbm(): number | null;
}

const BAUD = 115200;
/** Pauses before the next attempt, when a session came to nothing. */
const FIRST_PAUSE_MS = 60000;
const LONGEST_PAUSE_MS = 3600000;
/** Silence after which a session is over, and the same where a round waits for the port. */
const IDLE_MS = 5000;
const IDLE_HELD_MS = 2000;
/**
 * The same while something is unanswered: in poor coverage each way takes seconds, ten and more in NB-IoT's deepest. The
 * client gives up on its answer after 30 s.
 */
const UNANSWERED_MS = 31000;
/** A session that is under way may keep a round of measuring waiting for so long. */
const HOLD_MS = 20000;
/** Most bytes that are sent at once. */
const SEND_MAX = 1024;

/** The modem on a UART; `key` is the switch that pulls its power key, null where it starts and wakes by itself. */
export function createBg96(
  hal: Pick<Hal, "after" | "random" | "print" | "pins">,
  uart: Uart,
  apn: string,
  key: string | null,
): Modem {
  const backoff = createBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, hal.random);
  let events: StreamEvents | null = null;
  let host = "";
  let port = 0;
  let out = "";
  /** What went out asks for an answer. */
  let asks = false;
  let unread = false;
  let closing = false;
  let open = false;
  /** A question is out, or a session is being set up. */
  let busy = false;
  let awake = false;
  /** It has answered, and was not started anew since. */
  let ready = false;
  /** Counts sessions: what an earlier one had put off is void. */
  let turn = 0;
  let pausing = false;
  let isWanted = false;
  let afresh = false;
  let held: (() => void) | null = null;
  let signal: number | null = null;
  let stopIdle: () => void = () => undefined;
  let session: () => void = () => undefined;
  let work: () => void = () => undefined;

  /** The port goes to who waits for it. */
  const free = (): void => {
    busy = false;
    if (awake) at.close();
    awake = false;
    const then = held;
    if (then !== null)
      hal.after(0, () => {
        if (held === then) then();
      });
  };

  /** Does something later, if the session still is the same. */
  const later = (ms: number, fn: () => void): void => {
    const mine = turn;
    hal.after(ms, () => {
      if (mine === turn) fn();
    });
  };

  /** The session is over, well or not. */
  const over = (): void => {
    turn += 1;
    stopIdle();
    const told = events;
    events = null;
    open = false;
    ready = false;
    closing = false;
    unread = false;
    asks = false;
    out = "";
    at.drop();
    free();
    if (told !== null) hal.after(0, told.closed);
  };

  /** It came to nothing: another is tried after a pause. */
  const fail = (why: string): void => {
    hal.print("modem: " + why);
    over();
    if (pausing) return;
    pausing = true;
    hal.after(backoff.next(), () => {
      pausing = false;
      session();
    });
  };

  const idle = (): void => {
    stopIdle();
    stopIdle = hal.after(asks ? UNANSWERED_MS : held === null ? IDLE_MS : IDLE_HELD_MS, () => {
      closing = true;
      work();
    });
  };

  const at = createAt(uart, hal.after, "\r", (line) => {
    if (line === "APP RDY" || line === "POWERED DOWN") {
      // It knows of no connection any more.
      if (ready) fail("started anew");
    } else if (line.indexOf('+QIURC: "recv"') === 0) {
      unread = true;
      later(0, work);
    } else if (open && (line.indexOf('+QIURC: "closed"') === 0 || line.indexOf('+QIURC: "pdpdeact"') === 0)) {
      closing = true;
      later(0, work);
    }
  });

  /** The same, and what the modem remembers may be what is wrong. */
  const broken = (why: string): void => {
    afresh = true;
    fail(why);
  };

  const finish = (): void => {
    busy = true;
    closeSocket(at, (end) => {
      if (end === "") afresh = true;
      backoff.reset();
      isWanted = false;
      over();
    });
  };

  /** Fetches what came, piece by piece. */
  const fetch = (): void => {
    busy = true;
    unread = false;
    readSocket(at, (end, bytes) => {
      busy = false;
      if (end !== "OK") return broken("no data: " + end);
      if (bytes.length > 0) {
        unread = true;
        asks = false;
        idle();
        if (events !== null) events.data(bytes);
      }
      work();
    });
  };

  const push = (): void => {
    busy = true;
    const bytes = out.substr(0, SEND_MAX);
    out = out.substr(bytes.length);
    sendSocket(at, bytes, (end) => {
      busy = false;
      if (end !== "SEND OK") return broken("not sent: " + end);
      idle();
      work();
    });
  };

  work = () => {
    if (!open || busy) return;
    if (unread) fetch();
    else if (closing) finish();
    else if (out.length > 0) push();
  };

  const dial = (): void =>
    openSocket(at, host, port, (end) => {
      if (end !== "+QIOPEN: 0,0") return broken("no connection: " + end);
      busy = false;
      open = true;
      if (events === null) closing = true;
      else {
        idle();
        events.open();
      }
      work();
    });

  session = () => {
    if (!isWanted || pausing || held !== null || events === null || busy || open) return;
    busy = true;
    awake = true;
    at.open(BAUD);
    const was = afresh;
    afresh = false;
    const begun = {
      at: at,
      hal: hal,
      apn: apn,
      key: key,
      later: later,
      ready: () => {
        ready = true;
      },
      heard: (dbm: number | null) => {
        signal = dbm;
      },
    };
    startBg96(begun, was, (why, again) => {
      if (why === "") dial();
      else if (again) broken(why);
      else fail(why);
    });
  };

  return {
    connect: (_network, toHost, toPort, listener): Stream => {
      host = toHost;
      port = toPort;
      events = listener;
      out = "";
      hal.after(0, session);
      return {
        write: (bytes, last) => {
          if (events !== listener) return;
          out += bytes;
          if (last !== true) asks = true;
          later(0, work);
        },
        close: () => {
          if (events !== listener) return;
          if (open) {
            closing = true;
            out = "";
            later(0, work);
            return;
          }
          events = null;
          hal.after(0, listener.closed);
        },
      };
    },
    wanted: () => {
      held = null;
      isWanted = true;
      hal.after(0, session);
    },
    hold: (then) => {
      held = then;
      if (!open && !busy) return free();
      // Were it ended at once, a post that measures every few seconds would never get a word out.
      later(HOLD_MS, () => {
        if (!open) return over();
        closing = true;
        work();
      });
    },
    rejoin: () => {
      afresh = true;
    },
    signalDbm: () => signal,
  };
}

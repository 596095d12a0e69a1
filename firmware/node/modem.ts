/**
 * An NB-IoT or LTE-M modem of the BG96 class over a UART, as a stream for the MQTT client (Quectel, BG96 TCP/IP AT
 * Commands Manual V1.0: sockets in buffer access mode; BG96 AT Commands Manual V2.3: registration, power saving).
 *
 * It works in sessions: a session begins when the post has something to say (`wanted`) and ends when for some seconds
 * nothing was said by either side. Between two of them the modem is in power saving mode and its port is free: a board
 * with one UART lends it to a sensor meanwhile. Whatever goes wrong ends the session; the next one begins from the start.
 */
import type { Uart } from "../sensors/sensor.js";
import { createAt, DONE, MORE, NOT_MINE } from "./at.js";
import { createBackoff } from "./backoff.js";
import type { Hal, Stream, StreamEvents } from "./hal.js";

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
const ANSWER_MS = 2000;
/** The key that starts the modem, or wakes it (BG96 Hardware Design V1.4 §3.7.1: at least 500 ms; off from 650 ms on). */
const KEY_MS = 600;
/** From the key to the first answer. */
const START_MS = 1000;
const STARTS = 12;
const REGISTER_MS = 2000;
/** Attempts to see the network, before the session is given up: four minutes. */
const REGISTRATIONS = 120;
/** Both as the manual has them: the network decides. */
const ACTIVATE_MS = 150000;
const OPEN_MS = 150000;
const SEND_MS = 20000;
const CLOSE_MS = 12000;
/** A module that was told to start anew answers once more before it does. */
const ANEW_MS = 5000;
/** Pauses before the next attempt, when a session came to nothing. */
const FIRST_PAUSE_MS = 60000;
const LONGEST_PAUSE_MS = 3600000;
/** Silence after which a session is over, and the same where a round waits for the port. */
const IDLE_MS = 5000;
const IDLE_HELD_MS = 2000;
/** A session that is under way may keep a round of measuring waiting for so long. */
const HOLD_MS = 20000;
/** Most bytes that are asked for, and sent, at once. */
const READ_MAX = 256;
const SEND_MAX = 1024;
/** It may sleep for ten hours and listens for two seconds before that (3GPP TS 24.008 §10.5.7.4a, §10.5.7.3). */
const POWER_SAVING = 'AT+CPSMS=1,,,"00101010","00000001"';

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
    stopIdle = hal.after(held === null ? IDLE_MS : IDLE_HELD_MS, () => {
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

  /** What of an answer is not news: the modem may say of itself what it likes at any time. */
  const isFinal = (line: string): boolean =>
    line === "OK" || line === "ERROR" || line.indexOf("+CME ERROR") === 0 || line === "SEND OK" || line === "SEND FAIL";
  const isNews = (line: string): boolean =>
    line.indexOf("+QIURC") === 0 || line === "APP RDY" || line === "POWERED DOWN" || line === "RDY";

  /** One question; `then` has OK or what stands in its place, and the line before it that begins with `head`. */
  const ask = (command: string, timeoutMs: number, head: string, then: (end: string, value: string) => void): void => {
    let value = "";
    at.ask(
      command,
      timeoutMs,
      (line) => {
        if (isFinal(line)) return DONE;
        if (isNews(line)) return NOT_MINE;
        if (head !== "" && line.indexOf(head) === 0) value = line.substr(head.length);
        return MORE;
      },
      (line) => then(line === null ? "" : line, value),
    );
  };

  /** The same, and what the modem remembers may be what is wrong. */
  const broken = (why: string): void => {
    afresh = true;
    fail(why);
  };

  const finish = (): void => {
    busy = true;
    ask("AT+QICLOSE=0", CLOSE_MS, "", (end) => {
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
    let bytes = "";
    let count = 0;
    at.ask(
      "AT+QIRD=0," + READ_MAX,
      ANSWER_MS,
      (line) => {
        if (line.indexOf("+QIRD: ") === 0) {
          count = parseInt(line.substr(7), 10);
          if (count > 0)
            at.raw(count, (raw) => {
              bytes = raw;
            });
          return MORE;
        }
        if (isNews(line)) return NOT_MINE;
        return isFinal(line) ? DONE : MORE;
      },
      (line) => {
        busy = false;
        if (line !== "OK") return broken("no data: " + line);
        if (bytes.length > 0) {
          unread = true;
          idle();
          if (events !== null) events.data(bytes);
        }
        work();
      },
    );
  };

  const push = (): void => {
    busy = true;
    const bytes = out.substr(0, SEND_MAX);
    out = out.substr(bytes.length);
    at.ask(
      "AT+QISEND=0," + bytes.length,
      SEND_MS,
      (line) => {
        if (line === ">") {
          at.write(bytes);
          return MORE;
        }
        if (isNews(line)) return NOT_MINE;
        return isFinal(line) && line !== "OK" ? DONE : MORE;
      },
      (line) => {
        busy = false;
        if (line !== "SEND OK") return broken("not sent: " + line);
        idle();
        work();
      },
    );
  };

  work = () => {
    if (!open || busy) return;
    if (unread) fetch();
    else if (closing) finish();
    else if (out.length > 0) push();
  };

  const openSocket = (): void => {
    at.ask(
      'AT+QIOPEN=1,0,"TCP","' + host + '",' + port + ",0,0",
      OPEN_MS,
      (line) => {
        if (line.indexOf("+QIOPEN: 0,") === 0 || line === "ERROR" || line.indexOf("+CME ERROR") === 0) return DONE;
        return isNews(line) ? NOT_MINE : MORE;
      },
      (line) => {
        if (line !== "+QIOPEN: 0,0") return broken("no connection: " + line);
        busy = false;
        open = true;
        if (events === null) closing = true;
        else {
          idle();
          events.open();
        }
        work();
      },
    );
  };

  const activate = (): void => {
    ask("AT+CSQ", ANSWER_MS, "+CSQ: ", (_end, value) => {
      const level = parseInt(value, 10);
      signal = level >= 0 && level <= 31 ? 2 * level - 113 : null;
      ask("AT+QIACT?", ANSWER_MS, "+QIACT: ", (_stands, context) => {
        if (context !== "") return openSocket();
        ask("AT+QIACT=1", ACTIVATE_MS, "", (end) => {
          if (end === "OK") openSocket();
          else broken("no context: " + end);
        });
      });
    });
  };

  const register = (left: number): void => {
    ask("AT+CEREG?", ANSWER_MS, "+CEREG: ", (end, value) => {
      const state = value.split(",")[1];
      if (state === "1" || state === "5") return activate();
      if (end === "" || left === 0) return broken("no network");
      later(REGISTER_MS, () => register(left - 1));
    });
  };

  const setUp = (): void => {
    // Without its key nothing would wake it.
    const commands = ["ATE0", key === null ? "AT" : POWER_SAVING, 'AT+QICSGP=1,1,"' + apn + '","","",1'];
    const next = (i: number): void => {
      if (i >= commands.length) return register(REGISTRATIONS);
      ask(commands[i], ANSWER_MS, "", (end) => (end === "OK" ? next(i + 1) : broken("set-up: " + end)));
    };
    ready = true;
    ask("AT+CPIN?", ANSWER_MS, "+CPIN: ", (_end, value) => {
      if (value === "READY") next(0);
      else broken("card: " + value);
    });
  };

  /** Asks until it answers; pulls its key when it does not at first. */
  const rouse = (left: number, pull: boolean): void => {
    ask("AT", START_MS, "", (end) => {
      if (end === "OK") return setUp();
      if (left === 0) return fail("no answer");
      const pins = hal.pins;
      if (!pull || key === null || pins === null) return rouse(left - 1, pull);
      pins.power(key, true);
      const mine = turn;
      hal.after(KEY_MS, () => {
        pins.power(key, false);
        if (mine === turn) rouse(left - 1, false);
      });
    });
  };

  session = () => {
    if (!isWanted || pausing || held !== null || events === null || busy || open) return;
    busy = true;
    awake = true;
    at.open(BAUD);
    const was = afresh;
    afresh = false;
    if (!was) return rouse(STARTS, true);
    ask("AT+CFUN=1,1", ANSWER_MS, "", () => later(ANEW_MS, () => rouse(STARTS, true)));
  };

  return {
    connect: (_network, toHost, toPort, listener): Stream => {
      host = toHost;
      port = toPort;
      events = listener;
      out = "";
      hal.after(0, session);
      return {
        write: (bytes) => {
          if (events !== listener) return;
          out += bytes;
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

/**
 * A LoRaWAN module of the RN2483 class over a UART (Microchip DS40001784G: commands of chapter 2, waking §1.4). It joins
 * by its own identity (OTAA), sends unconfirmed messages, hands over what comes down, and keeps the 1 % of air time even
 * where the module does not. Between two messages it sleeps and its port is free: a board with one UART lends it to a
 * sensor meanwhile.
 *
 * Whatever goes wrong ends in one of three: the message did not go (`went` false, the sender keeps it), the module has
 * forgotten its network (it joins again), or it does not answer (it is set up anew, its supply switched if it can be).
 */
import { airtimeMs, FRAME_BYTES, JOIN_BYTES, silenceMs } from "./airtime.js";
import { createAt, DONE, MORE, NOT_MINE } from "./at.js";
import { createBackoff } from "./backoff.js";
import type { Uart } from "../sensors/sensor.js";
import type { Hal } from "./hal.js";
import type { Radio, RadioEvents } from "./radio.js";

const BAUD = 57600;
/** At this speed a zero byte is a break to a module that listens at 57,600: 0.94 ms low. */
const BREAK_BAUD = 9600;
const ANSWER_MS = 1500;
/** Until both receive windows are over, at the slowest data rate, and an answer in the second one. */
const WINDOWS_MS = 25000;
/** Longer than any pause: the module is woken before. */
const SLEEP_MS = 2000000000;
/** A port on which nothing is heard is for what the module has to say to the network itself. */
const FLUSH_PORT = 223;
/** The module is busy, or has no free channel: it knows better than we when that ends, and does not say. */
const BUSY_MS = 20000;
const FIRST_PAUSE_MS = 15000;
const LONGEST_PAUSE_MS = 3600000;
/** What the module says of the noise before anything came down (DS40001784G §2.5.6). */
const NO_SNR = -128;
const EUI_LENGTH = 16;
/** Refusals in a row after which the module is set up anew. */
const REFUSALS = 8;

function hex(bytes: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += ("0" + bytes.charCodeAt(i).toString(16)).slice(-2);
  return text;
}

function unhex(text: string): string {
  let bytes = "";
  for (let i = 0; i + 1 < text.length; i += 2) bytes += String.fromCharCode(parseInt(text.substr(i, 2), 16));
  return bytes;
}

/** The module on a UART. `joinEui` and `key` are the network's; `devEui` stands in place of the module's own. */
export function createRn2483(
  hal: Pick<Hal, "after" | "uptimeMs" | "random" | "print" | "pins">,
  uart: Uart,
  join: { devEui?: string; joinEui: string; appKey: string; band: string; dutyPercent: number },
  supply: string | null,
): Radio {
  const backoff = createBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, hal.random);
  let events: RadioEvents | null = null;
  let awake = false;
  let joined = false;
  let freeAtMs = 0;
  /** Not before then is joining tried again. */
  let retryAtMs = 0;
  let dataRate = 5;
  let refusals = 0;
  let snrDb: number | null = null;
  let devEui = join.devEui === undefined ? "" : join.devEui;
  /** Something is under way between board and module. */
  let busy = false;
  let held: (() => void) | null = null;
  let waiting = false;
  let connect: () => void = () => undefined;

  const at = createAt(uart, hal.after, "\r\n", (line) => {
    // Its greeting, unasked: it was reset, and knows nothing any more.
    if (line.indexOf("RN2") < 0) return;
    const was = joined;
    joined = false;
    if (!was || events === null) return;
    events.down();
    if (!busy) hal.after(0, () => connect());
  });

  /** Ends what was under way: the module may sleep, and the port goes to who waits for it. */
  const rest = (): void => {
    if (busy && !joined) retryAtMs = hal.uptimeMs() + backoff.next();
    busy = false;
    if (!joined) connect();
    if (awake) {
      at.write("sys sleep " + SLEEP_MS + "\r\n");
      awake = false;
    }
    const then = held;
    // The command must have left the UART before its port goes away.
    hal.after(20, () => {
      if (awake || busy) return;
      at.close();
      if (then !== null && held === then) then();
    });
  };

  /** One question whose answer is one line. */
  const ask = (command: string, then: (line: string | null) => void): void =>
    at.ask(
      command,
      ANSWER_MS,
      (line) => (line.indexOf("RN2") >= 0 && command !== "sys get ver" ? NOT_MINE : DONE),
      then,
    );

  /** Asks a list of commands that must all be answered with ok. */
  const askAll = (commands: string[], then: (ok: boolean) => void): void => {
    const next = (i: number): void => {
      if (i >= commands.length) return then(true);
      ask(commands[i], (line) => (line === "ok" ? next(i + 1) : then(false)));
    };
    next(0);
  };

  /** Wakes the module by a break and a U, from which it measures the speed; what it answers is looked at afterwards. */
  const wake = (then: (answers: boolean) => void): void => {
    const attempt = (left: number): void => {
      at.open(BREAK_BAUD);
      at.write(String.fromCharCode(0));
      hal.after(10, () => {
        at.close();
        at.open(BAUD);
        at.write("U");
        // Its ok to that, or the end of what it said before, is of no interest.
        hal.after(100, () =>
          ask("sys get ver", (line) => {
            awake = line !== null && line.indexOf("RN2") >= 0;
            if (awake || left === 0) then(awake);
            else attempt(left - 1);
          }),
        );
      });
    };
    if (awake) then(true);
    else attempt(2);
  };

  const lost = (): void => {
    const was = joined;
    awake = false;
    joined = false;
    if (supply !== null && hal.pins !== null) {
      const pins = hal.pins;
      pins.power(supply, false);
      hal.after(2000, () => pins.power(supply, true));
    }
    if (was && events !== null) events.down();
  };

  const silent = (onAirMs: number): void => {
    freeAtMs = hal.uptimeMs() + onAirMs + silenceMs(onAirMs, join.dutyPercent);
  };

  /** A command with two answers: at once, and when the windows are over. `then` has the last one. */
  const transmit = (command: string, onAirMs: number, then: (line: string | null) => void): void =>
    at.ask(
      command,
      WINDOWS_MS,
      (line) => {
        if (line !== "ok") return DONE;
        silent(onAirMs);
        return MORE;
      },
      then,
    );

  /** Slower with each attempt: who is not heard comes nearer to being heard. */
  const tryJoin = (): void => {
    askAll(["mac set dr " + dataRate], (ok) => {
      if (!ok) {
        lost();
        return rest();
      }
      transmit("mac join otaa", airtimeMs(dataRate, JOIN_BYTES), (line) => {
        if (line === null) lost();
        joined = line === "accepted";
        if (line === "denied") dataRate = dataRate > 0 ? dataRate - 1 : 5;
        if (joined) {
          backoff.reset();
          refusals = 0;
          busy = false;
          if (held !== null) rest();
          if (events !== null) events.up();
        } else rest();
      });
    });
  };

  const setUp = (): void => {
    ask("sys get hweui", (eui) => {
      // Not the end of what it said to the board before this start: an identity is 16 digits.
      if (devEui === "" && eui !== null && eui.length === EUI_LENGTH && eui.indexOf("_") < 0) {
        devEui = eui;
        hal.print("lora " + devEui);
      }
      const commands = ["mac reset " + join.band, "mac set deveui " + devEui, "mac set appeui " + join.joinEui];
      askAll(commands.concat(["mac set appkey " + join.appKey, "mac set adr on"]), (ok) => {
        if (ok) return tryJoin();
        lost();
        rest();
      });
    });
  };

  connect = () => {
    if (held !== null || busy || joined || waiting) return;
    const waitMs = Math.max(freeAtMs, retryAtMs) - hal.uptimeMs();
    if (waitMs > 0) {
      waiting = true;
      hal.after(waitMs, () => {
        waiting = false;
        connect();
      });
      return;
    }
    busy = true;
    wake((answers) => {
      if (answers) return setUp();
      lost();
      rest();
    });
  };

  const forget = (): void => {
    refusals = 0;
    joined = false;
    if (events !== null) events.down();
  };

  return {
    start: (listener) => {
      events = listener;
      connect();
    },
    send: (port, bytes, done) => {
      const waitMs = freeAtMs - hal.uptimeMs();
      if (waitMs > 0 || busy || held !== null) return done(false, Math.max(waitMs, ANSWER_MS));
      busy = true;
      const finish = (went: boolean, nextMs: number): void => {
        if (held !== null || !joined) rest();
        busy = false;
        done(went, nextMs);
      };
      const sendNow = (): void => {
        const onAirMs = airtimeMs(dataRate, FRAME_BYTES + bytes.length);
        transmit("mac tx uncnf " + port + " " + hex(bytes), onAirMs, (line) => {
          if (line === "mac_tx_ok" || (line !== null && line.indexOf("mac_rx ") === 0)) {
            refusals = 0;
            const went = (): void => finish(true, Math.max(freeAtMs - hal.uptimeMs(), 0));
            if (line === "mac_tx_ok" || line === null) return went();
            const word = line.split(" ");
            if (word.length === 3 && events !== null) events.message(parseInt(word[1], 10), unhex(word[2]));
            return ask("radio get snr", (text) => {
              const snr = text === null ? NaN : parseInt(text, 10);
              if (snr > NO_SNR && snr < -NO_SNR) snrDb = snr;
              went();
            });
          }
          refusals += 1;
          if (line === null) lost();
          else if (line === "invalid_data_len") {
            // What it owes the network takes the message's room: that goes first, alone.
            return transmit("mac tx uncnf " + FLUSH_PORT + " 00", airtimeMs(dataRate, FRAME_BYTES + 16), () =>
              finish(false, Math.max(freeAtMs - hal.uptimeMs(), ANSWER_MS)),
            );
          } else if (line !== "busy" && line !== "no_free_ch" && line !== "mac_err" && line !== "radio_err") forget();
          else if (refusals >= REFUSALS) forget();
          finish(false, Math.max(freeAtMs - hal.uptimeMs(), BUSY_MS));
        });
      };
      wake((answers) => {
        if (!answers) {
          lost();
          return finish(false, BUSY_MS);
        }
        ask("mac get dr", (line) => {
          const dr = line === null ? NaN : parseInt(line, 10);
          if (dr >= 0 && dr <= 6) dataRate = dr;
          sendNow();
        });
      });
    },
    rest: () => {
      if (!busy) rest();
    },
    hold: (then) => {
      held = then;
      if (!busy) rest();
    },
    release: () => {
      held = null;
      connect();
    },
    snrDb: () => snrDb,
    rejoin: () => {
      if (!joined) return;
      forget();
      if (!busy) connect();
    },
  };
}

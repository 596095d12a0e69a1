/**
 * How a session of the modem (modem.ts) begins: it is roused, set up, and waits until it is in the network and has a
 * context. Quectel, BG96 AT Commands Manual V2.3 (registration, power saving), TCP/IP AT Commands Manual V1.0 (context).
 */
import { DONE, MORE, NOT_MINE } from "./at.js";
import type { At } from "./at.js";
import type { Hal } from "./hal.js";

export const ANSWER_MS = 2000;
/** Pull of the key that starts the modem, or wakes it. Assumed, after its hardware guide: 500 ms at least, and too long is off. */
const KEY_MS = 600;
/** From the key to the first answer. */
const START_MS = 1000;
const STARTS = 12;
/** A module that was told to start anew answers once more before it does. */
const ANEW_MS = 5000;
const REGISTER_MS = 2000;
/** Attempts to see the network, before the session is given up: four minutes. */
const REGISTRATIONS = 120;
/** As the manual has it: the network decides. */
const ACTIVATE_MS = 150000;
/** It may sleep for ten hours and listens for two seconds before that (3GPP TS 24.008 §10.5.7.4a, §10.5.7.3). */
const POWER_SAVING = 'AT+CPSMS=1,,,"00101010","00000001"';

/** What ends an answer. */
export function isFinal(line: string): boolean {
  const isError = line === "ERROR" || line.indexOf("+CME ERROR") === 0;
  return isError || line === "OK" || line === "SEND OK" || line === "SEND FAIL";
}

/** What the modem says of itself, at any time. */
export function isNews(line: string): boolean {
  return line.indexOf("+QIURC") === 0 || line === "APP RDY" || line === "POWERED DOWN" || line === "RDY";
}

export interface StartParts {
  at: At;
  hal: Pick<Hal, "after" | "pins">;
  apn: string;
  /** The switch that pulls its power key; null where it starts and wakes by itself. */
  key: string | null;
  /** Does something later, if the session still is the same. */
  later(ms: number, fn: () => void): void;
  /** It has answered: from here on a greeting of its means that it forgot everything. */
  ready(): void;
  /** Strength of what it receives, in dBm; null where it does not know. */
  heard(dbm: number | null): void;
}

/**
 * Begins a session, with a modem that is started anew where `afresh`. `done` is told what went wrong (empty: nothing), and
 * whether what the modem remembers may be the reason.
 */
export function startBg96(parts: StartParts, afresh: boolean, done: (why: string, afresh: boolean) => void): void {
  const at = parts.at;

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

  const activate = (): void =>
    ask("AT+CSQ", ANSWER_MS, "+CSQ: ", (_end, value) => {
      const level = parseInt(value, 10);
      parts.heard(level >= 0 && level <= 31 ? 2 * level - 113 : null);
      ask("AT+QIACT?", ANSWER_MS, "+QIACT: ", (_stands, context) => {
        if (context !== "") return done("", false);
        ask("AT+QIACT=1", ACTIVATE_MS, "", (end) => done(end === "OK" ? "" : "no context: " + end, true));
      });
    });

  const register = (left: number): void =>
    ask("AT+CEREG?", ANSWER_MS, "+CEREG: ", (end, value) => {
      const state = value.split(",")[1];
      if (state === "1" || state === "5") return activate();
      if (end === "" || left === 0) return done("no network", true);
      parts.later(REGISTER_MS, () => register(left - 1));
    });

  const setUp = (): void => {
    // Without its key nothing would wake it.
    const commands = ["ATE0", parts.key === null ? "AT" : POWER_SAVING, 'AT+QICSGP=1,1,"' + parts.apn + '","","",1'];
    const next = (i: number): void => {
      if (i >= commands.length) return register(REGISTRATIONS);
      ask(commands[i], ANSWER_MS, "", (end) => (end === "OK" ? next(i + 1) : done("set-up: " + end, true)));
    };
    parts.ready();
    ask("AT+CPIN?", ANSWER_MS, "+CPIN: ", (_end, value) => {
      if (value === "READY") next(0);
      else done("card: " + value, true);
    });
  };

  /** Asks until it answers; pulls its key when it does not at first. */
  const rouse = (left: number, pull: boolean): void =>
    ask("AT", START_MS, "", (end) => {
      if (end === "OK") return setUp();
      if (left === 0) return done("no answer", false);
      const pins = parts.hal.pins;
      const key = parts.key;
      if (!pull || key === null || pins === null) return rouse(left - 1, pull);
      pins.power(key, true);
      // Whatever becomes of the session: the key is let go.
      parts.hal.after(KEY_MS, () => pins.power(key, false));
      parts.later(KEY_MS + 1, () => rouse(left - 1, false));
    });

  if (!afresh) rouse(STARTS, true);
  else ask("AT+CFUN=1,1", ANSWER_MS, "", () => parts.later(ANEW_MS, () => rouse(STARTS, true)));
}

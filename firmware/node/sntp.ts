/**
 * The simple network time protocol (SNTP, RFC 4330): one question, one answer of 48 bytes over UDP. The board has no
 * clock of its own, so its question bears a random number where a clock's reading would stand; the server repeats it,
 * which tells its answer from a stranger's.
 *
 * An image makes this module anew for each question.
 */
import type { Hal } from "./hal.js";

const PORT = 123;
const BYTES = 48;
/** Leap indicator 0, version 4, mode 3 (client): RFC 4330, section 4. */
const CLIENT = 0x23;
const SERVER_MODE = 4;
/** Where the originate, receive and transmit timestamps of an answer begin. */
const ORIGINATE = 24;
const RECEIVE = 32;
const TRANSMIT = 40;
/** Seconds from 1900, where NTP's time begins, to 1970; and one era of NTP's, which ends in February 2036. */
const TO_1970_S = 2208988800;
const ERA_S = 4294967296;
const ANSWER_MS = 5000;

/** Sends a datagram; `answer` is called with what comes back, until the returned function is called. */
export type Datagram = (host: string, port: number, bytes: string, answer: (bytes: string) => void) => () => void;

/** The question: `cookie` is 8 characters. */
export function sntpQuestion(cookie: string): string {
  let head = String.fromCharCode(CLIENT);
  while (head.length < TRANSMIT) head += "\0";
  return head + cookie;
}

function word(text: string, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 256 + text.charCodeAt(at + i);
  return value;
}

/** A timestamp as milliseconds since 1970: 32 bits of seconds, 32 of their fraction (RFC 4330, section 3). */
function timestampMs(text: string, at: number): number {
  const seconds = word(text, at);
  return ((seconds < TO_1970_S ? seconds + ERA_S : seconds) - TO_1970_S) * 1000 + (word(text, at + 4) / ERA_S) * 1000;
}

/**
 * The time that an answer tells, in ms since 1970, at the moment when it came: `tripMs` after the question went out. Null
 * for what is no answer to this question, and for a server that has no time itself (RFC 4330, section 5).
 */
export function sntpAnswer(text: string, cookie: string, tripMs: number): number | null {
  if (text.length < BYTES || text.substr(ORIGINATE, 8) !== cookie) return null;
  const first = text.charCodeAt(0);
  const stratum = text.charCodeAt(1);
  if ((first & 7) !== SERVER_MODE || first >> 6 === 3 || stratum < 1 || stratum > 15) return null;
  const sentMs = timestampMs(text, TRANSMIT);
  const heldMs = sentMs - timestampMs(text, RECEIVE);
  if (heldMs < 0 || heldMs > tripMs) return null;
  return sentMs + (tripMs - heldMs) / 2;
}

/** See {@link askServer}. */
export type AskServer = (
  hal: Pick<Hal, "uptimeMs" | "after" | "random">,
  send: Datagram,
  server: string,
  take: (unixMs: number, atMs: number) => void,
) => void;

/** Asks a server once; `take` is called with the time and the uptime at which it was that, or never. */
export const askServer: AskServer = (hal, send, server, take) => {
  let cookie = "";
  for (let i = 0; i < 8; i++) cookie += String.fromCharCode(Math.floor(hal.random() * 256));
  const startMs = hal.uptimeMs();
  let done = false;
  let close: () => void = () => undefined;
  let stopWaiting: () => void = () => undefined;
  const end = (): void => {
    if (done) return;
    done = true;
    stopWaiting();
    // Not from its own callback, which still needs the socket.
    hal.after(0, close);
  };
  stopWaiting = hal.after(ANSWER_MS, end);
  close = send(server, PORT, sntpQuestion(cookie), (bytes) => {
    const nowMs = hal.uptimeMs();
    const unixMs = done ? null : sntpAnswer(bytes, cookie, nowMs - startMs);
    if (unixMs === null) return;
    take(unixMs, nowMs);
    end();
  });
};

/**
 * The four questions of a TCP connection through the modem (Quectel, BG96 TCP/IP AT Commands Manual V1.0, buffer access
 * mode). Each calls back once, with what the modem said in the end; an empty text is no answer in time.
 */
import { DONE, MORE, NOT_MINE } from "./at.js";
import type { At } from "./at.js";
import { ANSWER_MS, isFinal, isNews } from "./modem-start.js";

/** As the manual has it: the network decides. */
const OPEN_MS = 150000;
const SEND_MS = 20000;
const CLOSE_MS = 12000;
/** Most bytes that are asked for at once. */
const READ_MAX = 256;

const textOf = (line: string | null): string => (line === null ? "" : line);

/** `then` has `+QIOPEN: 0,0` when it is open. */
export function openSocket(at: At, host: string, port: number, then: (end: string) => void): void {
  at.ask(
    'AT+QIOPEN=1,0,"TCP","' + host + '",' + port + ",0,0",
    OPEN_MS,
    (line) => {
      if (line.indexOf("+QIOPEN: 0,") === 0 || line === "ERROR" || line.indexOf("+CME ERROR") === 0) return DONE;
      return isNews(line) ? NOT_MINE : MORE;
    },
    (line) => then(textOf(line)),
  );
}

/** `then` has `OK` and the bytes that came, none when there are no more. */
export function readSocket(at: At, then: (end: string, bytes: string) => void): void {
  let bytes = "";
  at.ask(
    "AT+QIRD=0," + READ_MAX,
    ANSWER_MS,
    (line) => {
      const count = line.indexOf("+QIRD: ") === 0 ? parseInt(line.substr(7), 10) : 0;
      if (count > 0)
        at.raw(count, (raw) => {
          bytes = raw;
        });
      if (isNews(line)) return NOT_MINE;
      return isFinal(line) ? DONE : MORE;
    },
    (line) => then(textOf(line), bytes),
  );
}

/** `then` has `SEND OK` when the modem has taken all. */
export function sendSocket(at: At, bytes: string, then: (end: string) => void): void {
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
    (line) => then(textOf(line)),
  );
}

/** `then` has the answer, if there was one. */
export function closeSocket(at: At, then: (end: string) => void): void {
  at.ask(
    "AT+QICLOSE=0",
    CLOSE_MS,
    (line) => (isFinal(line) ? DONE : isNews(line) ? NOT_MINE : MORE),
    (line) => then(textOf(line)),
  );
}

/**
 * Questions to a module that answers in lines, one at a time, over a UART whose chunks have arbitrary borders. Whatever
 * comes unasked is handed over as news. A module that was reset in the middle of an answer leaves half a line: what
 * follows ends it, and nobody takes it for an answer. No answer in time is an answer, too: null.
 */
import type { Port, Uart } from "../sensors/sensor.js";

/** What a line is to the question that is out. */
export const NOT_MINE = 0;
export const MORE = 1;
export const DONE = 2;

/** The longest line that means anything; what is longer without an end is noise, and dropped. */
const LINE_MAX = 600;

export interface At {
  open(baud: number): void;
  close(): void;
  /** Bytes as they are. */
  write(bytes: string): void;
  /**
   * Sends `command`. `judge` says of each line what it is; `then` is called once, with the line that was DONE, or with
   * null after `timeoutMs`. Only when no question is out.
   */
  ask(command: string, timeoutMs: number, judge: (line: string) => number, then: (line: string | null) => void): void;
  /** To be called by `judge`: the next `count` bytes are no lines, but go to `take`. */
  raw(count: number, take: (bytes: string) => void): void;
  /** Drops the question that is out, unanswered. */
  drop(): void;
}

/**
 * @param ending what ends a command: "\r\n", or "\r" where the module counts a line feed as the next command
 * @param onNews is given every line that is no answer
 */
export function createAt(uart: Uart, after: Port["after"], ending: string, onNews: (line: string) => void): At {
  let rest = "";
  let sent = "";
  let isOpen = false;
  let judge: ((line: string) => number) | null = null;
  let then: (line: string | null) => void = () => undefined;
  let stopWaiting: () => void = () => undefined;
  let rawLeft = 0;
  let onRaw: (bytes: string) => void = () => undefined;

  const end = (line: string | null): void => {
    if (judge === null) return;
    judge = null;
    rawLeft = 0;
    stopWaiting();
    then(line);
  };

  const take = (line: string): void => {
    // A module that echoes says the command first.
    if (line === "" || (judge !== null && line === sent)) return;
    const is = judge === null ? NOT_MINE : judge(line);
    if (is === DONE) end(line);
    else if (is === NOT_MINE) onNews(line);
  };

  const feed = (chunk: string): void => {
    rest += chunk;
    for (;;) {
      if (rawLeft > 0) {
        if (rest.length < rawLeft) return;
        const bytes = rest.substr(0, rawLeft);
        rest = rest.substr(rawLeft);
        rawLeft = 0;
        onRaw(bytes);
        continue;
      }
      // The sign that data may follow has no line end.
      if (rest.substr(0, 1) === ">") {
        rest = rest.substr(1);
        take(">");
        continue;
      }
      const at = rest.indexOf("\n");
      if (at < 0) break;
      const line = rest.substr(0, at).trim();
      rest = rest.substr(at + 1);
      take(line);
    }
    if (rest.length > LINE_MAX) rest = "";
  };

  return {
    open: (baud) => {
      rest = "";
      isOpen = true;
      uart.open(baud, feed);
    },
    // Once: the UART may be somebody else's by then.
    close: () => {
      if (isOpen) uart.close();
      isOpen = false;
    },
    write: (bytes) => uart.write(bytes),
    ask: (command, timeoutMs, judgeOf, thenOf) => {
      sent = command;
      judge = judgeOf;
      then = thenOf;
      stopWaiting = after(timeoutMs, () => {
        rest = "";
        end(null);
      });
      uart.write(command + ending);
    },
    raw: (count, taker) => {
      rawLeft = count;
      onRaw = taker;
    },
    drop: () => {
      judge = null;
      rawLeft = 0;
      stopWaiting();
    },
  };
}

/** The two wires by which an SPS30 is spoken to, as one thing: told, asked, closed. The driver's own way to the port. */
import { createExchange } from "../exchange.js";
import type { I2c, Outcome, Port, Uart } from "../sensor.js";
import { ADDRESS, ANSWER_MS, BAUD, STATUS_MS } from "./facts.js";
import { commandFrame, createAnswerParser, decodeSps30, READ, type Answer, type Sps30 } from "./frame.js";
import { dataOf, decodeWords, isBroken, READ_BYTES, READY_BYTES, STATUS_BYTES, WORDS } from "./words.js";

export interface Link {
  open(): void;
  wake(): void;
  start(): void;
  clean(): void;
  stop(): void;
  sleep(): void;
  /** Calls back once: a sample, a fault, or null when there are no new figures. */
  read(done: (sample: Outcome<Sps30> | null) => void): void;
  close(): void;
}

export function uartLink(port: Port, uart: Uart): Link {
  const exchange = createExchange<Answer>(port);

  const tell = function (command: number, data: string): void {
    uart.write(commandFrame(command, data));
  };

  return {
    open: function (): void {
      const parser = createAnswerParser(function (outcome: Outcome<Answer>): void {
        // What it says to other commands is of no use: it would end the wait for the figures.
        if (!outcome.ok || outcome.value.command === READ) exchange.take(outcome);
      });
      uart.open(BAUD, parser.push);
    },
    wake: function (): void {
      // Asleep it hears nothing but that there is something on the line; the command must follow within 100 ms.
      uart.write("\xff");
      tell(0x11, "");
    },
    start: function (): void {
      tell(0x00, "\x01\x03");
    },
    clean: function (): void {
      tell(0x56, "");
    },
    stop: function (): void {
      tell(0x01, "");
    },
    sleep: function (): void {
      tell(0x10, "");
    },
    read: function (done: (sample: Outcome<Sps30> | null) => void): void {
      exchange.begin(ANSWER_MS, function (outcome: Outcome<Answer>): void {
        done(outcome.ok ? decodeSps30(outcome.value) : outcome);
      });
      tell(READ, "");
    },
    close: function (): void {
      exchange.end("timeout");
      uart.close();
    },
  };
}

export function i2cLink(port: Port, i2c: I2c): Link {
  const tell = function (words: number[]): boolean {
    return i2c.write(ADDRESS, words);
  };
  const ask = function (words: number[], count: number): Uint8Array | null {
    return tell(words) ? i2c.read(ADDRESS, count) : null;
  };

  return {
    open: function (): void {},
    wake: function (): void {
      // The first opens its ear and is not acknowledged, the second is the command.
      tell(WORDS.wake);
      tell(WORDS.wake);
    },
    start: function (): void {
      tell(WORDS.start);
    },
    clean: function (): void {
      tell(WORDS.clean);
    },
    stop: function (): void {
      tell(WORDS.stop);
    },
    sleep: function (): void {
      tell(WORDS.sleep);
    },
    read: function (done: (sample: Outcome<Sps30> | null) => void): void {
      const ready = ask(WORDS.ready, READY_BYTES);
      if (ready === null) return done({ ok: false, fault: "bus" });
      const flag = dataOf(ready);
      if (flag === null) return done({ ok: false, fault: "checksum" });
      if (flag.charCodeAt(1) === 0) return done(null);
      const bytes = ask(WORDS.read, READ_BYTES);
      if (bytes === null) return done({ ok: false, fault: "bus" });
      const sample = decodeWords(bytes);
      // Firmware before 2.2 has no status register, and does not answer.
      if (!sample.ok || !tell(WORDS.status)) return done(sample);
      port.after(STATUS_MS, function (): void {
        const words = i2c.read(ADDRESS, STATUS_BYTES);
        const status = words === null ? null : dataOf(words);
        done(status !== null && isBroken(status) ? { ok: false, fault: "device" } : sample);
      });
    },
    close: function (): void {},
  };
}

/**
 * One question at a time to a sensor on a serial port: whatever comes first, the answer or the end of patience, calls
 * back once. What every UART driver shares.
 */
import type { Fault } from "../wire/pack.js";
import type { Outcome, Port } from "./sensor.js";

export interface Exchange<T> {
  /** Waits for the next outcome. An exchange still waiting is ended with `timeout` first. */
  begin(timeoutMs: number, done: (outcome: Outcome<T>) => void): void;
  /** Takes what the parser found. Damaged frames are remembered: they turn a later time-out into `checksum`. */
  take(outcome: Outcome<T>): void;
  /** Ends what is waiting. */
  end(fault: Fault): void;
}

export function createExchange<T>(port: Port): Exchange<T> {
  let waiting: ((outcome: Outcome<T>) => void) | null = null;
  let callOff: (() => void) | null = null;
  let damaged = false;

  const finish = function (outcome: Outcome<T>): void {
    const done = waiting;
    if (callOff) callOff();
    waiting = null;
    callOff = null;
    // From a timer: the parser's frames, which led here, are then gone from a small heap.
    if (done) port.after(0, () => done(outcome));
  };

  const end = function (fault: Fault): void {
    finish({ ok: false, fault: fault });
  };

  return {
    begin: function (timeoutMs: number, done: (outcome: Outcome<T>) => void): void {
      end("timeout");
      damaged = false;
      waiting = done;
      callOff = port.after(timeoutMs, function (): void {
        callOff = null;
        end(damaged ? "checksum" : "timeout");
      });
    },
    take: function (outcome: Outcome<T>): void {
      if (!outcome.ok && outcome.fault === "checksum") damaged = true;
      else finish(outcome);
    },
    end: end,
  };
}

/** The part of firmata-io that the link uses: the package brings no declarations of its own. */
declare module "firmata-io" {
  import type { EventEmitter } from "node:events";

  /** What a board is spoken to through: a serial port, or anything with its events and `write`. */
  export interface FirmataTransport {
    /** `open`, `close`, `data` with a Buffer, `error` with an Error. */
    on(event: string, listener: (what?: unknown) => void): unknown;
    write(bytes: Buffer, done?: (error?: Error | null) => void): unknown;
  }

  /**
   * Emits `ready` when the board has told its pins, `analog-read-<channel>` for every reading it reports, and
   * `reportversion` whenever it says its version: after a question, and by itself when it has started.
   */
  export class Firmata extends EventEmitter {
    constructor(transport: FirmataTransport, options?: { reportVersionTimeout?: number; samplingInterval?: number });
    readonly isReady: boolean;
    /** Bytes of a message whose end has not come. */
    readonly buffer: number[];
    /** Pin number of each analog channel. */
    readonly analogPins: number[];
    readonly pins: { supportedModes: number[]; state: number | null }[];
    readonly MODES: { INPUT: number; PULLUP: number; PWM: number };
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    pinMode(pin: number, mode: number): void;
    /** Has the pin reported, and calls back with every report: 1 is high. */
    digitalRead(pin: number, listener: (value: 0 | 1) => void): void;
    /** Has the pin's port reported once more, and from then on at every change. */
    reportDigitalPin(pin: number, on: 0 | 1): void;
    /** Asks what was last written to a pin; `pins[pin].state` is that when it calls back. */
    queryPinState(pin: number, done: () => void): void;
    /** Of the sketch that runs on the board, as it says itself. */
    readonly firmware: { name?: string; version?: { major?: number; minor?: number } };
  }
  const bind: { Firmata: typeof Firmata };
  export default bind;
}

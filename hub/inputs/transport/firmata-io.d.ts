/** The part of firmata-io that the bench input uses: the package brings no declarations of its own. */
declare module "firmata-io" {
  import type { EventEmitter } from "node:events";

  /** What a board is spoken to through: a serial port, or anything with its events and `write`. */
  export interface FirmataTransport {
    on(event: "open" | "close", listener: () => void): unknown;
    on(event: "data", listener: (chunk: Buffer) => void): unknown;
    on(event: "error", listener: (error: Error) => void): unknown;
    write(bytes: Buffer, done?: (error?: Error | null) => void): unknown;
  }

  /** Emits `ready` when the board has told its pins, and `analog-read-<channel>` for every reading it reports. */
  export class Firmata extends EventEmitter {
    constructor(transport: FirmataTransport, options?: { reportVersionTimeout?: number; samplingInterval?: number });
    readonly isReady: boolean;
    /** Pin number of each analog channel. */
    readonly analogPins: number[];
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    readonly MODES: { PWM: number };
    readonly pins: { state: number }[];
    /** Has the pin's `state` brought up to date. */
    queryPinState(pin: number, answered: () => void): void;
    /** Of the sketch that runs on the board, as it says itself. */
    readonly firmware: { name?: string; version?: { major?: number; minor?: number } };
  }
  const bind: { Firmata: typeof Firmata };
  export default bind;
}

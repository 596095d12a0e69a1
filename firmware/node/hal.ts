/**
 * What the node asks of the board under it. `board.ts` and `pin-board.ts` answer with Espruino; nothing else in the firmware knows
 * which machine it runs on. Bytes travel as strings of character codes 0–255.
 */
import type { I2c, Pin, Uart } from "../sensors/sensor.js";
import type { Sha256 } from "../wire/seal.js";
import type { Flash } from "./pages.js";

/** Files in flash. A file has a fixed size from its creation; what was not written yet reads as 0xFF. */
export interface Store {
  /** Part of a file (shorter at its end); `undefined` when there is no such file. */
  read(name: string, offset: number, length: number): string | undefined;
  /** Replaces the file by one of `size` bytes that begins with `data`. False when there is no room. */
  create(name: string, data: string, size: number): boolean;
  /** Fills bytes that were never written since creation. `offset` is above 0. False when flash refuses. */
  append(name: string, data: string, offset: number): boolean;
  erase(name: string): void;
  /** Bytes that can be written without compaction. */
  free(): number;
  /** All bytes of the store, used or not. */
  total(): number;
  /** Gathers the free space. Takes seconds; a power cut during it can lose files written since the first erasure. */
  compact(): void;
}

/** Which image runs, as the loader says it (loader.ts). */
export interface Boot {
  /** 0 or 1. */
  slot: number;
  /** It has to prove itself yet. */
  trial: boolean;
  /** The image says here that it is set up. */
  ok: boolean;
}

/** What the interpreter's set-up call for a port takes: pins, and a device path on a simulated board. */
export interface Options {
  [option: string]: string | number;
}

/** A wireless network; without a name the board is in its network by other means. */
export interface Network {
  ssid?: string;
  wifiPassword?: string;
}

/** A TCP connection. */
export interface Stream {
  /** `last` where the other side has nothing to say to it: a link that costs energy need not wait for that. */
  write(bytes: string, last?: boolean): void;
  close(): void;
}

export interface StreamEvents {
  open(): void;
  data(chunk: string): void;
  /** Exactly once, also when the connection was never opened. */
  closed(): void;
}

/** What is not a bus: contacts, voltages, pulses, and the switches of supplies. */
export interface Pins {
  /** The pin or pins behind a port's name. */
  pin(port: string, over: Options | undefined): Pin | null;
  /** Calls `fn` when the contact behind a port has closed or opened, and come to rest. */
  onEdge(port: string, fn: () => void): void;
  /** Switches the supply of parts, by the switch's name in boards.ts. */
  power(name: string, on: boolean): void;
}

export interface Hal {
  /** Whole milliseconds since the board started. */
  uptimeMs(): number;
  /** Calls `fn` after `ms`; the returned function calls it off. */
  after(ms: number, fn: () => void): () => void;
  sha256: Sha256;
  /** CRC-32 (IEEE 802.3) of a text, as eight hexadecimal digits. */
  crc32Hex(text: string): string;
  /** A number in [0, 1). */
  random(): number;
  /** Text that differs from start to start, for making the epoch. */
  entropy(): string;
  store: Store;
  /** Flash by address where the board was laid out (pages.ts); null where the interpreter's file system is all it has. */
  flash: Flash | null;
  /** Null where no loader started the image: then it cannot be exchanged over the air. */
  boot: Boot | null;
  /** The UART behind a port's name, with settings of the board's set-up laid over the board's own. */
  uart(port: string, over: Options | undefined): Uart | null;
  i2c(port: string, over: Options | undefined): I2c | null;
  /** Single pins and switched supplies; null in an image that uses none. */
  pins: Pins | null;
  /** Joins the network first, if it is one to join. */
  connect(network: Network, host: string, port: number, events: StreamEvents): Stream;
  /** Leaves the wireless network, so that the next connection joins it anew. */
  leave(): void;
  /** Variables of the heap that are free, and how many there are. */
  heap(): number[];
  /** Starts the watchdog: without a `kick` for `seconds` the board restarts. */
  watchdog(seconds: number): void;
  kick(): void;
  /** Calls `fn` with the text of an error that nobody caught. */
  onError(fn: (text: string) => void): void;
  reboot(): void;
  /** A line for the person at the console. */
  print(text: string): void;
}

/**
 * With pin-board.ts the only file that touches Espruino. Its globals are declared here and nowhere else; everything above
 * sees a Hal.
 */
import type { I2c, Uart } from "../sensors/sensor.js";
import { boardFlash } from "./flash-board.js";
import type { Boot, Hal, Network, Options, Pins, Store, Stream, StreamEvents } from "./hal.js";
import { LABEL_BYTES, pagesIn, pageStore } from "./pages.js";

interface SerialPort {
  setup(baud: number, options: Options): void;
  unsetup(): void;
  on(event: "data", fn: (chunk: string) => void): void;
  removeAllListeners(event: "data"): void;
  write(bytes: string): void;
}
interface I2cPort {
  setup(options: Options): void;
  writeTo(address: number, bytes: number[]): void;
  readFrom(address: number, count: number): Uint8Array;
}
interface Socket {
  on(event: "data", fn: (chunk: string) => void): void;
  on(event: "close" | "error", fn: () => void): void;
  write(bytes: string): void;
  end(): void;
}
interface StorageModule {
  read(name: string, offset: number, length: number): string | undefined;
  write(name: string, data: string, offset: number, size?: number): boolean;
  erase(name: string): void;
  getFree(): number;
  getStats(): { totalBytes: number };
  compact(): void;
}
interface WifiModule {
  connect(ssid: string, options: { password: string }, fn: (error: unknown) => void): void;
  on(event: "disconnected", fn: () => void): void;
  removeAllListeners(event: "disconnected"): void;
  disconnect(): void;
}
declare const global: { [name: string]: unknown };
declare const E: {
  CRC32(text: string): number;
  hwRand(): number;
  enableWatchdog(seconds: number, auto: boolean): void;
  kickWatchdog(): void;
  reboot(): void;
  toString(bytes: unknown): string;
};
declare const process: {
  on(event: "uncaughtException", fn: (error: unknown) => void): void;
  memory(): { free: number; total: number };
};
declare function require(name: "Storage"): StorageModule;
declare function require(name: "crypto"): { SHA256(data: Uint8Array): ArrayBuffer };
declare function require(name: "net"): {
  connect(options: { host: string; port: number }, fn: () => void): Socket;
};
declare function require(name: "Wifi"): WifiModule;
declare function getTime(): number;
declare function setTimeout(fn: () => void, ms: number): number;
declare function clearTimeout(id: number): void;
declare function print(text: string): void;

/** A port as boards.ts describes it: the interpreter's object behind it, and its pins. */
export interface BoardPort {
  device: string;
  options: Options;
}

export interface BoardFacts {
  uarts: { [port: string]: BoardPort };
  i2cs: { [port: string]: BoardPort };
}

function merged(options: Options, over: Options | undefined): Options {
  return Object.assign({}, options, over === undefined ? {} : over);
}

/** Part of one of the interpreter's own files. */
const readFile: Store["read"] = (name, offset, length) => {
  const text = require("Storage").read(name, offset, length);
  // What Storage gives is a window on flash, and empties when the file is erased: a copy is handed on.
  return text === undefined ? undefined : text + "";
};

/** The interpreter's own files, for a board that was not laid out. */
function openFiles(): Store {
  const files = require("Storage");
  const attempt = (name: string, data: string, offset: number, size: number): boolean => {
    try {
      return files.write(name, data, offset, size);
    } catch (e) {
      return false;
    }
  };
  return {
    read: readFile,
    create: (name, data, size) => attempt(name, data, 0, size),
    append: (name, data, offset) => attempt(name, data, offset, 0),
    erase: (name) => files.erase(name),
    free: () => files.getFree(),
    total: () => files.getStats().totalBytes,
    compact: () => files.compact(),
  };
}

function openUart(device: SerialPort, options: Options): Uart {
  return {
    open: (baud, onBytes) => {
      device.removeAllListeners("data");
      device.on("data", onBytes);
      device.setup(baud, options);
    },
    write: (bytes) => device.write(bytes),
    close: () => {
      device.removeAllListeners("data");
      device.unsetup();
    },
  };
}

function openI2c(device: I2cPort, options: Options): I2c {
  device.setup(options);
  return {
    write: (address, bytes) => {
      try {
        device.writeTo(address, bytes);
        return true;
      } catch (e) {
        return false;
      }
    },
    read: (address, count) => {
      try {
        return device.readFrom(address, count);
      } catch (e) {
        return null;
      }
    },
  };
}

/** Calls back when the board is in its network, with false if it cannot get there. */
type Join = (network: Network, then: (joined: boolean) => void) => void;

function openWireless(): { join: Join; leave(): void } {
  let joined = false;
  const join: Join = (network, then) => {
    const ssid = network.ssid;
    if (ssid === undefined || joined) return then(true);
    const wifi = require("Wifi");
    wifi.removeAllListeners("disconnected");
    wifi.on("disconnected", () => {
      joined = false;
    });
    const password = network.wifiPassword === undefined ? "" : network.wifiPassword;
    wifi.connect(ssid, { password: password }, (error) => {
      joined = !error;
      then(joined);
    });
  };
  const leave = (): void => {
    if (joined) require("Wifi").disconnect();
    joined = false;
  };
  return { join: join, leave: leave };
}

/** Opens a connection; a refusal, which the interpreter throws, is a connection that closed. */
function openStream(
  network: Network,
  host: string,
  port: number,
  events: StreamEvents,
  after: Hal["after"],
  join: Join,
): Stream {
  let socket: Socket | null = null;
  let done = false;
  /** It was closed from here: what still comes is not told, and writing to it would be thrown at. */
  let closing = false;
  const finish = (): void => {
    if (done) return;
    done = true;
    events.closed();
  };
  const open = (): void => {
    try {
      const opened = require("net").connect({ host: host, port: port }, () => {
        socket = opened;
        if (!done) events.open();
        else opened.end();
      });
      opened.on("data", (chunk) => {
        if (!done && !closing) events.data(chunk);
      });
      opened.on("close", finish);
      opened.on("error", finish);
    } catch (e) {
      after(0, finish);
    }
  };
  // From a timer, because an exception costs heap in proportion to the code of the functions that are under way.
  after(0, () =>
    join(network, (joined) => {
      if (joined) open();
      else finish();
    }),
  );
  return {
    write: (bytes) => {
      if (socket !== null && !done && !closing) socket.write(bytes);
    },
    close: () => {
      if (socket !== null && !done && !closing) socket.end();
      closing = true;
      after(0, finish);
    },
  };
}

/** The board under the image; `pins` where the image uses any (pin-board.ts). */
export function boardHal(facts: BoardFacts, pins: Pins | null): Hal {
  const startedS = getTime();
  const flash = boardFlash();
  const store = flash === null ? openFiles() : pageStore(flash, pagesIn(flash.read(0, LABEL_BYTES)), readFile);
  const wireless = openWireless();
  const sha = require("crypto");
  const after = (ms: number, fn: () => void): (() => void) => {
    let live = true;
    const id = setTimeout(() => {
      live = false;
      fn();
    }, ms);
    return () => {
      if (live) clearTimeout(id);
      live = false;
    };
  };
  return {
    uptimeMs: () => Math.round((getTime() - startedS) * 1000),
    after: after,
    sha256: (data) => new Uint8Array(sha.SHA256(data)),
    crc32Hex: (text) => ("0000000" + E.CRC32(text).toString(16)).slice(-8),
    random: () => Math.random(),
    entropy: () => getTime() + " " + E.hwRand() + " " + E.hwRand() + " " + E.hwRand() + " " + Math.random(),
    store: store,
    flash: flash,
    boot: global.aryk === undefined ? null : (global.aryk as Boot),
    uart: (port, over) => {
      const fact = facts.uarts[port];
      return fact === undefined ? null : openUart(global[fact.device] as SerialPort, merged(fact.options, over));
    },
    i2c: (port, over) => {
      const fact = facts.i2cs[port];
      return fact === undefined ? null : openI2c(global[fact.device] as I2cPort, merged(fact.options, over));
    },
    pins: pins,
    connect: (network, host, port, events) => openStream(network, host, port, events, after, wireless.join),
    leave: wireless.leave,
    heap: () => {
      const memory = process.memory();
      return [memory.free, memory.total];
    },
    watchdog: (seconds) => E.enableWatchdog(seconds, false),
    kick: () => E.kickWatchdog(),
    onError: (fn) => process.on("uncaughtException", (error) => fn("" + error)),
    reboot: () => E.reboot(),
    print: (text) => print("aryk " + text),
  };
}

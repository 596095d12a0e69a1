/**
 * The only file that touches Espruino. Its globals are declared here and nowhere else; everything above it sees a Hal.
 */
import type { I2c, Uart } from "../sensors/sensor.js";
import { readConfig } from "./config.js";
import type { Hal, Store, Stream, StreamEvents } from "./hal.js";

interface SerialPort {
  setup(baud: number, options: { [option: string]: string | number }): void;
  unsetup(): void;
  on(event: "data", fn: (chunk: string) => void): void;
  removeAllListeners(event: "data"): void;
  write(bytes: string): void;
}
interface I2cPort {
  setup(options: { [option: string]: string | number }): void;
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
declare const process: { on(event: "uncaughtException", fn: (error: unknown) => void): void };
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
  options: { [option: string]: string | number };
}

export interface BoardFacts {
  uarts: { [port: string]: BoardPort };
  i2cs: { [port: string]: BoardPort };
}

function merged(options: { [option: string]: string | number }, over: { [option: string]: string } | undefined) {
  const out: { [option: string]: string | number } = {};
  Object.keys(options).forEach((k) => (out[k] = options[k]));
  if (over !== undefined) Object.keys(over).forEach((k) => (out[k] = over[k]));
  return out;
}

function openStore(): Store {
  const files = require("Storage");
  const attempt = (name: string, data: string, offset: number, size: number): boolean => {
    try {
      return files.write(name, data, offset, size);
    } catch (e) {
      return false;
    }
  };
  return {
    read: (name, offset, length) => files.read(name, offset, length),
    create: (name, data, size) => attempt(name, data, 0, size),
    append: (name, data, offset) => attempt(name, data, offset, 0),
    erase: (name) => files.erase(name),
    free: () => files.getFree(),
    total: () => files.getStats().totalBytes,
    compact: () => files.compact(),
  };
}

function openUart(device: SerialPort, options: { [option: string]: string | number }): Uart {
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

function openI2c(device: I2cPort, options: { [option: string]: string | number }): I2c {
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

/** Opens a connection; a refusal, which the interpreter throws, is a connection that closed. */
function openStream(host: string, port: number, events: StreamEvents, after: Hal["after"]): Stream {
  let socket: Socket | null = null;
  let done = false;
  const finish = (): void => {
    if (done) return;
    done = true;
    events.closed();
  };
  try {
    const opened = require("net").connect({ host: host, port: port }, () => {
      socket = opened;
      if (!done) events.open();
    });
    opened.on("data", (chunk) => {
      if (!done) events.data(chunk);
    });
    opened.on("close", finish);
    opened.on("error", finish);
  } catch (e) {
    after(0, finish);
  }
  return {
    write: (bytes) => {
      if (socket !== null && !done) socket.write(bytes);
    },
    close: () => {
      const open = socket;
      if (open !== null && !done) open.end();
      after(0, finish);
    },
  };
}

/** The board under the image. */
export function boardHal(facts: BoardFacts): Hal {
  const startedS = getTime();
  const store = openStore();
  const config = readConfig(store);
  const over = typeof config === "string" || config.ports === undefined ? {} : config.ports;
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
    uptimeMs: () => Math.floor((getTime() - startedS) * 1000),
    after: after,
    sha256: (data) => new Uint8Array(sha.SHA256(data)),
    crc32Hex: (text) => ("0000000" + E.CRC32(text).toString(16)).slice(-8),
    random: () => Math.random(),
    entropy: () => getTime() + " " + E.hwRand() + " " + E.hwRand() + " " + E.hwRand() + " " + Math.random(),
    store: store,
    uart: (port) => {
      const fact = facts.uarts[port];
      return fact === undefined ? null : openUart(global[fact.device] as SerialPort, merged(fact.options, over[port]));
    },
    i2c: (port) => {
      const fact = facts.i2cs[port];
      return fact === undefined ? null : openI2c(global[fact.device] as I2cPort, merged(fact.options, over[port]));
    },
    connect: (host, port, events) => openStream(host, port, events, after),
    watchdog: (seconds) => E.enableWatchdog(seconds, false),
    kick: () => E.kickWatchdog(),
    onError: (fn) => process.on("uncaughtException", (error) => fn("" + error)),
    reboot: () => E.reboot(),
    print: (text) => print("aryk " + text),
  };
}

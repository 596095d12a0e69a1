/**
 * A small board for machines without one: executes a built image, the very text that is flashed, in a context of
 * `node:vm` whose globals are the interpreter's. What it cannot show is what the language of the interpreter lacks and
 * how much heap an image takes: that is for the real interpreter (test/espruino).
 */
import { createHash } from "node:crypto";
import { createConnection } from "node:net";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import type { Config } from "../../firmware/node/config.js";
import { CONFIG_FILE } from "../../firmware/node/config.js";
import { findRecord, lineAt } from "../../firmware/node/chunk.js";
import type { Hal } from "../../firmware/node/hal.js";
import type { I2c } from "../../firmware/sensors/sensor.js";
import type { SimPin, UartPartMaker } from "../../firmware/sensors/sim.js";
import type { PortFact } from "../../hardware/boards.js";
import type { Image } from "../../hardware/image.js";
import type { Clock } from "../../hub/clock.js";
import { PowerCut, VmStorage } from "./vm-storage.js";
import { pinGlobals, REFERENCE_V } from "./vm-pins.js";
import { vmTimers } from "./vm-timers.js";
import { watchTraffic } from "./vm-traffic.js";

/** The far end of the post's serial uplink. */
export interface SerialFarEnd {
  /** Bytes that the post sent. */
  write(bytes: string): void;
  /** Hands over where to put the bytes for the post. */
  onBytes(take: (bytes: string) => void): void;
}

export interface BoardOptions {
  image: Image;
  clock: Clock;
  config: Config;
  /** What is on the board's ports, by the names in boards.ts. */
  uarts?: Record<string, UartPartMaker>;
  i2cs?: Record<string, I2c>;
  pins?: Record<string, SimPin>;
  /** The image has switched a supply. */
  onSwitch?(name: string, on: boolean): void;
  /** The serial uplink; an MQTT image reaches the network by itself. */
  serial?: SerialFarEnd;
  /** A datagram that the image has sent, and what brings it one back. */
  onDatagram?(to: { host: string; port: number }, bytes: string, answer: (bytes: string) => void): void;
  /** The wireless network: strength in dBm of what the board receives. Without it the board has no wireless. */
  wirelessDbm?: number;
  /** Flash that was in use before; empty flash of the board's size when it is not given. */
  storage?: VmStorage;
  random?: () => number;
  print?(text: string): void;
}

export interface Board {
  /** A power cut: nothing runs any more, flash stays as it is. */
  stop(): void;
  storage: VmStorage;
  /** Nothing that was sent waits for its answer (a stopped board waits for nothing). */
  idle(): boolean;
  /** Packs that went out and packs that were acknowledged since power came, each counted once. */
  packs(): { sent: number; acknowledged: number };
  /** Lines in flash that nobody acknowledged. */
  waiting(): number;
  /** Starts since power came: the first, and restarts by watchdog or error. */
  starts(): number;
}

/** What the interpreter does not have, as far as a context can be without it. */
const LACKS = "Map Set WeakMap WeakRef Symbol Reflect Proxy BigInt Intl Atomics".split(" ");

type Listener = (...args: unknown[]) => void;

/** Switches a board on. */
export function startBoard(options: BoardOptions): Board {
  const { clock, image } = options;
  const random = options.random ?? Math.random;
  const storage = options.storage ?? new VmStorage(image.board.storageBytes);
  const traffic = watchTraffic(clock);
  let run: { stop(): void } | null = null;
  let starts = 0;
  let on = true;

  storage.cutAfter(Infinity);
  storage.write(CONFIG_FILE, JSON.stringify(options.config));

  function powerUp(): void {
    starts += 1;
    run = runImage();
  }

  function restart(): void {
    run?.stop();
    if (on) clock.after(0, () => on && powerUp());
  }

  function runImage(): { stop(): void } {
    let alive = true;
    const closers: (() => void)[] = [];
    const uncaught: Listener[] = [];

    /** Everything that the image does starts here: an error in it is the interpreter's uncaught exception. */
    const enter = (fn: () => void): void => {
      if (!alive) return;
      try {
        fn();
      } catch (error) {
        if (error instanceof PowerCut) return board.stop();
        if (uncaught.length === 0) throw error;
        for (const listener of uncaught) listener(error);
      }
    };

    const { timers, watchdog, stop: stopTimers } = vmTimers(clock, enter, restart);

    /** What is at a port's far end: takes the post's bytes, and gives its own to `take`. */
    const farEndOf = (port: string, take: (bytes: string) => void): ((bytes: string) => void) => {
      const isUplink = port === image.board.serialUplink && options.serial !== undefined;
      if (isUplink && options.serial) {
        const far = options.serial;
        let heard = "";
        far.onBytes((bytes) => {
          if (!alive) return;
          heard += bytes;
          const lines = heard.split("\n");
          heard = lines.pop() ?? "";
          for (const line of lines) traffic.receivedLine(line, true);
          take(bytes);
        });
        return (bytes) => {
          traffic.sentLine(bytes.trimEnd(), true);
          far.write(bytes);
        };
      }
      if (options.uarts?.[port] === undefined) return () => undefined;
      const part = options.uarts[port](take, { after: (ms, fn) => clock.after(ms, fn) });
      part.power(true);
      closers.push(() => part.power(false));
      return (bytes) => part.receive(bytes);
    };

    /** A UART of the chip. Several ports may use it by turns: the pins of its set-up say which. */
    const serialOf = (ports: [string, PortFact][]) => {
      let listener: (chunk: string) => void = () => undefined;
      let open: string | null = null;
      const ends = new Map(
        ports.map(([port]) => [port, farEndOf(port, (bytes) => enter(() => open === port && listener(bytes)))]),
      );
      return {
        setup: (_baud: number, pins: PortFact["options"]) =>
          (open = (ports.find(([, { options }]) => options.rx === pins.rx) ?? ports[0])[0]),
        unsetup: () => (open = null),
        on: (_event: string, fn: (chunk: string) => void) => (listener = fn),
        removeAllListeners: () => (listener = () => undefined),
        write: (bytes: string) => open !== null && ends.get(open)?.(bytes),
      };
    };

    const i2cOf = (port: string) => {
      const bus = options.i2cs?.[port];
      const answer = <T>(value: T | null | false | undefined): T => {
        if (value === null || value === false || value === undefined) throw new Error("I2C: no answer");
        return value;
      };
      return {
        setup: () => undefined,
        writeTo: (address: number, bytes: number[]) => void answer(bus?.write(address, Array.from(bytes))),
        readFrom: (address: number, count: number) => answer(bus?.read(address, count)),
      };
    };

    const connect = (to: { host: string; port: number }, opened: () => void) => {
      const socket = createConnection(to);
      const watch = traffic.connection();
      const listeners = new Map<string, Listener>();
      closers.push(() => socket.destroy());
      socket.setNoDelay(true);
      socket.on("connect", () => enter(opened));
      socket.on("data", (bytes) => {
        if (!alive) return;
        watch.received(bytes);
        enter(() => listeners.get("data")?.(bytes.toString("latin1")));
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        watch.closed();
        enter(() => listeners.get("close")?.());
      });
      return {
        on: (event: string, fn: Listener) => listeners.set(event, fn),
        write: (bytes: string) => {
          watch.sent(bytes);
          socket.write(bytes, "latin1");
        },
        end: () => socket.end(),
      };
    };

    const modules: Record<string, object> = {
      Storage: storage,
      crypto: {
        SHA256: (data: Uint8Array) => {
          const digest = createHash("sha256").update(data).digest();
          return digest.buffer.slice(digest.byteOffset, digest.byteOffset + digest.length);
        },
      },
      net: { connect },
      dgram: {
        createSocket: () => {
          let listener: Listener = () => undefined;
          const socket = {
            on: (_event: string, fn: Listener) => (listener = fn),
            bind: (_port: number, fn: Listener) => fn(socket),
            send: (bytes: string, from: number, length: number, port: number, host: string) =>
              options.onDatagram?.({ host, port }, bytes.substr(from, length), (back) => enter(() => listener(back))),
            close: () => (listener = () => undefined),
          };
          return socket;
        },
      },
    };
    if (options.wirelessDbm !== undefined) {
      let joined = false;
      modules.Wifi = {
        ...{ on: () => undefined, removeAllListeners: () => undefined, disconnect: () => (joined = false) },
        connect: (_ssid: string, _options: object, then: (error: null) => void) => {
          joined = true;
          clock.after(2000, () => enter(() => then(null)));
        },
        getStatus: () => (joined ? { station: "connected", rssi: options.wirelessDbm } : { station: "off" }),
      };
    }
    const context: Record<string, unknown> = {
      require: (name: string) => {
        if (modules[name] === undefined) throw new Error(`Module ${name} not found`);
        return modules[name];
      },
      E: {
        CRC32: (text: string) => crc32(Buffer.from(text, "latin1")),
        hwRand: () => Math.floor(random() * 0x7fffffff),
        ...watchdog,
        reboot: restart,
        getAnalogVRef: () => REFERENCE_V,
      },
      process: {
        on: (_event: string, fn: Listener) => uncaught.push(fn),
        // As the board's facts have it; how much an image takes of it can be seen on the real interpreter only.
        memory: () => ({ free: image.board.variables - 1, total: image.board.variables }),
      },
      print: (text: string) => options.print?.(text),
      getTime: () => clock.now() / 1000,
      ...timers,
    };
    const pinWorld = {
      ...{ board: image.board, pins: options.pins ?? {}, enter },
      after: (ms: number, fn: () => void) => clock.after(ms, () => alive && fn()),
      onSwitch: (name: string, isOn: boolean) => options.onSwitch?.(name, isOn),
    };
    Object.assign(context, pinGlobals(pinWorld));
    for (const device of new Set(Object.values(image.board.uarts).map((fact) => fact.device)))
      context[device] = serialOf(Object.entries(image.board.uarts).filter(([, fact]) => fact.device === device));
    for (const [port, fact] of Object.entries(image.board.i2cs)) context[fact.device] = i2cOf(port);
    createContext(context);
    runInContext(
      `globalThis.global = globalThis; for (const n of ${JSON.stringify(LACKS)}) delete globalThis[n];`,
      context,
    );
    const stop = (): void => {
      alive = false;
      stopTimers();
      for (const close of closers) close();
    };
    queueStart(() => enter(() => void runInContext(image.code, context, { filename: ".bootcde" })));
    return { stop };
  }

  /** The image starts when its run is known to the board: a power cut in its first line must find it. */
  function queueStart(fn: () => void): void {
    clock.after(0, () => on && fn());
  }

  const board: Board = {
    stop() {
      on = false;
      run?.stop();
    },
    storage,
    idle: () => !on || traffic.unanswered() === 0,
    packs: () => traffic.packs(),
    waiting: () => waitingLines((name) => storage.read(name), image.board.outboxSlots).length,
    starts: () => starts,
  };
  powerUp();
  return board;
}

/** Lines that wait in flash, oldest chunk slot first. */
export function waitingLines(read: (name: string) => string | undefined, slots: number): string[] {
  const store: Hal["store"] = {
    read: (name, offset, length) => read(name)?.substr(offset, length),
    create: () => false,
    append: () => false,
    erase: () => undefined,
    free: () => 0,
    total: () => 0,
    compact: () => undefined,
  };
  const hal = { store, crc32Hex: (text: string) => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0") };
  const lines: string[] = [];
  for (let slot = 0; slot < slots; slot++)
    for (let found = findRecord(hal, slot, 8); found !== null; found = findRecord(hal, slot, found.end))
      if (found.waiting) lines.push(lineAt(store, slot, found.at) ?? "");
  return lines;
}

/**
 * A serial line (UART, USB, RS-485) with one board on it or many. Lines carry a CRC and end in a line feed; noise and
 * console output between them are skipped and counted. Ack lines go back the same way; every board on the line hears
 * them and takes its own by name.
 *
 * A port that goes away is opened again for ever, each time with a new port object: the library keeps what is written to
 * a closed one and would send it, stale, into the next connection. Nothing is written while the port is down, and an
 * answer is written only into the connection that brought its line.
 */
import type { Logger } from "pino";
import { SerialPort } from "serialport";
import { DOWNLINK_MAX, toSerial, UPLINK_MAX, VERSION } from "../../firmware/wire/line.js";
import { SetupError } from "../errors.js";
import type { Accept } from "../model.js";
import { createBackoff } from "./transport/backoff.js";
import type { InputStats } from "./transport/handover.js";
import { Handover } from "./transport/handover.js";
import { LineSplitter } from "./transport/line-splitter.js";
import { Rates, type Rate } from "./transport/rate.js";

export interface SerialOptions {
  /** Device file or a link to it: `/dev/ttyUSB0`, `/dev/serial/by-id/…`. Ports are not searched for. */
  path: string;
  baudRate?: number;
  /** Silence after which the port is closed and opened again; absent: never. */
  idleMs?: number;
  /** Lines waiting for their commit before the port is no longer read. */
  window?: number;
  /** Packs of one board before its further ones are left to come again; absent: no limit. */
  rate?: Rate;
  backoffBaseMs?: number;
  backoffCapMs?: number;
  /** Numbers in [0, 1) for the jitter. */
  random?: () => number;
  stopBoundMs?: number;
}

export interface SerialStats extends InputStats {
  open: boolean;
  opens: number;
}

export interface SerialInput {
  /** Writes a line for a board heard on this line since it was opened; false if it was not, or the port is down. */
  send(board: string, line: string): boolean;
  stats(): SerialStats;
  stop(): Promise<void>;
}

/** Bytes waiting to be written before answers are dropped: the board sends again, and is answered again. */
const WRITE_MAX = 16_384;

/**
 * How often an open port is asked whether it is still there. A read that begins just after the device went away gives
 * zero bytes for ever, and @serialport/bindings-cpp 13 then reads on for ever and tells nobody.
 */
const PROBE_MS = 500;

/** One opening of the port. */
interface Connection {
  port: SerialPort;
  heard: Set<string>;
  inFlight: number;
  lastByteAt: number;
  over: boolean;
  /** Resolves when the port is closed, or could not be opened. */
  closed: Promise<void>;
}

/** Starts the input; a port that is not there is tried again for ever. @throws SetupError for an empty path */
export function startSerial(options: SerialOptions, accept: Accept, log: Logger): SerialInput {
  const { path, baudRate = 57_600, window = 64, random = Math.random } = options;
  if (path === "" || !(baudRate > 0))
    throw new SetupError(
      "SERIAL_PATH",
      `Not a serial port: "${path}" at ${baudRate} baud`,
      "Name a device such as /dev/ttyUSB0.",
    );
  const handover = new Handover(accept, "serial:" + path);
  const backoff = createBackoff(options.backoffBaseMs ?? 250, options.backoffCapMs ?? 10_000, random);
  const rates = options.rate === undefined ? null : new Rates(options.rate);
  let current: Connection | undefined;
  let retry: NodeJS.Timeout | undefined;
  let opens = 0;
  let stopped = false;

  function write(connection: Connection, line: string): boolean {
    if (connection !== current || connection.over || !connection.port.isOpen || line.length > DOWNLINK_MAX)
      return false;
    if (connection.port.writableLength > WRITE_MAX) {
      handover.fault("write-full");
      return false;
    }
    connection.port.write(toSerial(line), "latin1");
    return true;
  }

  async function take(connection: Connection, line: string): Promise<void> {
    const start = line.lastIndexOf(VERSION + " ");
    if (start < 0) {
      if (line !== "") handover.fault("noise");
      return;
    }
    backoff.reset();
    const board = line.slice(start).split(" ", 3)[2] ?? "";
    // The line is everybody's: it is read on. Without an answer the board keeps the pack and sends it again.
    if ((rates?.waitMs(board) ?? 0) > 0) return handover.fault("too-fast");
    rates?.take(board);
    if (++connection.inFlight >= window) connection.port.pause();
    const result = await handover.give(line, true);
    if (--connection.inFlight <= window / 2 && !connection.over && !stopped) connection.port.resume();
    if (result.outcome === "failed")
      log.warn({ path, err: result.error }, "line not committed: no answer, the board will send again");
    // What proves nothing must not use up what is that board's.
    if (result.outcome === "refused") rates?.giveBack(board);
    if (result.outcome === "failed" || result.outcome === "refused") return;
    connection.heard.add(board);
    if (result.ack !== null) write(connection, result.ack);
    if (result.command !== undefined) write(connection, result.command);
  }

  function attempt(): void {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    let settle: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (settle = resolve));
    const connection = {
      port,
      heard: new Set<string>(),
      inFlight: 0,
      lastByteAt: performance.now(),
      over: false,
      closed,
    };
    current = connection;
    let watch: NodeJS.Timeout | undefined;

    function over(why: string): void {
      if (connection.over) return;
      connection.over = true;
      clearInterval(watch);
      if (current === connection) current = undefined;
      if (port.isOpen) port.close(() => undefined);
      if (stopped) return;
      handover.fault("link:" + why);
      const waitMs = backoff.next();
      log.warn({ path, why, waitMs }, "serial port lost");
      retry = setTimeout(attempt, waitMs);
    }

    const splitter = new LineSplitter(
      UPLINK_MAX,
      (line) => void take(connection, line),
      () => handover.fault("overlong"),
    );
    port.on("data", (chunk: Buffer) => {
      connection.lastByteAt = performance.now();
      if (!connection.over) splitter.push(chunk);
    });
    port.on("error", () => over("error"));
    port.on("end", () => over("closed"));
    port.on("close", () => {
      settle();
      over("closed");
    });
    port.open((error) => {
      if (error !== null) {
        settle();
        return over(/no such file/i.test(error.message) ? "absent" : /lock/i.test(error.message) ? "locked" : "error");
      }
      if (stopped) return port.close(() => undefined);
      opens++;
      const { idleMs = Infinity } = options;
      watch = setInterval(
        () => {
          if (performance.now() - connection.lastByteAt > idleMs && connection.inFlight < window) return over("idle");
          port.port?.getBaudRate().catch(() => over("hung-up"));
        },
        Math.min(PROBE_MS, idleMs / 4),
      );
    });
  }
  attempt();

  return {
    send: (board, line) => current?.heard.has(board) === true && write(current, line),
    stats: () => ({ ...handover.stats(), open: current?.port.isOpen === true, opens }),
    async stop() {
      stopped = true;
      clearTimeout(retry);
      if (current === undefined) return;
      const { port, closed } = current;
      port.pause();
      await handover.settled(options.stopBoundMs ?? 5000);
      if (port.isOpen) port.close(() => undefined);
      await closed;
    },
  };
}

/** The process behind {@link ./firmata-board.js}: an ATmega328P at 16 MHz in real time, its UART on a pseudo-terminal. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { Order, Report } from "./firmata-board.js";
import { HZ, PINS, powerChip } from "./firmata-chip.js";
import type { Chip } from "./firmata-chip.js";

const FLASH_WORDS = 0x4000;
/** Longest stretch simulated before the event loop gets its turn. */
const SLICE_CYCLES = HZ / 50;
/** Pause between two stretches: what a board says reaches its port so much later at most. */
const PAUSE_MS = 8;

/** Reads an Intel hex file (record types 00 and 01) into a program memory. */
function loadHex(file: string): Uint16Array {
  const bytes = new Uint8Array(FLASH_WORDS * 2);
  for (const row of readFileSync(file, "utf8").split(/\r?\n/)) {
    if (!row.startsWith(":") || row.slice(7, 9) !== "00") continue;
    const data = Buffer.from(row.slice(9, 9 + 2 * parseInt(row.slice(1, 3), 16)), "hex");
    bytes.set(data, parseInt(row.slice(3, 7), 16));
  }
  return new Uint16Array(bytes.buffer);
}

const program = loadHex(process.argv[2]);
const volts = new Array<number>(8).fill(0);
/** Levels from outside on digital pins. */
const levels = new Map<number, boolean>();
const tell = (report: Report): void => void process.send?.(report);

let board: Chip | undefined;
let socat: ChildProcessByStdio<Writable, Readable, null> | undefined;
let link = "";
let frozen = false;
let outgoing: number[] = [];
/** The firmware blinks its version for two seconds before it says anything: that stretch need not take real time. */
let booting = false;
let last = performance.now();

function unplug(): void {
  const ending = socat;
  socat = undefined;
  board = undefined;
  if (ending === undefined) return tell({ unplugged: true });
  ending.removeAllListeners("exit");
  ending.once("exit", () => {
    rmSync(link, { force: true });
    tell({ unplugged: true });
  });
  ending.kill("SIGKILL");
}

function start(): void {
  for (let pin = 0; pin < PINS; pin++) tell({ pin, high: false });
  booting = true;
  board = powerChip(program, { volts, levels }, tell, (byte) => {
    booting = false;
    outgoing.push(byte);
  });
}

function plug(path: string): void {
  link = path;
  const cable = spawn("socat", [`PTY,link=${path},rawer`, "STDIO"], { stdio: ["pipe", "pipe", "ignore"] });
  socat = cable;
  cable.stdin.on("error", () => undefined);
  start();
  cable.stdout.on("data", (chunk: Buffer) => socat === cable && board?.receive(chunk));
  last = performance.now();
}

/** Follows real time; what this machine cannot keep up with is left out rather than made up for. */
function live(): void {
  const now = performance.now();
  const due = booting ? SLICE_CYCLES : Math.min(((now - last) / 1000) * HZ, SLICE_CYCLES);
  last = now;
  if (board !== undefined && !frozen && due > 0) board.run(due);
  if (outgoing.length > 0) socat?.stdin.write(Buffer.from(outgoing));
  outgoing = [];
  if (booting) setImmediate(live);
  else setTimeout(live, PAUSE_MS);
}

process.on("message", (order: Order) => {
  if (order.do === "plug") plug(order.path);
  else if (order.do === "unplug") unplug();
  else if (order.do === "freeze") tell({ frozen: (frozen = order.on) });
  else if (order.do === "volts") volts[order.channel] = order.volts;
  else if (order.do === "hear") board?.receive(order.bytes);
  else if (order.do === "say") outgoing.push(...order.bytes);
  else if (order.do === "restart") start();
  else {
    levels.set(order.pin, order.high);
    board?.drive(order.pin, order.high);
  }
});
process.on("disconnect", () => process.exit());
process.on("SIGTERM", () => process.exit());
process.on("exit", () => socat?.kill("SIGKILL"));
live();

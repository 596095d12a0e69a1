/**
 * Runs an image on the real interpreter, as a board would: its flash is a file that this rig writes, the image is the
 * `.bootcde` in it, and the process starts without arguments.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAGE_BYTES, pageNames, pageStore } from "../../firmware/node/pages.js";
import { buildLoader, flashImage, regionIn, storageOf, storedFiles } from "../../hardware/flash-image.js";
import type { StorageFacts } from "../../hardware/flash-image.js";
import { VmFlash } from "./vm-flash.js";

/** The Linux build's Storage (boards/LINUX.py of Espruino). */
export const LINUX_STORAGE: StorageFacts = { base: 0x10000000, bytes: 256 * 1024 };

/** The files in such a flash: those of Storage, and those in pages of the region where the board was laid out. */
export function filesIn(flash: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name, at, size } of storedFiles(flash)) files.set(name, flash.toString("latin1", at, at + size));
  const region = regionIn(flash);
  if (region === null) return files;
  const store = pageStore(new VmFlash(flash, region.at), region.pages, () => undefined);
  for (const name of pageNames(region.pages)) {
    const text = store.read(name, 0, PAGE_BYTES);
    if (text !== undefined) files.set(name, text);
  }
  return files;
}

/**
 * A line for `.boot0` that reports the heap, twice a second by default. Not asked for at the console, whose input thread
 * on Linux loses bytes, and whose history stands in the same heap.
 */
export function heapMeter(everyMs = 500): string {
  const say = 'print("heap "+m.usage+" of "+m.total+" ("+m.blocksize+")")';
  return `setInterval(function(){var m=process.memory();${say}},${everyMs});`;
}

/**
 * Debian's libfaketime, by which a process sees a clock that runs faster; the loader puts the folder of the process's own
 * word length in the place of `$LIB`.
 */
const FAST_CLOCK = "/usr/$LIB/faketime/libfaketime.so.1";

/** The environment of an interpreter whose clock runs `speed` times as fast. */
function environment(speed: number): NodeJS.ProcessEnv {
  return speed === 1 ? process.env : { ...process.env, LD_PRELOAD: FAST_CLOCK, FAKETIME: `+0 x${speed}` };
}

/** Variables in use, how many there are, and bytes of each. */
export interface HeapUse {
  usage: number;
  total: number;
  blocksize: number;
}

export interface Interpreter {
  /** What {@link heapMeter} said so far. */
  heap(): readonly HeapUse[];
  /** Processor time that it took so far, in ms. Linux only. */
  cpuMs(): number;
  /** Everything that it printed. */
  output(): string;
  /** Resolves when the output matches; rejects after 60 s or when the process ends first. */
  printed(text: string | RegExp): Promise<void>;
  /** A power cut. */
  kill(): Promise<void>;
  exited(): boolean;
}

/**
 * Starts the interpreter in `folder`, where its flash is the file `espruino.flash`; its clock runs `speed` times as fast
 * as the world's.
 */
export function startInterpreter(bin: string, folder: string, speed = 1): Interpreter {
  const child = spawn(bin, [], { cwd: folder, stdio: ["pipe", "pipe", "pipe"], env: environment(speed) });
  let output = "";
  /** How far the output was searched for words of the meter. */
  let metered = 0;
  const heap: HeapUse[] = [];
  let ended = false;
  const watchers = new Set<() => void>();
  const take = (chunk: Buffer) => {
    output += chunk.toString("latin1");
    const line = output.lastIndexOf("\n");
    for (const found of output.slice(metered, line + 1).matchAll(/heap (\d+) of (\d+) \((\d+)\)/g)) {
      const [usage, total, blocksize] = found.slice(1).map(Number);
      heap.push({ usage, total, blocksize });
    }
    metered = line + 1;
    for (const watch of watchers) watch();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  child.stdin.on("error", () => undefined);
  const end = new Promise<void>((resolve) =>
    child.on("close", () => {
      ended = true;
      for (const watch of watchers) watch();
      resolve();
    }),
  );
  const printed = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        watchers.delete(check);
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      const check = () => {
        if (typeof text === "string" ? output.includes(text) : text.test(output)) settle();
        else if (ended) settle(new Error(`interpreter ended without "${text}":\n${output.slice(-2000)}`));
      };
      const timer = setTimeout(() => settle(new Error(`no "${text}" in 60 s:\n${output.slice(-2000)}`)), 60_000);
      watchers.add(check);
      check();
    });
  return {
    output: () => output,
    heap: () => heap,
    cpuMs() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "latin1")
        .replace(/^.*\) /, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    exited: () => ended,
    printed,
    kill: async () => {
      if (!ended) child.kill("SIGKILL");
      await end;
    },
  };
}

export interface BoardFolder {
  folder: string;
  remove(): void;
}

function folderWith(flash: Buffer): BoardFolder {
  const folder = mkdtempSync(join(tmpdir(), "aryk-board-"));
  writeFileSync(join(folder, "espruino.flash"), flash);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A scratch folder whose flash holds these files and nothing else: a board that was not laid out. */
export function boardFolder(files: Record<string, string>): BoardFolder {
  return folderWith(storageOf(files, LINUX_STORAGE.bytes));
}

/** A scratch folder with the flash of a board that is laid out and starts this image by its loader. */
export async function laidOutFolder(code: string, files: Record<string, string>): Promise<BoardFolder> {
  return folderWith(flashImage(code, await buildLoader(), files, LINUX_STORAGE));
}

/** Path of an interpreter named by an environment variable, or null. In CI a missing one is the caller's failure. */
export function interpreterFrom(variable: string): string | null {
  const path = process.env[variable];
  return path !== undefined && existsSync(path) ? path : null;
}

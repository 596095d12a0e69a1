/**
 * A reserve for the day on which the disk is full: a file of random bytes in the data folder that is given back piece by
 * piece, so that the packs of sites which can raise a closure, and the register's alarms, are still written. All other
 * packs are not acknowledged meanwhile: they stay on their boards. When the reserve is spent too, nothing is
 * acknowledged and the hub is `down`. When there is room again the reserve is made again first.
 */
import { closeSync, ftruncateSync, openSync, statSync, statfsSync } from "node:fs";
import { open } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { NoRoom, SetupError } from "../errors.js";
import type { Component } from "../health.js";
import type { Accept } from "../model.js";

export interface ReserveOptions {
  /** The reserve's file; its folder is the one that is watched. */
  file: string;
  folder: string;
  /** Size of the whole reserve. 0: none. */
  bytes: number;
  /** With less room than this only urgent packs are taken. */
  floorBytes: number;
  /** With less room than this the hub says so (degraded), and goes on. */
  lowBytes: number;
  /** What is given back at a time, and kept free for the register meanwhile. */
  sliceBytes?: number;
  /** How often the room is looked at, in ms of real time: it is about the disk. */
  everyMs?: number;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}

export interface ReserveStats {
  /** `short`: not all of it is there yet; `open`: urgent packs only; `spent`: nothing is left to give back. */
  state: "ready" | "short" | "open" | "spent";
  /** Bytes of the reserve that are there. */
  bytes: number;
  /** Bytes that are free beside it, for those without privileges. */
  freeBytes: number;
  /** Lines that were not taken because they are not urgent. */
  held: number;
}

export interface Reserve {
  /** The door with the reserve behind it. `urgent` tells whether a board's packs may use it. */
  guard(accept: Accept, urgent: (board: string) => boolean): Accept;
  stats(): ReserveStats;
  component: Component;
  stop(): Promise<void>;
}

const SLICE_BYTES = 1 << 20;
const EVERY_MS = 1000;
/** Without so much the stores cannot even be opened: each makes the index of its log. */
const START_BYTES = 512 << 10;

/** Whether a write failed for want of room. @param free bytes that are free: the index of a log fails as an I/O error */
function isFull(error: unknown, free: number, slice: number): boolean {
  const { code } = error as { code?: unknown };
  if (code === "SQLITE_FULL" || code === "ENOSPC") return true;
  return typeof code === "string" && code.startsWith("SQLITE_IOERR") && free < slice;
}

/** The board that a line names; not proven yet. */
function boardIn(line: string): string {
  return line.split(" ", 3)[2] ?? "";
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Opens the reserve, before the journal is: on a full disk it makes the room in which the stores can be opened. It is
 * then made or completed in the background. @throws SetupError DISK_FULL if there is no room, and nothing to give back
 */
export function startReserve(options: ReserveOptions): Reserve {
  const { file, folder, bytes, floorBytes, lowBytes, log } = options;
  const slice = options.sliceBytes ?? SLICE_BYTES;
  let size = sizeOf(file);
  let tight = false;
  let held = 0;
  let filling: Promise<void> | null = null;
  let stopped = false;

  const free = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  const spent = (): boolean => tight && size === 0 && free() < slice;

  function cut(to: number): void {
    const fd = openSync(file, "r+");
    try {
      ftruncateSync(fd, to);
      size = to;
    } finally {
      closeSync(fd);
    }
  }

  /** Room for the next urgent writes; false if there is none left to give. */
  function makeRoom(): boolean {
    if (free() >= slice) return true;
    if (size === 0) return false;
    cut(Math.max(0, size - slice));
    if (size === 0) log.warn({ part: "disk" }, "the reserve is spent: nothing is acknowledged until there is room");
    return true;
  }

  function hold(): void {
    if (tight) return;
    tight = true;
    log.warn({ part: "disk", freeBytes: free() }, "the disk is full: only packs that can raise a closure are taken");
  }

  /** Writes what is missing, slice by slice, as long as the floor stays free. Random: a file system may keep no zeros. */
  async function fill(): Promise<void> {
    const handle = await open(file, "a", 0o600);
    try {
      const piece = randomBytes(Math.min(slice, bytes));
      while (size < bytes && !stopped && free() >= floorBytes + 2 * slice) {
        const { bytesWritten } = await handle.write(piece, 0, Math.min(piece.length, bytes - size));
        size += bytesWritten;
      }
      await handle.sync();
    } finally {
      await handle.close();
      size = sizeOf(file);
    }
  }

  function look(): void {
    if (stopped || filling !== null) return;
    const room = free();
    if (!tight && room < floorBytes) hold();
    if (tight) makeRoom();
    const enough = room >= floorBytes + 2 * slice + (tight ? bytes - size : 0);
    if (!enough) return;
    if (size >= bytes) return release();
    filling = fill()
      .catch((error: unknown) => log.warn({ part: "disk", err: error }, "the reserve could not be made"))
      .finally(() => (filling = null));
  }

  function release(): void {
    if (!tight) return;
    tight = false;
    log.info({ part: "disk", freeBytes: free() }, "there is room again: every pack is taken");
  }

  if (size > bytes) cut(bytes);
  look();
  if (free() < START_BYTES)
    throw new SetupError(
      "DISK_FULL",
      `the disk under ${folder} is full, and the reserve is spent`,
      "Make room on it: without any the hub cannot open what it keeps. Readings wait on their boards.",
    );
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      log.warn({ part: "disk", err: error }, "the room under the data folder could not be looked at");
    }
  }, options.everyMs ?? EVERY_MS);

  return {
    guard: (accept, urgent) => async (line, from) => {
      const mayPass = (): boolean => urgent(from.board ?? boardIn(line));
      if (tight && !mayPass()) {
        held++;
        throw new NoRoom();
      }
      try {
        return await accept(line, from);
      } catch (error) {
        if (!isFull(error, free(), slice)) throw error;
        hold();
        if (!mayPass() || !makeRoom()) throw new NoRoom({ cause: error });
        return accept(line, from);
      }
    },
    stats() {
      const state = spent() ? "spent" : tight ? "open" : size < bytes ? "short" : "ready";
      return { state, bytes: size, freeBytes: free(), held };
    },
    component: {
      name: "disk",
      check() {
        const room = free();
        const figures = `${Math.round(room / 1e6)} MB are free, ${Math.round(size / 1e6)} MB of the reserve are left`;
        if (spent()) return [{ status: "down", code: "full", message: `no reading is acknowledged: ${figures}` }];
        if (tight) {
          const message = `only packs that can raise a closure are taken, the others wait on their boards: ${figures}`;
          return [{ status: "degraded", code: "reserve", message }];
        }
        return room < lowBytes ? [{ status: "degraded", code: "low", message: figures }] : [];
      },
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await filling;
    },
  };
}

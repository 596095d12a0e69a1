/**
 * A hub on a small disk of its own, and the one who fills that disk. It does what its parent says and answers each word
 * with how the hub is. Arguments: data folder (the top of a small file system).
 */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { parseConfig } from "../../hub/config.js";
import { realClock } from "../../hub/clock.js";
import { collectHealth } from "../../hub/health.js";
import { startHub, type Hub } from "../../hub/main.js";

/** What the parent may say. */
export type DiskWord = "look" | "fill" | "free" | "restart" | "alarm";

/** What it is told. */
export interface DiskNews {
  port: number;
  url: string;
  status: string;
  reasons: string[];
  packs: string[];
  /** Alarm writes that failed. */
  failedAlarms: number;
  error: string | null;
}

const [dir] = process.argv.slice(2);
const config = parseConfig("", {});
config.dataDir = join(dir, "data");
config.http.port = 0;
config.inputs.broker.port = 0;
config.flows.enabled = false;
config.disk = { reserveMiB: 2, floorMiB: 1 };
const log = pino({ level: process.env.ARYK_LOG ?? "silent" }, pino.destination(2));
const ballast = join(dir, "ballast");

/** Writes until not one further byte has room. */
function fill(): void {
  const fd = openSync(ballast, "a");
  try {
    for (let piece = Buffer.alloc(1 << 16, 1); piece.length > 0;)
      try {
        writeSync(fd, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        piece = piece.subarray(0, piece.length >> 1);
      }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

let hub: Hub = await startHub({ config, clock: realClock, log });
let failedAlarms = 0;

async function obey(word: DiskWord): Promise<void> {
  if (word === "fill") fill();
  if (word === "free") rmSync(ballast);
  if (word === "alarm") {
    try {
      hub.register.takeFence("test");
    } catch {
      failedAlarms++;
    }
  }
  if (word === "restart") {
    await hub.stop().catch(() => undefined);
    hub = await startHub({ config, clock: realClock, log });
  }
}

function news(error: unknown): DiskNews {
  const { status, reasons } = error === null ? hub.health() : collectHealth([]);
  const entries = error === null ? hub.journal.read(0, 100_000) : [];
  return {
    port: hub.inputs.broker?.port ?? 0,
    url: hub.url,
    status,
    reasons: reasons.map((r) => `${r.component} ${r.code}`),
    packs: entries.flatMap((entry) => (entry.kind === "pack" ? [entry.line] : [])),
    failedAlarms,
    error: error === null ? null : String(error),
  };
}

process.on("message", (word: DiskWord) => {
  obey(word).then(
    () => process.send?.(news(null)),
    (error: unknown) => process.send?.(news(error)),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.(news(null));

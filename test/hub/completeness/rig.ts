/** A hub's way in, with journal, registry and ledger on disk, and the command `aryk ledger` beside it. */
import { Command } from "commander";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DISTANCE } from "../../../firmware/wire/properties.js";
import { siteType } from "../../../hardware/sites.js";
import { derive } from "../../../hub/calibration/index.js";
import { addLedgerCommand } from "../../../hub/cli/ledger.js";
import { SteppedClock } from "../../../hub/clock.js";
import { startCompleteness } from "../../../hub/completeness/start.js";
import type { LedgerReport } from "../../../hub/completeness/counts.js";
import { Journal } from "../../../hub/journal.js";
import type { Accepted } from "../../../hub/model.js";
import { createPipeline } from "../../../hub/pipeline.js";
import { createQuality } from "../../../hub/quality/index.js";
import { Registry } from "../../../hub/registry.js";
import { sealedBoard } from "../../rig/sealed-board.js";

export const HOUR = 3_600_000;
/** Some whole hour. */
export const START = Date.UTC(2026, 2, 1, 8);
export const EPOCH = "0a0b0c0d";

export type Rig = ReturnType<typeof openRig>;

/** @param dir a folder that an earlier rig left, to go on with */
export function openRig(dir = mkdtempSync(join(tmpdir(), "aryk-ledger-"))) {
  const clock = new SteppedClock(START);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  let completeness: ReturnType<typeof startCompleteness>;
  try {
    completeness = startCompleteness({
      ...{ file: join(dir, "completeness.sqlite"), journal, clock, days: 90, writeEveryMs: 20 },
      ...{ journalFile: join(dir, "journal.sqlite"), places: registry },
      warn: (message, error) => {
        throw new Error(message, { cause: error });
      },
    });
  } catch (error) {
    void journal.close();
    registry.close();
    throw error;
  }
  const derivedOf = (type: string) => siteType(type)?.derived ?? [];
  const deps = { clock, journal, registry, account: completeness, quality: createQuality(), derive, derivedOf };
  const { accept } = createPipeline(deps);
  writeFileSync(join(dir, "hub.yaml"), "dataDir: .\n");

  return {
    dir,
    clock,
    journal,
    registry,
    completeness,
    /** Registers a board that has hung at that site since `from`. */
    hang(board: string, site: string, from = START - 24 * HOUR): void {
      const names = { kk: site, ru: site, en: site };
      if (registry.site(site) === undefined)
        registry.addSite(
          { id: site, type: "underpass", names, district: "Almaly", lat: 43, lon: 76, settings: {} },
          "t",
        );
      if (!registry.knows(board)) registry.addBoard(board, "t");
      registry.assign(board, site, from, "t");
    },
    board: (name: string, boot = 1, epoch = EPOCH) => sealedBoard(name, "k1", registry.keyOf(name, "k1")!, epoch, boot),
    send: (line: string): Promise<Accepted> => accept(line, { source: "test", withCrc: false }),
    /** Runs `aryk ledger` on the files, and gives what it prints. */
    async command(...args: string[]): Promise<string> {
      const program = new Command().option("-c, --config <file>");
      addLedgerCommand(program, clock);
      const lines: string[] = [];
      const print = console.log;
      console.log = (text: string) => void lines.push(text);
      try {
        await program.parseAsync(["node", "aryk", "-c", join(dir, "hub.yaml"), "ledger", ...args]);
      } finally {
        console.log = print;
      }
      return lines.join("\n");
    },
    async report(...args: string[]): Promise<LedgerReport> {
      return JSON.parse(await this.command("--json", ...args)) as LedgerReport;
    },
    /** Closes everything, as the end of the hub does. */
    async close(): Promise<void> {
      try {
        completeness.stop();
      } finally {
        await journal.close();
        registry.close();
      }
    },
    async remove(): Promise<void> {
      await this.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** One distance. */
export const mm = (value: number) => [{ property: DISTANCE, ok: true as const, value }];

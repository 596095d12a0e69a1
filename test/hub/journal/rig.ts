/** A journal on a folder of its own, for each test anew. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../../hub/journal.js";
import { packEntry } from "../journal-entries.js";

export interface JournalRig {
  dir: string;
  file: string;
  journal: Journal;
  reopen(): Promise<void>;
  /** Appends the packs with these numbers at once. */
  fill(from: number, to: number, board?: string): Promise<number[]>;
}

/** Registers the hooks of the suite that calls it. */
export function journalRig(): JournalRig {
  const t: JournalRig = {
    dir: "",
    file: "",
    journal: undefined as unknown as Journal,
    async reopen() {
      await t.journal.close();
      t.journal = Journal.open(t.file);
    },
    fill: (from, to, board = "b1") =>
      Promise.all(Array.from({ length: to - from + 1 }, (_, i) => t.journal.append(packEntry(board, from + i)))),
  };
  beforeEach(() => {
    t.dir = mkdtempSync(join(tmpdir(), "aryk-journal-"));
    t.file = join(t.dir, "journal.sqlite");
    t.journal = Journal.open(t.file);
  });
  afterEach(async () => {
    await t.journal.close();
    rmSync(t.dir, { recursive: true });
  });
  return t;
}

/** The numbers themselves, as the journal keeps them for ever: read beside the hub that writes them, never written. */
import Database from "better-sqlite3";
import { SetupError } from "../errors.js";
import type { Cursor } from "../model.js";
import type { Ranges } from "../ledger/ranges.js";
import { watchFile } from "../store/damage.js";

/** One start of a board. */
export interface Numbers {
  epoch: string;
  boot: number;
  /** Numbers that arrived, dead letters included. */
  received: Ranges;
  /** Numbers that the board said it dropped, whether they arrived after all or not. */
  told: Ranges;
}

export interface NumberBook {
  /** Boards that ever sent something, in the order of their names. */
  boards(): string[];
  /** Every start of a board, oldest first. */
  starts(board: string): Numbers[];
  /** The journal's last entry. */
  head(): Cursor;
  close(): void;
}

type Row = { first: number; last: number };

/** Opens the journal's numbers for reading. @throws SetupError `NO_JOURNAL` */
export function openNumbers(journalFile: string): NumberBook {
  try {
    const db = new Database(journalFile, { readonly: true, fileMustExist: true, timeout: 5000 });
    watchFile(db, journalFile);
    const boards = db.prepare<unknown[], string>("SELECT DISTINCT board FROM streams ORDER BY board").pluck();
    const starts = db.prepare<unknown[], { id: number; epoch: string; boot: number }>(
      "SELECT id, epoch, boot FROM streams WHERE board = ? ORDER BY id",
    );
    const received = db.prepare<unknown[], Row>("SELECT first, last FROM received WHERE stream = ? ORDER BY first");
    const told = db.prepare<unknown[], Row>("SELECT first, last FROM dropped WHERE stream = ? ORDER BY first");
    const head = db.prepare<unknown[], Cursor>(
      "SELECT (SELECT value FROM meta WHERE name = 'epoch') AS epoch, (SELECT last_id FROM tally) AS id",
    );
    const flat = (rows: Row[]): Ranges => rows.flatMap((row) => [row.first, row.last]);
    return {
      boards: () => boards.all(),
      // One transaction: a number that arrives between the two looks would be missing from both.
      starts: db.transaction((board: string): Numbers[] =>
        starts.all(board).map(({ id, epoch, boot }) => {
          return { epoch, boot, received: flat(received.all(id)), told: flat(told.all(id)) };
        }),
      ),
      head: () => head.get() ?? { epoch: "", id: 0 },
      close: () => void db.close(),
    };
  } catch (cause) {
    throw new SetupError(
      "NO_JOURNAL",
      `the journal ${journalFile} cannot be read: ${(cause as Error).message}`,
      "Name the hub's configuration with --config; a hub that has never run has no ledger.",
      { cause },
    );
  }
}

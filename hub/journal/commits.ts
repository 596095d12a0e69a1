/** The open group and its commits: what arrives together is written together. */
import type { Ledger } from "../ledger.js";
import type { Cursors } from "./cursors.js";
import type { Damage } from "./damage.js";
import { Group } from "./group.js";
import { Pace } from "./pace.js";
import type { JournalReader } from "./read.js";
import type { Writer } from "./write.js";

interface CommitParts {
  writer: Writer;
  ledger: Ledger;
  cursors: Cursors;
  reader: JournalReader;
  damage: Damage;
}

const MAX_GROUP = 4096;
const MAX_GROUP_BYTES = 4 << 20;
const GATHER_MS = 10;

export class Commits {
  /** What waits for the next commit. */
  group = new Group();
  /** The last commit's error while nothing has been committed since; null when all is well. */
  failure: Error | null = null;
  #parts: CommitParts;
  #maxGroup: number;
  #pace: Pace;
  #added: () => void;
  #ended = false;

  /** `added` is called after each commit that added entries. */
  constructor(parts: CommitParts, options: { maxGroup?: number; gatherMs?: number }, added: () => void) {
    this.#parts = parts;
    this.#maxGroup = options.maxGroup ?? MAX_GROUP;
    this.#pace = new Pace(options.gatherMs ?? GATHER_MS, () => this.now());
    this.#added = added;
  }

  /** Resolves when what is in the group is on disk; rejects if it could not be committed. */
  wait(): Promise<void> {
    const group = this.group;
    group.waiting++;
    if (group.entries.length >= this.#maxGroup || group.bytes >= MAX_GROUP_BYTES) this.now();
    else this.#pace.schedule();
    return group.committed;
  }

  /** Lets cursors that wait for a commit have one. */
  move(): void {
    if (this.#parts.cursors.waiting && !this.#ended) this.#pace.schedule();
  }

  /** Commits what waits. */
  now(): void {
    const { writer, ledger, cursors, reader, damage } = this.#parts;
    this.#pace.begin();
    const group = this.group;
    this.group = new Group();
    try {
      damage.guard(() => writer.write(group));
    } catch (error) {
      ledger.settle(false);
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.#pace.end();
      group.reject(error);
      if (damage.ruin === null) this.#pace.retry(() => this.move());
      return;
    }
    ledger.settle(true);
    cursors.saved();
    this.failure = null;
    this.#pace.end();
    if (group.entries.length > 0)
      reader.remember(writer.tally.last_id - group.entries.length + 1, group.entries, group.text.bytes);
    group.resolve();
    if (group.entries.length > 0) this.#added();
  }

  /** No commit comes any more. */
  end(): void {
    this.#ended = true;
    this.#pace.begin();
  }
}

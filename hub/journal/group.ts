/** What waits for the journal's next commit, and the one promise of all who wait for it. */
import type { Entry } from "../model.js";
import { GroupText } from "./data.js";
import type { Letter } from "./letters.js";

export class Group {
  readonly text = new GroupText();
  readonly entries: Entry[] = [];
  readonly letters: Letter[] = [];
  /** Settles with the commit, once `resolve` or `reject` is called. */
  readonly committed: Promise<void>;
  resolve!: () => void;
  reject!: (error: unknown) => void;
  /** How many wait for the promise. */
  waiting = 0;
  #letterBytes = 0;

  constructor() {
    this.committed = new Promise<void>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // A group may hold nothing but moves of cursors: then nobody waits for it.
    this.committed.catch(() => undefined);
  }

  /** About how many bytes it will be on disk. */
  get bytes(): number {
    return this.text.bytes + this.#letterBytes;
  }

  /** Adds an entry; returns its place in the group, from 1. */
  add(entry: Entry): number {
    this.text.add(entry);
    return this.entries.push(entry);
  }

  addLetter(letter: Letter): void {
    this.letters.push(letter);
    this.#letterBytes += letter.line.length;
  }
}

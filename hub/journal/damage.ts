/** What the journal does about bytes on the disk that are not what was written. */
import type { Letter } from "./letters.js";
import type { GroupRow } from "./read.js";
import { markDamaged } from "../store/damage.js";

export class Damage {
  readonly #file: string;
  readonly #keep: (letter: Letter) => Promise<void>;
  readonly #onDamage: (error: Error) => void;
  #ruin: Error | null = null;
  /** First ids of groups that were found altered, and their last. */
  readonly #altered = new Map<number, number>();

  /**
   * @param keep      keeps what is left of an altered group as a dead letter
   * @param onDamage  called once, if SQLite finds the file damaged
   */
  constructor(file: string, keep: (letter: Letter) => Promise<void>, onDamage: (error: Error) => void) {
    this.#file = file;
    this.#keep = keep;
    this.#onDamage = onDamage;
  }

  /** The error by which the file was found damaged; null while it is not. */
  get ruin(): Error | null {
    return this.#ruin;
  }

  /** Does something with the file; if SQLite finds it damaged, nothing more is done and the next start mends it. */
  guard<T>(work: () => T): T {
    if (this.#ruin !== null) throw this.#ruin;
    try {
      return work();
    } catch (error) {
      this.found(error);
      throw error;
    }
  }

  /** Told an error that came from the file by another way than {@link guard}. */
  found(error: unknown): void {
    if (this.#ruin !== null || !markDamaged(this.#file, error)) return;
    this.#ruin = error as Error;
    this.#onDamage(this.#ruin);
  }

  /** A group whose bytes were altered on the disk: what is left of it is kept where people look for such things. */
  setApart({ first_id, last_id, newest, data }: GroupRow): void {
    if (this.#altered.has(first_id)) return;
    this.#altered.set(first_id, last_id);
    const detail = `entries ${first_id} to ${last_id} were altered on the disk`;
    const letter = { received: newest, board: null, line: data, reason: "damaged", detail, entry: first_id };
    // Not before the reading that met it is over: a group this large may be committed at once, and SQLite cannot then.
    void Promise.resolve()
      .then(() => this.#keep(letter))
      .catch(() => this.#altered.delete(first_id));
  }

  /** Entries that are not what was written. */
  altered(): { firstId: number; lastId: number }[] {
    return [...this.#altered].map(([firstId, lastId]) => ({ firstId, lastId }));
  }
}

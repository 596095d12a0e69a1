/** What is answered to a board. */
import { ACK_OK, ACK_OK_RECEIPTS } from "../../firmware/wire/line.js";
import type { Line } from "../../firmware/wire/line.js";
import type { Source } from "../model.js";

/** The body of the ack that says that a line is on disk. */
export function okFor(line: Line, from: Source): string {
  return line.type === "hello" && from.receipts === true ? ACK_OK_RECEIPTS : ACK_OK;
}

/** Seals the ack of a line with the board's key. */
export type Sealer = (line: Line, key: Uint8Array, word: string) => string;

/** Its ack is sealed only when it is asked for: an input that answers by PUBACK alone does not pay for it. */
export class Answer<Outcome extends "stored" | "duplicate" | "heard" | "dead"> {
  readonly outcome: Outcome;
  readonly #seal: Sealer;
  readonly #line: Line;
  readonly #key: Uint8Array;
  readonly #word: string;
  /** One more line that follows the ack. */
  command?: string;

  constructor(outcome: Outcome, seal: Sealer, line: Line, key: Uint8Array, word: string) {
    this.outcome = outcome;
    this.#seal = seal;
    this.#line = line;
    this.#key = key;
    this.#word = word;
  }

  get ack(): string {
    return this.#seal(this.#line, this.#key, this.#word);
  }
}

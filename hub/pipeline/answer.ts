/** What is answered to a board. */
import { ACK_OK, ACK_OK_RECEIPTS } from "../../firmware/wire/line.js";
import type { Line } from "../../firmware/wire/line.js";
import type { Source } from "../model.js";

/** The body of the ack that says that a line is on disk. */
export function okFor(line: Line, from: Source): string {
  return line.type === "hello" && from.receipts === true ? ACK_OK_RECEIPTS : ACK_OK;
}

/** Its ack is sealed only when it is asked for: an input that answers by PUBACK alone does not pay for it. */
export class Answer<Outcome extends "stored" | "duplicate" | "dead"> {
  readonly outcome: Outcome;
  readonly #seal: () => string;
  /** One more line that follows the ack. */
  command?: string;

  constructor(outcome: Outcome, seal: () => string) {
    this.outcome = outcome;
    this.#seal = seal;
  }

  get ack(): string {
    return this.#seal();
  }
}

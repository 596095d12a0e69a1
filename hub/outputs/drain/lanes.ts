/**
 * One lane to an output, or two when it is far behind: the newest entries then go first, on a lane of their own from
 * shortly before the journal's end on, and the backlog follows up to the seam where that lane began. Three cursors keep this over a crash:
 * the output's own is the backlog's place, `<output>#seam` is where the live lane began, `<output>#live` its place. They
 * are written in such an order that whatever is cut off is written to the output again, and never left out.
 */
import { Lane, type LaneJournal } from "./lane.js";

export interface LanesJournal extends LaneJournal {
  cursor(consumer: string): { id: number };
  consumers(): { consumer: string; id: number }[];
  removeConsumer(consumer: string): boolean;
}

/** So much of what makes an output "far behind" counts as its newest entries: for InfluxDB a batch of 5,000. */
const NEWEST_SHARE = 1 / 4;

/** The output that a cursor belongs to. */
export function outputOf(consumer: string): string {
  return consumer.split("#")[0];
}

export class Lanes {
  readonly #journal: LanesJournal;
  readonly #seam: string;
  readonly #live: string;
  /** Entries behind from which on there are two lanes. */
  readonly #farEntries: number;
  /** The only lane, or the backlog. */
  main: Lane;
  live: Lane | null = null;

  constructor(journal: LanesJournal, consumer: string, farEntries: number) {
    this.#journal = journal;
    this.#seam = `${consumer}#seam`;
    this.#live = `${consumer}#live`;
    this.#farEntries = farEntries;
    const from = journal.cursor(consumer).id;
    const place = (name: string): number | undefined => journal.consumers().find((one) => one.consumer === name)?.id;
    const seam = place(this.#seam);
    const reached = Math.max(seam ?? 0, place(this.#live) ?? 0);
    this.main = new Lane(journal, consumer, from, seam);
    if (seam !== undefined) this.live = new Lane(journal, this.#live, reached);
    if (seam !== undefined && from >= seam) this.#join(Math.max(from, reached));
  }

  all(): Lane[] {
    return this.live === null ? [this.main] : [this.main, this.live];
  }

  /** Entries of a journal that ends at `head` which have not ended yet. */
  lag(head: number): number {
    return this.all().reduce(
      (sum, { end, settledTo }) => sum + Math.max(0, Math.min(head, end ?? head) - settledTo),
      0,
    );
  }

  /** Opens the second lane when the output is far behind, and gives it up when the backlog has reached it. */
  arrange(head: number): void {
    const { main, live } = this;
    if (live !== null && main.done()) this.#join(live.settledTo);
    else if (live === null && main.waiting(head) > this.#farEntries) this.#open(head);
    // Behind even there, after one more outage: what it wrote since it began is written again by the backlog.
    else if (live !== null && live.flights.length === 0 && live.waiting(head) > this.#farEntries) this.#open(head);
  }

  /** The last of what waits goes on the new lane, too: it is what everybody looks at when the output is back. */
  #open(head: number): void {
    const seam = head - Math.floor(this.#farEntries * NEWEST_SHARE);
    for (const name of [this.#seam, this.#live]) {
      this.#journal.cursor(name);
      this.#journal.settle(name, seam);
    }
    this.main.end = seam;
    this.live = new Lane(this.#journal, this.#live, seam);
  }

  /** The backlog has come to the seam: everything up to `id` has ended, and the live lane is the only one. */
  #join(id: number): void {
    const { consumer } = this.main;
    if (id > this.main.settledTo) this.#journal.settle(consumer, id);
    if (this.live !== null && this.live.settledTo === id) {
      this.main = this.live;
      this.main.consumer = consumer;
    } else this.main = new Lane(this.#journal, consumer, id);
    this.live = null;
    this.#journal.removeConsumer(this.#live);
    this.#journal.removeConsumer(this.#seam);
  }
}

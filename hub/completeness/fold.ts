/** Adds up, in memory, what the file is told of in one write: cheap enough to stand behind every pack. */
import type { EventEntry, Journalled, PackEntry } from "../model.js";
import { HOUR_MS, LATE_MS } from "./store.js";
import type { Addition, HourPart, Told, ToldKind, Waiting } from "./store.js";

interface Names {
  start(board: string, epoch: string, boot: number): number;
  site(name: string): number;
}

interface Open {
  epoch: string;
  boot: number;
  hour: number;
  site: string | null;
  part: HourPart;
}

function emptyPart(seq: number, time: number): HourPart {
  const from = { node: 0, anchor: 0, received: 0 };
  return { packs: 0, first: seq, firstAt: time, last: seq, lastAt: time, late: 0, from, clock: 0 };
}

/** Uptime as it stands in a line: its fifth field. */
function uptimeOf(line: string): number {
  return Number(line.split(" ", 5)[4]);
}

export class Fold {
  #parts = new Map<string, { board: string; open: Open }>();
  /** The part to which a board's last pack went: nearly always the next one's, too. */
  #last = new Map<string, Open>();
  #told = new Map<string, Told>();
  #waiting: Map<string, Waiting>;
  #changed = new Set<string>();

  /** @param waiting what the file says of the boards */
  constructor(waiting: Waiting[]) {
    this.#waiting = new Map(waiting.map((one) => [one.board, one]));
  }

  entry(entry: Journalled): void {
    if (entry.kind === "pack") this.#pack(entry);
    else if (entry.board !== null) this.#event(entry, entry.board);
  }

  /** Counts what is in no entry. `board` is empty where none can be named. */
  tell(kind: ToldKind, name: string, board: string, at: number, n = 1): void {
    const hour = Math.floor(at / HOUR_MS);
    const key = `${hour} ${kind} ${name} ${board}`;
    const known = this.#told.get(key);
    if (known === undefined) this.#told.set(key, { hour, board, kind, name, n });
    else known.n += n;
  }

  /** Is there anything to write? */
  dirty(): boolean {
    return this.#parts.size > 0 || this.#told.size > 0 || this.#changed.size > 0;
  }

  /** What has come together since {@link written}. */
  addition(names: Names): Omit<Addition, "cursor" | "letter"> {
    const hours = [...this.#parts.values()].map(({ board, open }) => ({
      start: names.start(board, open.epoch, open.boot),
      hour: open.hour,
      site: names.site(open.site ?? ""),
      part: open.part,
    }));
    const waiting = [...this.#changed].map((board) => this.#waiting.get(board)!);
    return { hours, told: [...this.#told.values()], waiting };
  }

  /** The addition is on disk. */
  written(): void {
    this.#parts.clear();
    this.#last.clear();
    this.#told.clear();
    this.#changed.clear();
  }

  #pack(entry: PackEntry): void {
    const { board, seq, time, received } = entry;
    const { part } = this.#open(entry, Math.floor(time / HOUR_MS));
    part.packs++;
    if (seq < part.first) {
      part.first = seq;
      part.firstAt = time;
    }
    if (seq > part.last) {
      part.last = seq;
      part.lastAt = time;
    }
    if (received - time > LATE_MS) part.late++;
    part.from[entry.timeFrom]++;
    if (entry.timeWhy !== undefined) part.clock++;
    this.#came(board, entry.epoch, entry.boot, entry.line);
  }

  #open(entry: PackEntry, hour: number): Open {
    const { board, epoch, boot, site } = entry;
    const last = this.#last.get(board);
    if (last?.hour === hour && last.epoch === epoch && last.boot === boot && last.site === site) return last;
    const key = `${board} ${epoch}.${boot} ${hour} ${site ?? ""}`;
    let known = this.#parts.get(key);
    if (known === undefined) {
      known = { board, open: { epoch, boot, hour, site, part: emptyPart(entry.seq, entry.time) } };
      this.#parts.set(key, known);
    }
    this.#last.set(board, known.open);
    return known.open;
  }

  #event(entry: EventEntry, board: string): void {
    if (entry.event === "gap" || entry.event === "reply") {
      const { epoch, boot, line } = entry.detail as { epoch: string; boot: number; line: string };
      return this.#came(board, epoch, boot, line);
    }
    if (entry.event !== "hello") return;
    const { epoch, boot, uptimeMs, waiting } = entry.detail as {
      [K in "boot" | "uptimeMs" | "waiting"]: number;
    } & { epoch: string };
    this.#waiting.set(board, { board, waiting, at: entry.received, epoch, boot, uptime: uptimeMs, come: 0 });
    this.#changed.add(board);
  }

  /** A numbered line came: was it one of those that the board's last hello spoke of? */
  #came(board: string, epoch: string, boot: number, line: string): void {
    const said = this.#waiting.get(board);
    if (said === undefined || said.come >= said.waiting) return;
    if (said.epoch === epoch && said.boot === boot && uptimeOf(line) > said.uptime) return;
    said.come++;
    this.#changed.add(board);
  }
}

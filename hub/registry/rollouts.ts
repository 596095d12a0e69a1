/** Images on their way to boards, as rows of the registry: which, to whom, and what became of it. */
import { z } from "zod";
import type { UnixMs } from "../model.js";

const nonce = z.string().regex(/^[0-9a-f]{8}$/, "must be 8 hexadecimal digits");
const why = z.string().max(200);
/** Part of a board's records that were faults while it ran the image before. A hub that is restarted has it from here. */
const faultsBefore = z.number().min(0).max(1).optional();

/** The rows of this file; `board` is the shape of a board's name. */
export function rolloutRows<Board extends z.ZodType<string>>(board: Board) {
  return [
    /** Begins to send an image, stops to, or takes it back from the boards that run it. */
    z.strictObject({
      kind: z.literal("rollout"),
      rollout: nonce,
      image: nonce,
      does: z.enum(["start", "stop", "resume", "back"]),
      why,
    }),
    /** The ring has come to this board. */
    z.strictObject({ kind: z.literal("offer"), board, rollout: nonce, faultsBefore }),
    /** What became of it. */
    z.strictObject({
      kind: z.literal("outcome"),
      board,
      rollout: nonce,
      outcome: z.enum(["good", "back", "refused", "worse", "silent"]),
      why,
      faultsBefore,
    }),
  ] as const;
}

type RolloutRow = z.infer<ReturnType<typeof rolloutRows>[number]>;

export interface Offered {
  at: UnixMs;
  /** Part of its records that were faults before the image, as the hub knew last; null where it never did. */
  faultsBefore: number | null;
  /** The last that became of it. */
  outcome: { result: "good" | "back" | "refused" | "worse" | "silent"; why: string; at: UnixMs } | null;
}

export interface Rollout {
  id: string;
  image: string;
  /** What was last said of it, why and by whom. */
  does: "start" | "stop" | "resume" | "back";
  why: string;
  at: UnixMs;
  by: string;
  /** By board, in the order of their turns. */
  offers: Map<string, Offered>;
}

/** The rollouts as they stand after their rows. */
export class Rollouts {
  readonly #all = new Map<string, Rollout>();

  /** In the order in which they began. */
  list(): Rollout[] {
    return [...this.#all.values()];
  }

  of(id: string): Rollout | undefined {
    return this.#all.get(id);
  }

  apply(row: RolloutRow & { at: UnixMs; by: string }): void {
    const { rollout: id, at, by } = row;
    const known = this.#all.get(id);
    if (row.kind === "rollout") {
      const { image, does, why } = row;
      this.#all.set(id, { id, image, does, why, at, by, offers: known?.offers ?? new Map<string, Offered>() });
    } else if (row.kind === "offer")
      known?.offers.set(row.board, { at, faultsBefore: row.faultsBefore ?? null, outcome: null });
    else {
      const offered = known?.offers.get(row.board);
      if (offered === undefined) return;
      offered.outcome = { result: row.outcome, why: row.why, at };
      offered.faultsBefore = row.faultsBefore ?? offered.faultsBefore;
    }
  }
}

/** Entries for tests of the journal: numbered packs whose seal depends on what they say. */
import { createHash } from "node:crypto";
import type { BoardId, PackEntry, SiteId } from "../../hub/model.js";

export const EPOCH = "0a0b0c0d";

/** A pack of that board; `value` makes lines of one number differ. */
export function packEntry(board: string, seq: number, value = seq, boot = 1, received = 1000 + seq): PackEntry {
  const body = `aryk1 pack ${board} ${EPOCH}.${boot}.${seq} 1 - ${value} k1`;
  const tag = createHash("sha256").update(body).digest("hex").slice(0, 32);
  return {
    kind: "pack",
    board: board as BoardId,
    epoch: EPOCH,
    boot,
    seq,
    line: `${body}.${tag}`,
    source: "test",
    received,
    nodeTime: null,
    time: received,
    timeFrom: "received",
    site: "site-1" as SiteId,
    observations: [{ property: "distance", value, flag: 1, calibration: 0 }],
  };
}

/** What the ledger is asked about a pack. */
export function keyOf({ board, epoch, boot, seq, line }: PackEntry) {
  return { board, epoch, boot, seq, tag: line.slice(-32) };
}

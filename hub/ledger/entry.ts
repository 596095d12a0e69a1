/** What an entry tells the ledger. */
import type { LineKey, Ledger } from "../ledger.js";
import type { Entry, EventEntry } from "../model.js";

/** The number that an entry carries, if it is a numbered line of a board. */
function keyOf(entry: Entry): LineKey | null {
  if (entry.kind === "pack") {
    const { board, epoch, boot, seq, line } = entry;
    return { board, epoch, boot, seq, tag: line.slice(-32) };
  }
  if ((entry.event !== "gap" && entry.event !== "reply") || entry.board === null) return null;
  const { epoch, boot, seq, line } = entry.detail as { epoch: string; boot: number; seq: number; line: string };
  return { board: entry.board, epoch, boot, seq, tag: line.slice(-32) };
}

function noteEvent(ledger: Ledger, { event, board, received, detail }: EventEntry): void {
  if (board === null) return;
  if (event === "hello") {
    const { epoch, boot, uptimeMs } = detail as { epoch: string; boot: number; uptimeMs: number };
    ledger.noteHello(board, epoch, boot, uptimeMs, received);
  } else if (event === "gap") {
    const { epoch, boot, dropped } = detail as {
      epoch: string;
      boot: number;
      dropped: [stream: string, first: number, last: number][];
    };
    for (const [stream, first, last] of dropped) {
      const [ofEpoch, ofBoot] = [stream.slice(0, 8), Number(stream.slice(9))];
      // Nothing was dropped of a start to come. Were it taken for one that has begun, this one would count as over.
      if (ofEpoch !== epoch || ofBoot <= boot) ledger.noteDropped(board, ofEpoch, ofBoot, first, last);
    }
  }
}

/** Notes the next entry of the open group: its number, and what a hello or a gap says. */
export function noteEntry(ledger: Ledger, entry: Entry): void {
  ledger.note(keyOf(entry));
  if (entry.kind === "event") noteEvent(ledger, entry);
}

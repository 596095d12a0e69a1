/**
 * One row of a recording: `<received, Unix ms> TAB <sealed line without CRC>`, ended by a line feed. Readable in any
 * editor, and sortable.
 */
import { UPLINK_MAX } from "../../../firmware/wire/line.js";

/** Longest row, in bytes: 15 digits, a tab and a line. */
export const ROW_MAX = 16 + UPLINK_MAX;

export type RowFault = "row:no-tab" | "row:bad-time";

/** Writes one row, line feed included. */
export function formatRow(receivedMs: number, line: string): string {
  return receivedMs.toFixed(0) + "\t" + line + "\n";
}

/** Reads one row (without its line feed). The line itself is judged by the pipeline, as from any other input. */
export function parseRow(row: string): { ok: true; receivedMs: number; line: string } | { ok: false; fault: RowFault } {
  const tab = row.indexOf("\t");
  if (tab < 0) return { ok: false, fault: "row:no-tab" };
  const digits = row.slice(0, tab);
  if (!/^\d{1,15}$/.test(digits)) return { ok: false, fault: "row:bad-time" };
  return { ok: true, receivedMs: Number(digits), line: row.slice(tab + 1) };
}

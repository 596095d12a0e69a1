/**
 * Reads the lines of boards. Nearly all of them are sound, and one pass of a regular expression says so several times
 * quicker than firmware/wire/line.ts, which is written for a board's interpreter; what it does not match is left to that
 * parser, which knows what is wrong with it.
 */
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Line, LineType, ParsedLine } from "../../firmware/wire/line.js";

const WHOLE = "(?:0|[1-9][0-9]{0,14})";
const NUMBER = "(0|[1-9][0-9]{0,9})";
const SOUND = new RegExp(
  `^aryk1 (pack|hello|gap|ack|command|reply) ([0-9a-z-]{1,32}) ([0-9a-f]{8})\\.${NUMBER}\\.${NUMBER} (${WHOLE}) ` +
    `(-|${WHOLE}/[hsg]${WHOLE}) ([!-~]+) ([0-9a-z-]{1,8})\\.([0-9a-f]{32})$`,
);
const MOST = 0xffffffff;
/** A tag, and the dot before it. */
const TAG_CHARS = 33;

/** One line as {@link parseLine} reads it: `withCrc` is true for serial lines (without their line feed). */
export function readLine(text: string, withCrc: boolean): ParsedLine {
  const part = withCrc || text.length > UPLINK_MAX ? null : SOUND.exec(text);
  if (part === null) return parseLine(text, withCrc, UPLINK_MAX);
  const boot = Number(part[4]);
  const seq = Number(part[5]);
  if (boot > MOST || seq > MOST) return parseLine(text, withCrc, UPLINK_MAX);
  const line: Line = {
    type: part[1] as LineType,
    board: part[2],
    epoch: part[3],
    boot,
    seq,
    uptimeMs: Number(part[6]),
    time: part[7],
    body: part[8],
    keyId: part[9],
    tag: part[10],
    sealed: text.slice(0, text.length - TAG_CHARS),
  };
  return { ok: true, line };
}

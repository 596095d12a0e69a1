/**
 * How a node writes what it keeps and sends: as sealed lines here, in the binary form for narrow radios in
 * form-binary.ts. The outbox keeps either without knowing which.
 */
import { UPLINK_MAX } from "../wire/line.js";
import type { LineType } from "../wire/line.js";
import { packBody } from "../wire/pack.js";
import type { Gap, Hello, Reading } from "../wire/pack.js";
import { rangesOf } from "./ranges.js";
import type { Range } from "./ranges.js";

export interface Form {
  /** The longest record that can be sent. */
  longest: number;
  /** Ranges that a gap may name. */
  rangesPerGap: number;
  /** The readings of one sensor as pieces of a pack: where it grows too long, it is parted between two of them. */
  parts(readings: Reading[]): string[];
  pack(seq: number, uptimeMs: number, parts: string[]): string;
  gap(seq: number, uptimeMs: number, gap: Gap): string;
  hello(uptimeMs: number, hello: Hello): string;
  /** What a board says in answer to a command. */
  reply(seq: number, uptimeMs: number, body: string): string;
  /** The number `<epoch>.<boot>.<seq>` of a record that is a pack; empty for any other. */
  packOf(record: string): string;
  /** The number of a record, and what it names itself if it is a gap. */
  rangesOf(record: string): Range[];
}

/** The longest line leaves room for its CRC and line feed on a serial link. */
const SERIAL_EXTRA = 6;

/** Lines; `sealed` numbers and seals one. */
export function lineForm(sealed: (type: LineType, seq: number, uptimeMs: number, body: string) => string): Form {
  return {
    longest: UPLINK_MAX - SERIAL_EXTRA,
    rangesPerGap: 16,
    parts: (readings) => {
      const body = packBody(readings);
      return [body.substr(1, body.length - 2)];
    },
    pack: (seq, uptimeMs, parts) => sealed("pack", seq, uptimeMs, "[" + parts.join(",") + "]"),
    gap: (seq, uptimeMs, gap) => sealed("gap", seq, uptimeMs, JSON.stringify(gap)),
    hello: (uptimeMs, hello) => sealed("hello", 0, uptimeMs, JSON.stringify(hello)),
    reply: (seq, uptimeMs, body) => sealed("reply", seq, uptimeMs, body),
    packOf: (record) => {
      const field = record.split(" ");
      return field[1] === "pack" ? field[3] : "";
    },
    rangesOf: rangesOf,
  };
}

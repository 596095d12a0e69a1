/** Records in the binary form (wire/binary.ts), as a narrow radio sends them and flash keeps them meanwhile. */
import {
  binaryGap,
  binaryHello,
  binaryPack,
  binaryPart,
  binaryReply,
  KIND_PACK,
  numbersOf,
  RADIO_MAX,
} from "../wire/binary.js";
import type { Numbered } from "../wire/binary.js";
import type { Form } from "./form.js";
import type { Identity } from "./identity.js";
import { mergeRanges } from "./ranges.js";
import type { Range } from "./ranges.js";

/**
 * Flash takes a byte FF at the end of a record for one that was never written: a space ends each. It is not sent.
 */
export const RECORD_END = " ";

/** What goes on the air of a record. */
export function onAir(record: string): string {
  return record.substr(0, record.length - RECORD_END.length);
}

/** The form of this start's records. */
export function binaryForm(identity: Identity): Form {
  const by = (seq: number): Numbered => ({ epoch: identity.epoch, boot: identity.boot, seq: seq });
  return {
    longest: RADIO_MAX + RECORD_END.length,
    // Of a start whose numbers are as long as they can be.
    rangesPerGap: 1,
    parts: (readings) => readings.map(binaryPart),
    pack: (seq, uptimeMs, parts) => binaryPack(by(seq), uptimeMs, parts) + RECORD_END,
    gap: (seq, uptimeMs, gap) => binaryGap(by(seq), uptimeMs, gap) + RECORD_END,
    hello: (uptimeMs, hello) => binaryHello(by(0), uptimeMs, hello),
    reply: (seq, uptimeMs, body) => binaryReply(by(seq), uptimeMs, body) + RECORD_END,
    packOf: (record) => {
      const numbers = numbersOf(onAir(record));
      if (numbers === undefined || numbers.kind !== KIND_PACK) return "";
      return numbers.by.epoch + "." + numbers.by.boot + "." + numbers.by.seq;
    },
    rangesOf: (record) => {
      const numbers = numbersOf(onAir(record));
      if (numbers === undefined) return [];
      const own: Range[] = [[numbers.by.epoch + "." + numbers.by.boot, numbers.by.seq, numbers.by.seq]];
      return mergeRanges(numbers.dropped, own);
    },
  };
}

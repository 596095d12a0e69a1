/** The hub's end of a post's wire, small enough to see through: checks the seal, remembers the line, answers at once. */
import { parseLine, seal, toSerial, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import { sameTag } from "../../firmware/wire/seal.js";
import type { Source } from "../../hub/model.js";
import { okFor } from "../../hub/pipeline.js";
import { macWith } from "./sealed-board.js";
import type { SerialFarEnd } from "./vm-board.js";

export interface FarHub {
  serial: SerialFarEnd;
  /** Every authentic line, in the order of arrival, with what came twice. */
  lines: string[];
  /** The ack of a line (without CRC), or null if the line is not authentic. */
  ackOf(text: string, from: Source): string | null;
  /** While false, nothing is heard and nothing answered. */
  listening: boolean;
  /** Bytes that the post is sent. */
  say(bytes: string): void;
}

/** @param nowMs  the hub's clock */
export function farHub(key: Uint8Array, keyId: string, nowMs: () => number): FarHub {
  const mac = macWith(key);
  let toPost: (bytes: string) => void = () => undefined;
  let heard = "";
  const hub: FarHub = {
    lines: [],
    listening: true,
    say: (bytes) => toPost(bytes),
    ackOf(text, from) {
      const parsed = parseLine(text, from.withCrc, UPLINK_MAX);
      if (!parsed.ok || !sameTag(parsed.line.tag, mac(parsed.line.sealed))) return null;
      const { board, epoch, boot, seq, uptimeMs, sealed, tag } = parsed.line;
      hub.lines.push(`${sealed}.${tag}`);
      const id = `${epoch}.${boot}.${seq}`;
      return seal(unsealed("ack", board, id, uptimeMs, `${nowMs()}/h0`, okFor(parsed.line, from)), keyId, mac);
    },
    serial: {
      onBytes: (take) => (toPost = take),
      write(bytes) {
        if (!hub.listening) return;
        heard += bytes;
        const lines = heard.split("\n");
        heard = lines.pop() ?? "";
        for (const line of lines) {
          const ack = hub.ackOf(line, { source: "serial", withCrc: true });
          if (ack !== null) toPost(toSerial(ack));
        }
      },
    },
  };
  return hub;
}

/** The type of a line. */
export function typeOf(line: string): string {
  return line.split(" ")[1];
}

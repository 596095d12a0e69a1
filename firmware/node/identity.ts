/**
 * Which start of the board this is. The epoch is random and made when flash is found empty; the boot counter grows at
 * every start. Two files take turns, so that a power cut while one is written leaves the other.
 */
import type { Hal } from "./hal.js";

export interface Identity {
  /** Eight hexadecimal digits. */
  epoch: string;
  boot: number;
}

type Flash = Pick<Hal, "store" | "crc32Hex" | "sha256" | "entropy">;

const FILES = ["aryk.b0", "aryk.b1"];
const SIZE = 28;

function decode(hal: Flash, text: string | undefined): Identity | null {
  if (text === undefined || text.length < SIZE) return null;
  const body = text.substr(0, 18);
  if (hal.crc32Hex(body) !== text.substr(18, 8)) return null;
  return { epoch: body.substr(0, 8), boot: parseInt(body.substr(8, 10), 10) };
}

function encode(hal: Flash, identity: Identity): string {
  const body = identity.epoch + ("000000000" + identity.boot).slice(-10);
  return body + hal.crc32Hex(body) + "\n\n";
}

function newEpoch(hal: Flash): string {
  const text = hal.entropy();
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const digest = hal.sha256(bytes);
  let epoch = "";
  for (let i = 0; i < 4; i++) epoch += ("0" + digest[i].toString(16)).slice(-2);
  return epoch;
}

/**
 * Counts this start and says which it is. If flash does not take the count, the start gets an epoch of its own:
 * a number must never name two packs.
 */
export function nextIdentity(hal: Flash): Identity {
  const a = decode(hal, hal.store.read(FILES[0], 0, SIZE));
  const b = decode(hal, hal.store.read(FILES[1], 0, SIZE));
  const aIsLast = a !== null && (b === null || a.boot > b.boot);
  const last = aIsLast ? a : b;
  // With one file alone the other may have been lost, with the count of a start that numbered packs: that one is
  // skipped, and both files are written, so that a file that is lost never takes more than one start along.
  const alone = a === null || b === null;
  const next: Identity = {
    epoch: last === null ? newEpoch(hal) : last.epoch,
    boot: last === null ? 1 : last.boot + (alone ? 2 : 1),
  };
  const file = FILES[aIsLast ? 1 : 0];
  hal.store.create(file, encode(hal, next), SIZE);
  if (alone) hal.store.create(FILES[aIsLast ? 0 : 1], encode(hal, next), SIZE);
  const kept = decode(hal, hal.store.read(file, 0, SIZE));
  if (kept !== null && kept.boot === next.boot && kept.epoch === next.epoch) return next;
  return { epoch: newEpoch(hal), boot: 1 };
}

/**
 * Lines of boards on a radio network that proves them itself (LoRaWAN: identity, counter and MIC of each message). Such
 * a board seals nothing; the input that decoded its message writes the line, and seals it with a key that everybody
 * knows, under a name that no board's key can have. The tag is then a digest: it tells two messages with one number
 * apart, as every tag does, and proves nothing. The pipeline takes it from an input that vouches for the board alone.
 */
import { seal } from "../../firmware/wire/line.js";
import { tagWith } from "./tag.js";

/** No row of the registry can name a key so: keys are k1, k2, … */
export const VOUCHED_KEY_ID = "radio";
export const VOUCHED_KEY: Uint8Array = new Uint8Array(32);

/** Seals a line of a board that a radio network has proved. */
export function vouch(unsealedLine: string): string {
  return seal(unsealedLine, VOUCHED_KEY_ID, tagWith(VOUCHED_KEY));
}

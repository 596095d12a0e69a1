import type { Flag } from "../model.js";

/**
 * QARTOD gross range test. Limits are inclusive.
 * @param fail     what the instrument can give; outside: 4
 * @param suspect  what is believable; outside: 3
 */
export function grossRange(value: number, fail: [number, number], suspect?: [number, number]): Flag {
  if (!(value >= fail[0] && value <= fail[1])) return 4;
  if (suspect !== undefined && !(value >= suspect[0] && value <= suspect[1])) return 3;
  return 1;
}

/**
 * How much of a gateway's air time images may take. Answers to every post in its reach go down by the same gateway, which
 * may be on the air 1 % of the time: half of that is left to them.
 */
import { airtimeMs, FRAME_BYTES, silenceMs } from "../../../firmware/node/airtime.js";

const PERCENT = 0.5;
/** Gateways that are told apart; beyond, the ones that rested longest are forgotten. */
const GATEWAYS = 1000;

export interface Share {
  /** Takes the air time of a message of so many bytes; false while there is none for it. */
  take(gateway: string, dataRate: number, bytes: number): boolean;
}

/** @param now milliseconds on a clock that nobody sets */
export function createShare(now: () => number): Share {
  const freeAt = new Map<string, number>();
  return {
    take(gateway, dataRate, bytes) {
      const at = now();
      if (at < (freeAt.get(gateway) ?? 0)) return false;
      const onAirMs = airtimeMs(dataRate, FRAME_BYTES + bytes);
      freeAt.delete(gateway);
      freeAt.set(gateway, at + onAirMs + silenceMs(onAirMs, PERCENT));
      for (const oldest of freeAt.keys()) {
        if (freeAt.size <= GATEWAYS) break;
        freeAt.delete(oldest);
      }
      return true;
    },
  };
}

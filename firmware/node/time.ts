/**
 * The hub's time, as the board learns it from sealed acknowledgements. The board's own clock starts at nothing and
 * only counts; what it adds to the line is how long ago the hub was last heard.
 */
import { parseTime } from "../wire/line.js";
import type { Line } from "../wire/line.js";

/** An answer that took longer than this says too little about the time between. */
const LONGEST_ROUND_TRIP_MS = 10000;

export interface HubTime {
  /** Learns from a verified ack of a line that was put on the wire at uptime `sentMs`; `nowMs` is the uptime now. */
  learn(ack: Line, sentMs: number, nowMs: number): void;
  /** The line's time field for readings taken at this uptime. */
  field(uptimeMs: number): string;
  /** Milliseconds since the hub's time was learned; Infinity before. */
  ageMs(nowMs: number): number;
}

/** No time is known at the start. */
export function createHubTime(): HubTime {
  let offsetMs = 0;
  let learnedMs = -1;
  return {
    learn: (ack, sentMs, nowMs) => {
      const time = parseTime(ack.time);
      if (!time || time.source !== "h" || nowMs - sentMs > LONGEST_ROUND_TRIP_MS) return;
      // The hub wrote its time somewhere between: the middle is at most half the round trip wrong.
      offsetMs = time.unixMs - Math.floor((sentMs + nowMs) / 2);
      learnedMs = nowMs;
    },
    field: (uptimeMs) => {
      if (learnedMs < 0) return "-";
      const ageS = uptimeMs > learnedMs ? Math.floor((uptimeMs - learnedMs) / 1000) : 0;
      return (offsetMs + uptimeMs).toFixed(0) + "/h" + ageS;
    },
    ageMs: (nowMs) => (learnedMs < 0 ? Infinity : nowMs - learnedMs),
  };
}

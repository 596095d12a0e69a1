/**
 * The time of the world, as the board learns it from sealed acknowledgements of the hub, or from a time server (sntp.ts).
 * The board's own clock starts at nothing and only counts; what it adds to the line is who said the time, and how long
 * ago.
 */
import { parseTime } from "../wire/line.js";
import type { Line } from "../wire/line.js";

/** An answer that took longer than this says too little about the time between. */
const LONGEST_ROUND_TRIP_MS = 10000;
/** A time server's word is good to some milliseconds: for so long none of the hub's, which is good to seconds, replaces it. */
const SERVER_STANDS_MS = 86400000;
/** A time server is asked again after this. */
const SERVER_AGAIN_MS = 21600000;
/** One that did not answer: after so long, then after twice as long each time, up to an hour. Finding its name holds all else up. */
const SERVER_PAUSE_MS = 60000;
const SERVER_LONGEST_MS = 3600000;

export interface HubTime {
  /** Learns from a verified ack of a line that was put on the wire at uptime `sentMs`; `nowMs` is the uptime now. */
  learn(ack: Line, sentMs: number, nowMs: number): void;
  /** Takes over a time server's word: it was `unixMs` at uptime `atMs`. */
  take(unixMs: number, atMs: number): void;
  /** Whether a time server is to be asked now. A yes counts as asked: without its word the next comes later. */
  asksServer(nowMs: number): boolean;
  /** The line's time field for readings taken at this uptime. */
  field(uptimeMs: number): string;
  /** Milliseconds since the time was learned; Infinity before. */
  ageMs(nowMs: number): number;
}

/** No time is known at the start. */
export function createHubTime(): HubTime {
  let offsetMs = 0;
  let learnedMs = -1;
  let source = "h";
  let pauseMs = SERVER_PAUSE_MS;
  let askMs = 0;
  return {
    learn: (ack, sentMs, nowMs) => {
      const time = parseTime(ack.time);
      if (!time || time.source !== "h" || nowMs - sentMs > LONGEST_ROUND_TRIP_MS) return;
      if (source === "s" && nowMs - learnedMs < SERVER_STANDS_MS) return;
      // The hub wrote its time somewhere between: the middle is at most half the round trip wrong.
      offsetMs = time.unixMs - Math.floor((sentMs + nowMs) / 2);
      learnedMs = nowMs;
      source = "h";
    },
    take: (unixMs, atMs) => {
      offsetMs = Math.round(unixMs) - atMs;
      learnedMs = atMs;
      source = "s";
      pauseMs = SERVER_PAUSE_MS;
      askMs = atMs + SERVER_AGAIN_MS;
    },
    asksServer: (nowMs) => {
      if (nowMs < askMs) return false;
      askMs = nowMs + pauseMs;
      pauseMs = Math.min(2 * pauseMs, SERVER_LONGEST_MS);
      return true;
    },
    field: (uptimeMs) => {
      if (learnedMs < 0) return "-";
      const ageS = uptimeMs > learnedMs ? Math.floor((uptimeMs - learnedMs) / 1000) : 0;
      return (offsetMs + uptimeMs).toFixed(0) + "/" + source + ageS;
    },
    ageMs: (nowMs) => (learnedMs < 0 ? Infinity : nowMs - learnedMs),
  };
}

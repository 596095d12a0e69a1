/**
 * Underpasses that flood again and again, as boards see it: each keeps what was not acknowledged and sends the same
 * bytes again, newest first, as the firmware does. One site minute passes with each pack.
 */
import mqtt from "mqtt";
import type { Reading } from "../../firmware/wire/pack.js";
import { DISTANCE, TEMPERATURE } from "../../firmware/wire/properties.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";

/** One flood: minutes from its beginning to the depth in mm. Steeper than level 3's hold, flatter than a jump. */
const RISE_MIN = 10;
const HIGH_MIN = 20;
const FALL_MIN = 10;
export const PEAK_MM = 200;
/** From the beginning of a flood to the moment when its water begins to fall. */
export const FLOOD_HIGH_UNTIL_MIN = RISE_MIN + HIGH_MIN;
/** From the beginning of one flood to that of the next. */
export const FLOOD_EVERY_MIN = 90;
const FIRST_FLOOD_MIN = 15;

/** Depth at a site whose floods begin `offsetMin` later than the first's. */
export function depthMm(minute: number, offsetMin: number): number {
  const since = minute - FIRST_FLOOD_MIN - offsetMin;
  if (since < 0) return 0;
  const m = since % FLOOD_EVERY_MIN;
  if (m < RISE_MIN) return (PEAK_MM * m) / RISE_MIN;
  if (m < RISE_MIN + HIGH_MIN) return PEAK_MM;
  if (m < RISE_MIN + HIGH_MIN + FALL_MIN) return PEAK_MM * (1 - (m - RISE_MIN - HIGH_MIN) / FALL_MIN);
  return 0;
}

/** When a site's floods begin (minutes) up to `minutes`, only those that ended by then. */
export function floodsUntil(minutes: number, offsetMin: number): number[] {
  const starts: number[] = [];
  for (let at = FIRST_FLOOD_MIN + offsetMin; at + FLOOD_EVERY_MIN <= minutes; at += FLOOD_EVERY_MIN) starts.push(at);
  return starts;
}

export interface LoadBoard {
  name: string;
  site: string;
  /** An underpass; else an ordinary post. */
  floods: boolean;
  keyId: string;
  key: Uint8Array;
  password: string;
  offsetMin: number;
}

export interface Load {
  /** Lines whose PUBACK has come, by their number. */
  acked: Map<string, string>;
  sent(): number;
  waiting(): number;
  /** Cuts every connection at once, without a word. */
  cut(): void;
  /** Measures no more, but goes on sending what waits. */
  quiet(): void;
  stop(): Promise<void>;
}

interface Running {
  board: SealedBoard;
  client: mqtt.MqttClient;
  waiting: Map<number, string>;
  flying: Set<number>;
}

/** Packs of one board under way at once, as a board's small memory allows. */
const WINDOW = 4;

/** A board's connection to a broker: it comes back by itself, and repeats nothing by itself. */
export function connectBoard(b: LoadBoard, port: number): mqtt.MqttClient {
  const client = mqtt.connect({
    ...{ host: "127.0.0.1", port, clientId: b.name, username: b.name, password: b.password },
    ...{ protocolVersion: 4, clean: true, reconnectPeriod: 200, connectTimeout: 5000, queueQoSZero: false },
  });
  client.on("error", () => undefined);
  return client;
}

/** What one board measures at a minute of the script. */
export function readingOf(b: LoadBoard, mountMm: number, minute: number): Reading {
  return b.floods
    ? { property: DISTANCE, ok: true, value: Math.round(mountMm - depthMm(minute, b.offsetMin)) }
    : { property: TEMPERATURE, ok: true, value: 20 };
}

/** Starts the boards. `minute` and `now` tell the site's time; a pack is made every `everyMs` of real time. */
export function startLoad(
  boards: LoadBoard[],
  port: number,
  mountMm: number,
  everyMs: number,
  time: { minute: () => number; now: () => number },
): Load {
  const acked = new Map<string, string>();
  let sent = 0;
  let measuring = true;

  const running = boards.map((b, index): Running => {
    const epoch = (0x10000000 + index).toString(16);
    const client = connectBoard(b, port);
    return {
      board: sealedBoard(b.name, b.keyId, b.key, epoch, 1),
      client,
      waiting: new Map(),
      flying: new Set(),
    };
  });

  const push = (r: Running, index: number) => {
    if (!r.client.connected) return;
    const newestFirst = [...r.waiting.keys()].reverse();
    for (const seq of newestFirst) {
      if (r.flying.size >= WINDOW) return;
      if (r.flying.has(seq)) continue;
      const line = r.waiting.get(seq) as string;
      r.flying.add(seq);
      r.client.publish(`aryk/${boards[index].name}/up`, line, { qos: 1 }, (error) => {
        r.flying.delete(seq);
        if (!error && r.waiting.delete(seq)) acked.set(`${boards[index].name} ${seq}`, line);
        push(r, index);
      });
    }
  };
  // A publish that was under way when the link broke is the client library's to repeat; ours to offer again.
  running.forEach((r, index) => {
    r.client.on("close", () => r.flying.clear());
    r.client.on("connect", () => push(r, index));
  });

  const timers = running.map((r, index) =>
    setTimeout(
      () => {
        timers[index] = setInterval(() => {
          if (measuring) {
            const reading = readingOf(boards[index], mountMm, time.minute());
            const line = r.board.pack([reading], Math.round(performance.now()), time.now());
            r.waiting.set(r.board.lastSeq(), line);
            sent++;
          }
          push(r, index);
        }, everyMs);
      },
      (everyMs * index) / running.length,
    ),
  );

  return {
    acked,
    sent: () => sent,
    waiting: () => running.reduce((sum, r) => sum + r.waiting.size, 0),
    cut: () => running.forEach((r) => r.client.stream.destroy()),
    quiet: () => {
      measuring = false;
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running.map((r) => r.client.endAsync(true)));
    },
  };
}

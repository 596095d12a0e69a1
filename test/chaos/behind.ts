/**
 * Boards behind a Mosquitto: its PUBACK proves nothing, so that each keeps a line until the hub's sealed ack line has
 * come, and sends it again when none does, newest first.
 */
import { parseLine, DOWNLINK_MAX } from "../../firmware/wire/line.js";
import { macWith, sealedBoard } from "../rig/sealed-board.js";
import { connectBoard, readingOf, type Load, type LoadBoard } from "./load.js";

/** How long a board waits for its ack line before it sends again. */
const ANSWER_MS = 3000;
const WINDOW = 2;

/** Starts the boards. As startLoad, but an acknowledgement is an ack line with the right seal. */
export function startBehind(
  boards: LoadBoard[],
  port: number,
  mountMm: number,
  everyMs: number,
  time: { minute: () => number; now: () => number },
): Load {
  const acked = new Map<string, string>();
  let sent = 0;
  let measuring = true;
  const running = boards.map((b, index) => {
    const mac = macWith(b.key);
    const board = sealedBoard(b.name, b.keyId, b.key, (0x20000000 + index).toString(16), 1);
    const waiting = new Map<number, string>();
    const flying = new Map<number, number>();
    const client = connectBoard(b, port);
    client.on("connect", () => client.subscribe(`aryk/${b.name}/down`, { qos: 1 }));
    client.on("close", () => flying.clear());
    client.on("message", (_topic, payload) => {
      const parsed = parseLine(payload.toString("latin1"), false, DOWNLINK_MAX);
      if (!parsed.ok || parsed.line.type !== "ack" || parsed.line.tag !== mac(parsed.line.sealed)) return;
      const { seq } = parsed.line;
      const line = waiting.get(seq);
      flying.delete(seq);
      if (line === undefined) return;
      waiting.delete(seq);
      acked.set(`${b.name} ${seq}`, line);
      push();
    });
    function push(): void {
      if (!client.connected) return;
      const now = performance.now();
      for (const [seq, at] of flying) if (now - at > ANSWER_MS) flying.delete(seq);
      for (const seq of [...waiting.keys()].reverse()) {
        if (flying.size >= WINDOW) return;
        if (flying.has(seq)) continue;
        flying.set(seq, now);
        client.publish(`aryk/${b.name}/up`, waiting.get(seq) as string, { qos: 0 });
      }
    }
    const timer = setInterval(() => {
      if (measuring) {
        const reading = readingOf(b, mountMm, time.minute());
        const line = board.pack([reading], Math.round(performance.now()), time.now());
        waiting.set(board.lastSeq(), line);
        sent++;
      }
      push();
    }, everyMs);
    return { client, waiting, timer };
  });
  return {
    acked,
    sent: () => sent,
    waiting: () => running.reduce((sum, r) => sum + r.waiting.size, 0),
    cut: () => running.forEach((r) => r.client.stream.destroy()),
    quiet: () => {
      measuring = false;
    },
    async stop() {
      for (const { timer } of running) clearInterval(timer);
      await Promise.all(running.map(({ client }) => client.endAsync(true)));
    },
  };
}

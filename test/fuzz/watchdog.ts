/**
 * Ends the run if one input holds the event loop for too long, and says which: a thread of its own looks on, because the
 * thread that hangs can say nothing.
 */
import { Worker } from "node:worker_threads";

const SHOWN_BYTES = 64 << 10;
/** Runs in the thread: cells are beats, length of the input, then its bytes. */
const THREAD = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const { shared, patienceMs, pid } = workerData;
const cells = new Int32Array(shared, 0, 2);
let beats = -1;
let since = Date.now();
setInterval(() => {
  const now = Atomics.load(cells, 0);
  if (now !== beats) { beats = now; since = Date.now(); return; }
  if (Date.now() - since < patienceMs) return;
  const bytes = Buffer.from(shared, 8, Atomics.load(cells, 1));
  writeSync(2, "HANG after input " + beats + ", utf-8 in base64: " + Buffer.from(bytes).toString("base64") + "\\n");
  process.kill(pid, "SIGKILL");
}, 1000);
`;

export function startWatchdog(patienceMs: number): {
  feeding(target: string, input: string | Uint8Array): void;
  stop(): void;
} {
  const shared = new SharedArrayBuffer(8 + SHOWN_BYTES);
  const cells = new Int32Array(shared, 0, 2);
  const room = new Uint8Array(shared, 8);
  const worker = new Worker(THREAD, { eval: true, workerData: { shared, patienceMs, pid: process.pid } });
  worker.unref();
  return {
    feeding(target, input) {
      const text = typeof input === "string" ? input : Buffer.from(input).toString("latin1");
      const bytes = Buffer.from(`${target} ${text.slice(0, SHOWN_BYTES / 4)}`);
      room.set(bytes);
      Atomics.store(cells, 1, bytes.length);
      Atomics.add(cells, 0, 1);
    },
    stop: () => void worker.terminate(),
  };
}

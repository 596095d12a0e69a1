/**
 * The load: a process of its own that is every board at once. It makes and seals its packs first and then sends them at
 * an even rate, each thing in turn, counting PUBACKs.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { connectFrame, makeSlab, postOf, type Slab } from "./frames.js";
import { Link } from "./link.js";
import type { LoadNews, LoadOptions, LoadOrder } from "./order.js";

/** Packs under way on one board's connection, and on a connection that many things share. */
const WINDOW_OWN = 8;
const WINDOW_SHARED = 500;
/** Connections dialled at once: brokers have a queue of a few hundred. */
const DIAL_BURST = 100;
const TICK_MS = 2;

const options = JSON.parse(process.argv[2]) as LoadOptions;
const tell = (news: LoadNews): void => void process.send?.(news);
const epoch = (Date.now() >>> 0).toString(16).padStart(8, "0");
const posts = Array.from({ length: options.things }, (_, thing) => postOf(thing, options.form, epoch));
const own = options.connections === options.things;

/** `sealMs`: what making one pack takes on this machine. `lastMs`: the newest time that any pack carries. */
const state = { up: 0, lost: 0, sent: 0, acked: 0, nextSeq: 1, sealMs: 0.015, lastMs: 0 };
let slab: Slab = { bytes: Buffer.alloc(0), starts: new Float64Array(1), count: 0 };

const links = Array.from({ length: options.connections }, (_, i) => {
  const clientId = own ? posts[i].clientId : `load-${i}`;
  return new Link({
    port: options.port,
    connectFrame: connectFrame(clientId, options.login ? posts[i].login : undefined),
    window: own ? WINDOW_OWN : WINDOW_SHARED,
    frame: (k) => slab.bytes.subarray(slab.starts[k], slab.starts[k + 1]),
    acked: () => void state.acked++,
    changed(up) {
      state.up += up ? 1 : -1;
      if (!up) state.lost++;
    },
  });
});

async function dialAll(): Promise<void> {
  for (let i = 0; i < links.length; i += DIAL_BURST) {
    for (const link of links.slice(i, i + DIAL_BURST)) link.dial();
    while (state.up < Math.min(links.length, i + DIAL_BURST)) await sleep(5);
  }
  tell({ news: "connected" });
}

/** Sends at an even rate; a run begins only when every pack of the one before is acknowledged. */
async function run(rate: number, seconds: number): Promise<void> {
  while (state.acked < state.sent) await sleep(10);
  const rounds = Math.max(1, Math.ceil((rate * seconds) / posts.length));
  const total = rounds * posts.length;
  const before = Date.now();
  // The time that a pack carries is when it will be sent, as far as that can be told now; two stretches never overlap.
  const fromMs = Math.max(before + Math.ceil(total * state.sealMs), state.lastMs + 1000);
  slab = makeSlab(posts, rounds, state.nextSeq, fromMs, rate);
  state.nextSeq += rounds;
  state.sealMs = (Date.now() - before) / total;
  state.lastMs = fromMs + Math.ceil((total * 1000) / rate);
  const begun = performance.now();
  tell({ news: "begun", startMs: Date.now(), total, fromMs, toMs: state.lastMs });
  for (let k = 0; k < total; await sleep(TICK_MS)) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * rate) / 1000));
    state.sent += due - k;
    for (; k < due; k++) links[k % links.length].send(k);
  }
}

function report(): void {
  const { user, system } = process.cpuUsage();
  tell({ news: "report", sent: state.sent, acked: state.acked, cpuUs: user + system, lost: state.lost });
}

process.on("message", (order: LoadOrder) => {
  if (order.do === "report") report();
  else void run(order.rate, order.seconds);
});
process.on("disconnect", () => process.exit(0));
await dialAll();

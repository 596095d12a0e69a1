/** The hub of the alarm measurement: the real one with its flows, in a process of its own, that tells of each commit. */
import pino from "pino";
import { realClock } from "../../../hub/clock.js";
import { loadConfig } from "../../../hub/config.js";
import { keepHeapSmall } from "../../../hub/heap.js";
import { startHub } from "../../../hub/main.js";

/** What it tells. `seenMs`: when the transaction that wrote the transition was on disk, by the machine's clock. */
export type HubNews =
  | { news: "flows"; state: string; pid: number | null; owner: string }
  | { news: "transition"; site: string; time: number; step: string; level: number; seenMs: number };

keepHeapSmall();
const log = pino({ level: process.env.ARYK_LOG ?? "error" }, pino.destination(2));
const hub = await startHub({ config: loadConfig(process.argv[2], process.env), clock: realClock, log });
const tell = (news: HubNews): void => void process.send?.(news);

let told = 0;
hub.register.onChange(() => {
  const seenMs = Date.now();
  for (const t of hub.register.transitions(told)) {
    told = t.id;
    tell({ news: "transition", site: t.site, time: t.time, step: t.step, level: t.level, seenMs });
  }
});
setInterval(() => {
  const owner = hub.register.heartbeat().owner;
  tell({ news: "flows", state: hub.flows?.state() ?? "disabled", pid: hub.flows?.pid() ?? null, owner });
}, 250);
process.on("SIGTERM", () => void hub.stop().then(() => process.exit(0)));
process.on("disconnect", () => process.exit(1));

/** The hub of a chaos run: the real one, in a process of its own that can be killed, under a scaled clock. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import pino from "pino";
import { SteppedClock, type Clock } from "../../hub/clock.js";
import { parseConfig } from "../../hub/config.js";
import { startHub } from "../../hub/main.js";
import { scaledClock } from "../rig/scaled-clock.js";

/** What the run tells its hub. */
export interface HubOrder {
  dataDir: string;
  brokerPort: number;
  /** Of the scaled clock. With speed 0 it stands at `base` until the run moves it on. */
  base: number;
  since: number;
  speed: number;
  staleSeconds: number;
  /** Further settings, as hub.yaml has them. */
  settings?: object;
}

/**
 * What the run says to its hub; `clockOffMs`: somebody sets the hub's clock, by so much away from the right time;
 * `advanceMs`: a clock of speed 0 moves on; `collect`: what is garbage in its memory leaves.
 */
export type HubWord = "stop" | "look" | "collect" | { clockOffMs: number } | { advanceMs: number };

/** What the hub tells its run. */
export type HubNews =
  | { type: "ready"; port: number }
  | { type: "flows"; state: string; pid: number | null }
  /** `heapMiB`: what JavaScript holds, garbage included; `acts`: transitions of all alarms so far. */
  | {
      type: "look";
      lag: number;
      judgedTo: number;
      head: number;
      reasons: string[];
      rssMiB: number;
      heapMiB: number;
      dead: number;
      acts: number;
    };

async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2]) as HubOrder;
  const config = parseConfig(JSON.stringify(order.settings ?? {}), {});
  config.dataDir = order.dataDir;
  config.http.port = 0;
  config.inputs.broker.port = order.brokerPort;
  config.flows.staleSeconds = order.staleSeconds;
  const log = pino({ level: process.env.ARYK_LOG ?? "silent" }, pino.destination(2));
  const stepped = new SteppedClock(order.base);
  let offMs = 0;
  const right = scaledClock(order.base, order.since, order.speed);
  const clock: Clock = order.speed === 0 ? stepped : { ...right, now: () => right.now() + offMs };
  const hub = await startHub({ config, clock, log, tickMs: 30_000 });
  const tell = (news: HubNews): void => void process.send?.(news, () => undefined);
  const { flows } = hub;
  const tellFlows = (): void => {
    if (flows !== null) tell({ type: "flows", state: flows.state(), pid: flows.pid() });
  };
  flows?.onChange(tellFlows);
  tell({ type: "ready", port: hub.inputs.broker?.port ?? 0 });
  tellFlows();
  process.on("message", (word: HubWord) => {
    if (typeof word === "object" && "clockOffMs" in word) offMs = word.clockOffMs;
    if (typeof word === "object" && "advanceMs" in word) stepped.advance(word.advanceMs);
    if (word === "collect") {
      setFlagsFromString("--expose-gc");
      (runInNewContext("gc") as () => void)();
    }
    if (word === "stop") void hub.stop().then(() => process.exit(0));
    if (word === "look")
      tell({
        type: "look",
        lag: Math.max(...hub.outputs.drains.map((drain) => drain.stats().lag)),
        judgedTo: hub.register.cursor()?.id ?? 0,
        head: hub.journal.head().id,
        reasons: hub.health().reasons.map((r) => `${r.component} ${r.code}`),
        rssMiB: Math.round(process.memoryUsage().rss / 1024 / 1024),
        heapMiB: Math.round(process.memoryUsage().heapUsed / 1024 / 1024),
        dead: hub.journal.counts().deadLetters,
        acts: hub.register.alarms().reduce((sum, { revision }) => sum + revision, 0),
      });
  });
  process.on("disconnect", () => process.exit(1));
}

await main();

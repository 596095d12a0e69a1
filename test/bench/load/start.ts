/** The load as the run sees it. */
import { fileURLToPath } from "node:url";
import { startNode, type Ends } from "../ends.js";
import { until } from "../wait.js";
import type { LoadNews, LoadOptions, LoadOrder } from "./order.js";

type Report = Omit<Extract<LoadNews, { news: "report" }>, "news">;

/** One stretch of load that is under way. */
export interface Stretch {
  rate: number;
  startMs: number;
  total: number;
  /** The times that the packs carry: [fromMs, toMs). */
  fromMs: number;
  toMs: number;
  /** Packs that were due to be sent by `atMs`. */
  due(atMs: number): number;
  /** When the last pack is due (ms since 1970). */
  endMs: number;
}

export interface Load {
  pid: number;
  /** Resolves when the packs are sealed and the first is sent. */
  run(rate: number, seconds: number): Promise<Stretch>;
  report(): Promise<Report>;
  stop(): Promise<void>;
}

/** Time for thousands of connections, and for sealing a million packs on a slow machine. */
const PATIENCE_S = 300;

export async function startLoad(ends: Ends, options: LoadOptions): Promise<Load> {
  const file = fileURLToPath(import.meta.url).replace(/start\.(js|ts)$/, "main.$1");
  const program = startNode(ends, [file, JSON.stringify(options)], { cwd: process.cwd(), ipc: true });
  const { child } = program;
  const news: LoadNews[] = [];
  child.on("message", (one: LoadNews) => void news.push(one));

  async function next<N extends LoadNews["news"]>(name: N, seconds: number): Promise<Extract<LoadNews, { news: N }>> {
    const at = (): number => news.findIndex((one) => one.news === name);
    await until(`the load to say ${name}`, seconds, () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the load ended:\n${program.said()}`);
      return at() >= 0;
    });
    return news.splice(at(), 1)[0] as Extract<LoadNews, { news: N }>;
  }
  const order = (what: LoadOrder): void => void child.send(what);

  await next("connected", PATIENCE_S);
  return {
    pid: program.pid,
    async run(rate, seconds) {
      order({ do: "run", rate, seconds });
      const { startMs, total, fromMs, toMs } = await next("begun", PATIENCE_S);
      const due = (atMs: number): number => Math.max(0, Math.min(total, ((atMs - startMs) * rate) / 1000));
      return { rate, startMs, total, fromMs, toMs, due, endMs: startMs + (total * 1000) / rate };
    },
    async report() {
      order({ do: "report" });
      const { sent, acked, cpuUs, lost } = await next("report", 60);
      return { sent, acked, cpuUs, lost };
    },
    stop: () => program.kill9(),
  };
}

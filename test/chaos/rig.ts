/** What every chaos run needs: a hub in a process of its own, boards that it knows, chance that can be had again. */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Journal } from "../../hub/journal.js";
import type { Journalled } from "../../hub/model.js";
import { Registry } from "../../hub/registry.js";
import { mqttPassword } from "../../hub/secrets.js";
import { scaledClock } from "../rig/scaled-clock.js";
import type { HubNews, HubOrder } from "./hub-child.js";
import { FLOOD_EVERY_MIN, type LoadBoard } from "./load.js";

export const MINUTE_MS = 60_000;
export const MOUNT_MM = 3000;
/** Real time without a commit of the flows after which the hub judges itself. */
export const STALE_S = 5;

export const say = (line: string): void => void process.stderr.write(line + "\n");

/** Small, seeded: the order of faults can be had again (their effect cannot: it is a real machine). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Waits for a condition; gives up loudly. */
export async function until(what: string, seconds: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(20);
  }
}

export interface HubProcess {
  child: ChildProcess;
  ready(): boolean;
  ended(): boolean;
  flows(): { state: string; pid: number | null };
  /** How the hub is, as it answered last. */
  look(): Promise<HubNews & { type: "look" }>;
  gone: Promise<void>;
}

export function startHubProcess(order: HubOrder): HubProcess {
  const own = fileURLToPath(import.meta.url);
  const file = own.replace(/rig\.(js|ts)$/, "hub-child.$1");
  const child = fork(file, [JSON.stringify(order)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let ready = false;
  let ended = false;
  let flows: { state: string; pid: number | null } = { state: "starting", pid: null };
  const looking: ((news: HubNews & { type: "look" }) => void)[] = [];
  child.on("message", (news: HubNews) => {
    if (news.type === "ready") ready = true;
    else if (news.type === "flows") flows = { state: news.state, pid: news.pid };
    else for (const answer of looking.splice(0)) answer(news);
  });
  const gone = new Promise<void>((resolve) =>
    child.once("exit", () => {
      ended = true;
      resolve();
    }),
  );
  const look = (): Promise<HubNews & { type: "look" }> =>
    new Promise((resolve, reject) => {
      looking.push(resolve);
      child.send("look", (error) => error !== null && reject(error));
      void gone.then(() => reject(new Error("the hub is gone")));
    });
  return { child, ready: () => ready, ended: () => ended, flows: () => flows, look, gone };
}

/** Sites and boards of a run; each underpass's floods begin at another minute. */
export function provision(dataDir: string, from: number, underpasses: number, ordinary = 0): LoadBoard[] {
  const clock = scaledClock(from, Date.now(), 1);
  const registry = Registry.open(join(dataDir, "registry.sqlite"), clock);
  const sites = Array.from({ length: underpasses + ordinary }, (_, i) => {
    return { id: `site-${i}`, board: `up-${i}`, type: i < underpasses ? "underpass" : "eco-post" };
  });
  registry.import(
    {
      format: "aryk-registry/1",
      sites: sites.map(({ id, type }) => {
        const names = { kk: id, ru: id, en: id };
        return { id, type, names, district: "almaly", lat: 43.25, lon: 76.92 };
      }),
      boards: sites.map(({ id, board }) => ({ board, assignments: [{ site: id, from, by: "chaos" }] })),
      calibrations: sites.slice(0, underpasses).map(({ id }) => {
        const params = { mountHeightMm: MOUNT_MM };
        return { site: id, property: "water-depth", model: "level-depth", params, from, by: "chaos", note: "" };
      }),
    },
    "chaos",
  );
  const boards = sites.map(({ id, board, type }, i): LoadBoard => {
    const key = registry.keyOf(board, "k1");
    if (key === undefined) throw new Error(`no key for ${board}`);
    const offsetMin = (i * FLOOD_EVERY_MIN) / underpasses / 2;
    const floods = type === "underpass";
    return { name: board, site: id, floods, keyId: "k1", key, password: mqttPassword(board, key), offsetMin };
  });
  registry.close();
  return boards;
}

/** Everything in a journal, in order. */
export function* entriesOf(journal: Journal): Generator<Journalled> {
  const head = journal.head().id;
  for (let after = 0; after < head;) {
    const entries = journal.read(after, 1000);
    if (entries.length === 0) return;
    yield* entries;
    after = entries[entries.length - 1].id;
  }
}

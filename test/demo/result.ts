/** What came of the demo, held against what its script must lead to. */
import { readdirSync } from "node:fs";
import type { Transition } from "../../hub/alerts/protocol.js";
import type { Hub } from "../../hub/main.js";
import type { Post } from "./posts.js";
import { boardOf } from "./city.js";

interface Expected {
  site: string;
  kind: string;
  level: number;
}

/** These alarms, with these highest levels. */
export const EXPECTED: Expected[] = [
  { site: "container-4", kind: "overflow", level: 1 },
  { site: "underpass-1", kind: "flood", level: 3 },
  { site: "underpass-3", kind: "unknown", level: 0 },
];
/** At most this for the person under the sensor: a jump that is held long enough asks for a look at the camera. */
const ALLOWED: Expected[] = [...EXPECTED, { site: "underpass-2", kind: "suspect", level: 0 }];

export interface Result {
  packs: number;
  acknowledged: number;
  journal: number;
  influx: number | null;
  alarms: Expected[];
  cap: number;
  false: number;
  lost: number;
  duplicated: number;
}

function allowed(t: Pick<Transition, "site" | "kind" | "level">): boolean {
  return ALLOWED.some((e) => e.site === t.site && e.kind === t.kind && t.level <= e.level);
}

/** Packs of each board in the journal, and how many stand there twice. */
function inJournal(hub: Hub): { perBoard: Map<string, Set<string>>; duplicated: number; ids: number[] } {
  const ids: number[] = [];
  const perBoard = new Map<string, Set<string>>();
  let duplicated = 0;
  const head = hub.journal.head().id;
  for (let after = 0; after < head;) {
    const entries = hub.journal.read(after, 1000);
    if (entries.length === 0) break;
    after = entries[entries.length - 1].id;
    for (const entry of entries) {
      if (entry.kind !== "pack") continue;
      ids.push(entry.id);
      const known = perBoard.get(entry.board) ?? new Set<string>();
      const number = `${entry.epoch}.${entry.boot}.${entry.seq}`;
      if (known.has(number)) duplicated++;
      known.add(number);
      perBoard.set(entry.board, known);
    }
  }
  return { perBoard, duplicated, ids };
}

/** Packs acknowledged but not in the journal, and holes in what a board numbered that nobody explained. */
function lostOf(hub: Hub, posts: Post[], perBoard: Map<string, Set<string>>): number {
  return posts.reduce((sum, { site, board }) => {
    const kept = perBoard.get(boardOf(site))?.size ?? 0;
    const holes = hub.journal.ranges(boardOf(site)).reduce((n, stream) => n + stream.counts.missing, 0);
    return sum + Math.max(0, board.packs().acknowledged - kept) + holes;
  }, 0);
}

/** Packs that a database has taken: those up to its place in the journal, less what it refused. */
function taken(stats: { settled: number; rejected: number }, ids: number[]): number {
  return ids.filter((id) => id <= stats.settled).length - stats.rejected;
}

/** Adds it all up. */
export function resultOf(hub: Hub, posts: Post[], capFolder: string): Result {
  const { perBoard, duplicated, ids } = inJournal(hub);
  const transitions = hub.register.transitions(0, 100_000);
  const peaks = new Map<string, Expected>();
  for (const { site, kind, level } of transitions) {
    const key = `${site} ${kind}`;
    const peak = peaks.get(key);
    if (peak === undefined || level > peak.level) peaks.set(key, { site, kind, level });
  }
  const databases = hub.outputs.drains.map((drain) => drain.stats()).filter((s) => s.consumer.startsWith("influxdb"));
  const sum = (of: (post: Post) => number): number => posts.reduce((total, post) => total + of(post), 0);
  return {
    packs: sum((post) => post.board.packs().sent),
    acknowledged: sum((post) => post.board.packs().acknowledged),
    journal: ids.length,
    influx: databases.length === 0 ? null : databases.reduce((n, s) => n + taken(s, ids), 0),
    alarms: [...peaks.values()].sort((a, b) => a.site.localeCompare(b.site) || a.kind.localeCompare(b.kind)),
    cap: readdirSync(capFolder, { withFileTypes: true }).filter((f) => f.name.endsWith(".xml")).length,
    false: transitions.filter((t) => !allowed(t)).length,
    lost: lostOf(hub, posts, perBoard),
    duplicated,
  };
}

/** What is not as the script says; empty if all is. */
export function complaints(result: Result): string[] {
  const missing = EXPECTED.filter(
    (e) => !result.alarms.some((a) => a.site === e.site && a.kind === e.kind && a.level === e.level),
  ).map((e) => `no alarm ${e.kind} of level ${e.level} at ${e.site}`);
  const counts = (["false", "lost", "duplicated"] as const)
    .filter((name) => result[name] > 0)
    .map((name) => `${name}: ${result[name]}`);
  return [...missing, ...counts, ...(result.cap === 0 ? ["no CAP message"] : [])];
}

/** What InfluxDB has, asked by query: every pack that the journal has of a site must be a point of its own. */
import type { Journalled, PackEntry } from "../../hub/model.js";

/** Times in nanoseconds, as text: they are beyond what a double holds. */
async function timesOf(url: string, database: string, measurement: string): Promise<Map<string, Set<string>>> {
  const query = `SELECT * FROM ${measurement} GROUP BY site`;
  const text = `${url}/query?db=${database}&epoch=ns&q=${encodeURIComponent(query)}`;
  const answer = await fetch(text, { headers: { accept: "application/csv" } });
  if (!answer.ok) throw new Error(`InfluxDB answers ${answer.status} to a query`);
  const found = new Map<string, Set<string>>();
  for (const row of (await answer.text()).split("\n").slice(1)) {
    const [, tags, time] = row.split(",");
    if (time === undefined) continue;
    const site = tags.replace(/^site=/, "");
    const times = found.get(site) ?? new Set();
    found.set(site, times.add(time));
  }
  return found;
}

/** Packs that are in the journal, and not among the database's points; `points` counts those that are. */
export async function missingPoints(
  url: string,
  database: string,
  entries: Iterable<Journalled>,
): Promise<{ points: number; missing: string[] }> {
  const found = new Map<string, Set<string>>();
  for (const measurement of ["flood", "air"])
    for (const [site, times] of await timesOf(url, database, measurement)) found.set(site, times);
  const points = [...found.values()].reduce((sum, times) => sum + times.size, 0);
  const missing: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== "pack") continue;
    // Every board of a run stands at a site: a pack without one has got lost on the way to the database, too.
    if (entry.site === null || found.get(entry.site)?.has(nanoseconds(entry)) !== true)
      missing.push(`${entry.board} ${entry.seq} in InfluxDB`);
  }
  return { points, missing };
}

/** The time of a pack's point: its millisecond, and its number below that. */
function nanoseconds({ time, seq }: PackEntry): string {
  return String(BigInt(time) * 1_000_000n + BigInt(seq % 1_000_000));
}

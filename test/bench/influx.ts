/** The database behind all four: a real InfluxDB 1.x, and what is asked of it. */
import { startInfluxd, type RunningServer } from "../rig/servers.js";
import type { Ends } from "./ends.js";

export interface Influx {
  server: RunningServer;
  pid(): number;
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Points of a measurement with a time in [fromMs, toMs), counted by a query over the field that all packs have. */
  count(database: string, fromMs: number, toMs: number): Promise<number>;
  /** Names of the fields of the measurement of all packs, sorted. */
  fields(database: string): Promise<string[]>;
  /** Points written since it started, as it counts them itself: cheap enough to be asked twice a second. */
  written(): Promise<number>;
}

interface Answer {
  results: { series?: { values: (number | string)[][] }[]; error?: string }[];
}

const HOUR_MS = 3_600_000;

export async function startInflux(ends: Ends): Promise<Influx> {
  const server = await startInfluxd();
  ends.add(() => server.dispose());

  async function query(q: string, database?: string): Promise<Answer["results"][number]> {
    const url = new URL("/query", server.url);
    if (database !== undefined) url.searchParams.set("db", database);
    url.searchParams.set("q", q);
    const response = await fetch(url, { method: "POST", signal: AbortSignal.timeout(120_000) });
    const [result] = ((await response.json()) as Answer).results;
    if (result === undefined || result.error !== undefined) throw new Error(`InfluxDB: ${q}: ${result?.error}`);
    return result;
  }

  return {
    server,
    pid() {
      const pid = server.pid();
      if (pid === null) throw new Error("InfluxDB is stopped");
      return pid;
    },
    createDatabase: async (name) => void (await query(`CREATE DATABASE "${name}"`)),
    dropDatabase: async (name) => void (await query(`DROP DATABASE "${name}"`)),
    async count(database, fromMs, toMs) {
      let sum = 0;
      // By the hour, so that a long stretch is no single long query.
      for (let from = fromMs; from < toMs; from += HOUR_MS) {
        const where = `time >= ${Math.floor(from)}ms AND time < ${Math.ceil(Math.min(toMs, from + HOUR_MS))}ms`;
        const { series } = await query(`SELECT count("temperature") FROM "air" WHERE ${where}`, database);
        sum += Number(series?.[0]?.values[0]?.[1] ?? 0);
      }
      return sum;
    },
    async fields(database) {
      const { series } = await query(`SHOW FIELD KEYS FROM "air"`, database);
      return (series?.[0]?.values ?? []).map(([name]) => String(name)).sort();
    },
    async written() {
      const response = await fetch(`${server.url}/debug/vars`, { signal: AbortSignal.timeout(10_000) });
      const vars = (await response.json()) as Record<string, { name?: string; values?: Record<string, number> }>;
      const http = Object.values(vars).find((one) => one.name === "httpd");
      return http?.values?.pointsWrittenOK ?? 0;
    },
  };
}

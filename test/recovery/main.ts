/**
 * How long after a SIGKILL the hub accepts packs again, with a journal of a month behind it. `npm run bench:recovery`;
 * the last line is JSON, and the exit code is 1 if it took longer than promised. `--mib` is the journal's size (its
 * default bound is 4096), `--dir` keeps the folder for the next run.
 */
import Database from "better-sqlite3";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { projectRoot } from "../../hub/root.js";
import { boardName, KEY_ID, keyOf, provision, readingsOf, siteName, valuesAt } from "../bench/city.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { freePort } from "../rig/servers.js";
import { fillJournal } from "./fill.js";
import { publishAll } from "./post.js";

/** RestartSec of the unit: systemd waits this long before it starts the hub again. */
const RESTART_MS = 1000;
const PROMISED_MS = 5000;
/** What is under way when the hub is killed, so that it leaves a log behind: boards, and packs of each. */
const [BURST_BOARDS, BURST_PACKS] = [20, 400];

const { values } = parseArgs({
  options: {
    mib: { type: "string", default: "2048" },
    things: { type: "string", default: "5400" },
    days: { type: "string", default: "30" },
    kills: { type: "string", default: "5" },
    dir: { type: "string" },
  },
});
const [mib, things, days, kills] = [values.mib, values.things, values.days, values.kills].map(Number) as [
  number,
  number,
  number,
  number,
];
const say = (line: string): void => void process.stderr.write(line + "\n");
const dir = values.dir ?? mkdtempSync(join(tmpdir(), "aryk-recovery-"));
const dataDir = join(dir, "data");
mkdirSync(dataDir, { recursive: true, mode: 0o700 });
const [http, broker] = [await freePort(), await freePort()];
const configFile = join(dir, "hub.yaml");
writeFileSync(
  configFile,
  JSON.stringify({
    ...{ dataDir, log: { level: "warn" }, http: { port: http, metricsToken: "${TOKEN}" } },
    inputs: { broker: { port: broker } },
  }),
);

function start(): ChildProcess {
  const main = join(projectRoot(), "build", "hub", "cli", "main.js");
  return spawn(process.execPath, [main, "--config", configFile, "start"], {
    env: { ...process.env, TOKEN: "recovery" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Entries that the slowest reader of the journal is behind; Infinity while the hub does not answer. */
async function behind(): Promise<number> {
  try {
    const headers = { authorization: "Bearer recovery" };
    const text = await (await fetch(`http://127.0.0.1:${http}/metrics`, { headers })).text();
    const lags = [...text.matchAll(/^aryk_(?:output|ledger)_lag_entries\S* (\d+)$/gm)].map((match) => Number(match[1]));
    return lags.length === 0 ? Infinity : Math.max(...lags);
  } catch {
    return Infinity;
  }
}

/** Waits until the history has put away the hours that are over, as it has in any hub that did not fill up in minutes. */
async function sealed(): Promise<void> {
  const db = new Database(join(dataDir, "history.sqlite"), { readonly: true });
  const left = db.prepare("SELECT count(*) FROM hot WHERE time < ?").pluck();
  try {
    for (let told = 0; ; await sleep(5000)) {
      const rows = left.get(Date.now() - 2 * 3_600_000) as number;
      if (rows === 0) return;
      if (told++ % 6 === 0) say(`${rows} readings of hours that are over wait to be sealed`);
    }
  } finally {
    db.close();
  }
}

const boot = Math.floor(Date.now() / 1000) % 1e9;
const boards = Array.from({ length: BURST_BOARDS }, (_, thing) => {
  const name = boardName(siteName(thing));
  const sealed = sealedBoard(name, KEY_ID, keyOf(name), "00000b0f", boot);
  return { name, line: () => sealed.pack(readingsOf(valuesAt(thing, Date.now())), performance.now(), Date.now()) };
});

/** One pack, again and again until it is acknowledged. @returns when, by performance.now() */
async function accepted(): Promise<number> {
  const { name, line } = boards[0]!;
  const one = line();
  while ((await publishAll(broker, name, [one], 60_000)) === 0) await sleep(10);
  return performance.now();
}

let child: ChildProcess | null = null;
try {
  let packs: number | null = null;
  if (!existsSync(join(dataDir, "journal.sqlite"))) {
    say(`registering ${things} things, then writing ${mib} MiB of journal`);
    provision(dataDir, things);
    packs = (await fillJournal(dataDir, things, days, mib, say)).packs;
  }
  child = start();
  await accepted();
  say("waiting for every reader of the journal to be done");
  for (let lag = await behind(), told = 0; lag > 0; lag = await behind()) {
    if (told++ % 20 === 0) say(`${lag} entries to go`);
    await sleep(1000);
  }
  await sealed();
  const took: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const bursts = boards.map(({ name, line }) =>
      publishAll(broker, name, Array.from({ length: BURST_PACKS }, line), 30_000),
    );
    await sleep(300 + 200 * kill);
    child.kill("SIGKILL");
    await once(child, "exit");
    const before = performance.now();
    child = start();
    took.push(Math.round((await accepted()) - before));
    await Promise.all(bursts);
    say(`start ${kill + 1}: accepting after ${took.at(-1)} ms`);
    // Node-RED's own start must not be taken for the hub's at the next kill.
    await sleep(5000);
  }
  const size = (name: string): number => Math.round(statSync(join(dataDir, name)).size / 2 ** 20);
  const worstMs = Math.max(...took);
  const result = {
    ...{ things, days, packs, journalMiB: size("journal.sqlite"), historyMiB: size("history.sqlite") },
    ...{ startsMs: took, worstMs, withRestartMs: worstMs + RESTART_MS, promisedMs: PROMISED_MS },
  };
  console.log(JSON.stringify(result));
  process.exitCode = worstMs + RESTART_MS <= PROMISED_MS ? 0 : 1;
} finally {
  if (child !== null && child.exitCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  if (values.dir === undefined) rmSync(dir, { recursive: true, force: true });
}

/**
 * At every start, before anything is opened: looks at each of the hub's files, sets a damaged one aside and puts what can
 * be read of it in its place, so that a bad sector costs what it hit, and no start fails for it twice.
 */
import Database from "better-sqlite3";
import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { siteType } from "../../hardware/sites.js";
import { mendRegister } from "../alerts/register-mend.js";
import { REGISTER } from "../alerts/register-schema.js";
import { PEOPLE } from "../api/auth.js";
import type { Clock } from "../clock.js";
import { mendCompleteness } from "../completeness/mend.js";
import { COMPLETENESS } from "../completeness/schema.js";
import { LEDGER_CONSUMER } from "../completeness/start.js";
import type { Component } from "../health.js";
import { mendJournal } from "../journal/mend.js";
import { JOURNAL, takeLock } from "../journal/schema.js";
import { HISTORY } from "../outputs/history/store.js";
import { REGISTRY } from "../registry/file.js";
import { mendRegistry } from "../registry/mend.js";
import { Registry } from "../registry.js";
import { mendStore, type MendReport } from "./mend.js";
import { salvage } from "./salvage.js";

/** The registry's copy of the day. */
const COPY = ".copy";
const DAY_MS = 86_400_000;

/** Sites that can be closed for water. */
function floodSites(file: string, clock: Clock): string[] {
  if (!existsSync(file)) return [];
  const registry = Registry.open(file, clock);
  try {
    const closable = (type: string): boolean =>
      (siteType(type)?.rules as string[] | undefined)?.includes("flood") ?? false;
    return registry.sites().flatMap((site) => (closable(site.type) ? [site.id] : []));
  } finally {
    registry.close();
  }
}

/**
 * Mends what is damaged in the data folder; returns what came of it. Nothing may have the files open.
 * @throws SetupError `JOURNAL_LOCKED`, and those of openStore that no mending helps
 */
export function mendStores(dataDir: string, clock: Clock, now: Date = new Date()): MendReport[] {
  const file = (name: string): string => join(dataDir, name);
  const lock = takeLock(file(JOURNAL.fileName));
  try {
    const registry = file(REGISTRY.fileName);
    const reports = [mendStore(registry, REGISTRY, (from, db) => mendRegistry(from, registry + COPY, db), now)];
    const sites = floodSites(registry, clock);
    const journal = file(JOURNAL.fileName);
    reports.push(mendStore(journal, JOURNAL, mendJournal, now));
    reports.push(
      mendStore(
        file(COMPLETENESS.fileName),
        COMPLETENESS,
        (from, db) => mendCompleteness(from, journal, LEDGER_CONSUMER, db),
        now,
      ),
      mendStore(file(REGISTER.fileName), REGISTER, (from, db) => mendRegister(from, db, sites, clock.now()), now),
      mendStore(
        file(HISTORY.fileName),
        HISTORY,
        () => ({ rows: {}, missing: ["readings older than those of the journal: the rest is read from there again"] }),
        now,
      ),
      mendStore(
        file(PEOPLE.fileName),
        PEOPLE,
        (from, db) => ({
          rows: salvage(from, db, { seen_age: "ran" }, (table) => table !== "session").rows,
          missing: ["sessions: everybody logs in again; aryk person list shows who is there"],
        }),
        now,
      ),
    );
    return reports.filter((report) => report !== null);
  } finally {
    lock.close();
  }
}

/** What was damaged is told until the next start, so that a person reads the reports. */
export function mendHealth(reports: MendReport[], altered: () => { firstId: number; lastId: number }[]): Component {
  return {
    name: "files",
    check() {
      const told = reports.map(({ store, missing, aside }): ReturnType<Component["check"]>[number] => {
        const what = missing.length === 0 ? "nothing is missing" : `missing: ${missing.slice(0, 5).join("; ")}`;
        const message = `the ${store} was damaged; ${what}. The damaged file and the whole report are in ${aside}`;
        return { status: "degraded", code: "mended", message };
      });
      for (const { firstId, lastId } of altered().slice(0, 5)) {
        const message = `entries ${firstId} to ${lastId} of the journal were altered on the disk: see the dead letters`;
        told.push({ status: "degraded", code: "altered", message });
      }
      return told;
    },
  };
}

/** Keeps a copy of the registry beside it, renewed once a day and page by page. Returns what ends it. */
export function keepCopy(dataDir: string, failed: (error: unknown) => void): () => Promise<void> {
  const file = join(dataDir, REGISTRY.fileName);
  const coming = `${file}${COPY}.new`;
  const copy = async (): Promise<void> => {
    rmSync(coming, { force: true });
    // It holds the boards' keys.
    closeSync(openSync(coming, "ax", 0o600));
    const db = new Database(file, { fileMustExist: true });
    try {
      await db.backup(coming);
      renameSync(coming, file + COPY);
    } finally {
      db.close();
    }
  };
  let going = copy().catch(failed);
  const timer = setInterval(() => (going = going.then(copy).catch(failed)), DAY_MS);
  return () => {
    clearInterval(timer);
    return going;
  };
}

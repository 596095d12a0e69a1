/**
 * A damaged register: what can be read is kept. A closure of which nobody can be sure comes back LATCHED, not NORM: the
 * road stays closed until a person has looked.
 */
import type Database from "better-sqlite3";
import type { UnixMs } from "../model.js";
import type { MendReport } from "../store/mend.js";
import { salvage } from "../store/salvage.js";
import { renewEpoch } from "./register-restore.js";
import { alarmsAstray, getMeta, setMeta } from "./register-schema.js";

/** Above every fence that was ever taken. */
const FENCE = 1_000_000_000;

/** True if rows are missing between 1 and the greatest number that is named anywhere. */
function incomplete(db: Database.Database): boolean {
  const ask = (sql: string): number => db.prepare(sql).pluck().get() as number;
  const alarms = ask("SELECT count(*) FROM alarms");
  const named = ask(`SELECT max(coalesce((SELECT max(id) FROM alarms), 0),
    coalesce((SELECT max(alarm) FROM transitions), 0), coalesce((SELECT max(alarm) FROM notices), 0))`);
  const transitions = ask("SELECT count(*) - coalesce(max(id), 0) FROM transitions");
  return alarms !== named || transitions !== 0;
}

/** The alarm latched by the hub itself, with the transition that says so. */
function latch(db: Database.Database, site: string, kind: string, now: UnixMs): void {
  db.prepare(
    `INSERT INTO alarms (site, kind, state, level, peak, revision, alert_revision, episode, changed_at, reason, figures)
     VALUES (?, ?, 'NORM', 0, 0, 0, 0, 0, ?, '', '{}') ON CONFLICT (site, kind) DO NOTHING`,
  ).run(site, kind, now);
  const row = db.prepare("SELECT id, state, episode FROM alarms WHERE site = ? AND kind = ?").get(site, kind) as {
    id: number;
    state: string;
    episode: number;
  };
  const last = db
    .prepare("SELECT max(revision) AS r, max(episode) AS e FROM transitions WHERE alarm = ?")
    .get(row.id) as {
    r: number | null;
    e: number | null;
  };
  const kept = db.prepare("SELECT revision FROM alarms WHERE id = ?").pluck().get(row.id) as number;
  const revision = Math.max(last.r ?? 0, kept) + 1;
  const episode = Math.max(last.e ?? 0, row.episode, 1);
  db.prepare(
    `UPDATE alarms SET state = 'LATCHED', level = 3, peak = 3, revision = ?, episode = ?, changed_at = ?,
       reason = 'register-damaged', renew_at = NULL WHERE id = ?`,
  ).run(revision, episode, now, row.id);
  db.prepare(
    `INSERT INTO transitions (alarm, revision, episode, step, state_from, state_to, level, peak, who, why, figures, entry,
       time, at) VALUES (?, ?, ?, 'clear', ?, 'LATCHED', 3, 3, 'hub', 'register-damaged', '{}', NULL, ?, ?)`,
  ).run(row.id, revision, episode, row.state, now, now);
}

/**
 * Takes over what can be read of `file`.
 * @param floodSites every site that can be closed
 */
export function mendRegister(
  file: string,
  db: Database.Database,
  floodSites: string[],
  now: UnixMs,
): Pick<MendReport, "rows" | "missing"> {
  const missing: string[] = [];
  const fresh = { epoch: getMeta(db, "epoch") ?? "" };
  db.exec("DELETE FROM meta");
  const newer = { alarms: "revision", rule_states: "revision", notices: "attempts" };
  const readable = (text: unknown): boolean => {
    try {
      JSON.parse(String(text));
      return true;
    } catch {
      return false;
    }
  };
  const { rows, badCells } = salvage(file, db, newer, (table, row) =>
    table === "rule_states" ? readable(row["state"]) : row["figures"] === undefined || readable(row["figures"]),
  );
  db.transaction(() => {
    const whole = getMeta(db, "epoch") !== null && !incomplete(db) && badCells === 0 && (rows["meta"] ?? 0) > 0;
    if (getMeta(db, "epoch") === null) setMeta(db, "epoch", fresh.epoch);
    setMeta(db, "fence", String(Math.max(Number(getMeta(db, "fence") ?? FENCE) || FENCE, 0)));
    for (const key of ["cursor", "silent-to", "former-epochs"]) {
      const text = getMeta(db, key);
      if (text !== null && !readable(text)) db.prepare("DELETE FROM meta WHERE key = ?").run(key);
    }
    // What stands of an alarm whose own row is gone can be read in the damaged file; here it would belong to nobody.
    db.exec(`DROP TRIGGER transitions_kept;
      DELETE FROM transitions WHERE alarm NOT IN (SELECT id FROM alarms);
      DELETE FROM receipts WHERE notice NOT IN (SELECT id FROM notices WHERE alarm IN (SELECT id FROM alarms));
      DELETE FROM notices WHERE alarm NOT IN (SELECT id FROM alarms);
      CREATE TRIGGER transitions_kept BEFORE DELETE ON transitions
        BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;`);
    const astray = alarmsAstray(db);
    for (const { site, kind } of astray) latch(db, site, kind, now);
    const unsure = new Set(astray.map(({ site, kind }) => `${kind} of ${site}`));
    if (!whole) {
      const known = new Set(db.prepare("SELECT site FROM alarms WHERE kind = 'flood'").pluck().all() as string[]);
      for (const site of floodSites)
        if (!known.has(site)) {
          latch(db, site, "flood", now);
          unsure.add(`flood of ${site}`);
        }
      missing.push("alarms, or parts of their history");
      renewEpoch(db, now);
    }
    const acts = db.prepare("SELECT coalesce(max(id), 0) - count(*) FROM siren_acts").pluck().get() as number;
    if (acts > 0) missing.push(`acts on sirens: ${acts}`);
    for (const one of unsure) missing.push(`whether ${one} stood: it is latched until a person has looked`);
  })();
  return { rows, missing };
}

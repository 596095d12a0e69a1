/**
 * Who did what to a siren, and what came of it: an append-only record in the register's file, beside what people did to
 * alarms. Refusals stand in it too, and what the hub did by itself where it ended what a person had begun.
 */
import type Database from "better-sqlite3";
import type { UnixMs } from "../model.js";

/** Something that was done, or refused. */
export interface SirenAct {
  id: number;
  site: string;
  at: UnixMs;
  /** Name of the person, or `hub`. */
  who: string;
  act: "arm" | "fire" | "silence" | "hub";
  result: "done" | "refused";
  /** The siren's state after it, and why; of a refusal, why it was refused. */
  state: string;
  why: string;
}

export const SIREN_ACTS = `
CREATE TABLE siren_acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL,
  result TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE INDEX siren_acts_site ON siren_acts (site, id);
CREATE TRIGGER siren_acts_stay BEFORE UPDATE ON siren_acts BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;
CREATE TRIGGER siren_acts_kept BEFORE DELETE ON siren_acts BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END;
`;

export interface SirenBook {
  note(act: Omit<SirenAct, "id">): void;
  /** The record, newest first, from before act `before`. */
  list(before?: number, limit?: number): SirenAct[];
  /** The siren's state after the last act that was written; null before the first. */
  lastState(site: string): string | null;
}

/** @param db the register's file */
export function sirenBook(db: Database.Database): SirenBook {
  return {
    note(act) {
      db.prepare(
        `INSERT INTO siren_acts (site, at, who, act, result, state, why)
           VALUES (@site, @at, @who, @act, @result, @state, @why)`,
      ).run(act);
    },
    list: (before = Number.MAX_SAFE_INTEGER, limit = 200) =>
      db
        .prepare<[number, number], SirenAct>("SELECT * FROM siren_acts WHERE id < ? ORDER BY id DESC LIMIT ?")
        .all(before, limit),
    lastState: (site) =>
      (db.prepare("SELECT state FROM siren_acts WHERE site = ? ORDER BY id DESC LIMIT 1").pluck().get(site) ?? null) as
        string | null,
  };
}

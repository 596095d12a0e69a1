/**
 * Who saw personal data, and when: an append-only record in the people's file. It says who looked at what, never what
 * they saw. Kept for a year, and the newest {@link MOST} at most.
 *
 * The year is not told by dates: one date that a wrong clock wrote would let others go early. It is time that the hub ran,
 * counted by a clock that nobody can set and added up over its starts. Nothing is ever as old as that sooner than in a
 * year; what was written before the hub stood still for a month is kept for a month longer.
 */
import type Database from "better-sqlite3";
import type { FastifyInstance } from "fastify";

/**
 * What was seen: `people` who may log in · `alarms` with the names of who acted on them · `flows` the editor, whose
 * roster names who is told · `registry` the export, with who added what · `backup` a copy of everything · `seen` this
 * record. `forgot` is no sight: somebody's data was taken out.
 */
export const SIGHTS = ["people", "alarms", "flows", "registry", "backup", "seen", "forgot"] as const;
export type What = (typeof SIGHTS)[number];

/** Where a sight was that came through no address. */
export const COMMAND_LINE = "command line";

export interface Sight {
  id: number;
  /** Unix ms, real time. */
  at: number;
  /** Name of the person, or the account on the gateway; empty for the anonymous viewer. */
  who: string;
  /** Their address, or {@link COMMAND_LINE}. */
  place: string;
  what: What;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Personal data that an answer of this route holds: whoever gets it is recorded. */
    sees?: What;
  }
}

const HOUR = 3_600_000;
/** A day more than most years have: how long the hub ran is noted once an hour, so that a row may seem an hour older. */
const YEAR = 366 * 24 * HOUR;
const MOST = 200_000;
/** What the pages fetch by themselves, again and again: once an hour for one person at one place says as much. */
const REPEATED: What[] = ["alarms", "flows"];

/** The table of the record. Rows are only added. */
export const SEEN_SCHEMA = `
CREATE TABLE seen (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, place TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
CREATE INDEX seen_again ON seen (who, place, what, at);
CREATE TRIGGER seen_stands BEFORE UPDATE ON seen BEGIN SELECT RAISE(ABORT, 'what was seen stands'); END;
`;

/**
 * How old a row is: `ran` is how long the hub had run when it was written, all its starts together, in ms; the one row of
 * `seen_age` is how long it has run until now. Rows that were there before begin to age now. What is deleted must be older
 * than a year, or beyond the newest.
 */
export const SEEN_AGES = `
DROP TRIGGER IF EXISTS seen_stays;
ALTER TABLE seen ADD COLUMN ran INTEGER NOT NULL DEFAULT 0;
CREATE TABLE seen_age (one INTEGER PRIMARY KEY CHECK (one = 1), ran INTEGER NOT NULL) STRICT;
INSERT INTO seen_age VALUES (1, 0);
CREATE TRIGGER seen_stays BEFORE DELETE ON seen
  WHEN old.ran > (SELECT ran FROM seen_age) - ${YEAR} AND old.id > (SELECT max(id) FROM seen) - ${MOST}
  BEGIN SELECT RAISE(ABORT, 'what was seen stands for a year'); END;
`;

export class SeenBook {
  readonly #db: Database.Database;
  readonly #now: () => number;

  /** @param now real time in ms */
  constructor(db: Database.Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Writes that somebody sees personal data, and drops what is too old. */
  note(who: string, place: string, what: What): void {
    const at = this.#now();
    const again = this.#db.prepare(
      "SELECT 1 FROM seen WHERE who = ? AND place = ? AND what = ? AND at > ? AND at <= ?",
    );
    if (REPEATED.includes(what) && again.get(who, place, what, at - HOUR, at) !== undefined) return;
    this.#db.transaction(() => {
      this.#db
        .prepare("INSERT INTO seen (at, who, place, what, ran) VALUES (?, ?, ?, ?, (SELECT ran FROM seen_age))")
        .run(at, who, place, what);
      this.#drop();
    })();
  }

  /**
   * From now on the rows grow older; the hub says so, and no command: they run beside it. Returns what ends it.
   * @param steady ms of a clock that nobody can set
   */
  age(steady: () => number = () => performance.now()): () => void {
    let told = steady();
    const tick = (): void => {
      const now = steady();
      try {
        this.#db.transaction(() => {
          this.#db.prepare("UPDATE seen_age SET ran = ran + ?").run(Math.floor(now - told));
          this.#drop();
        })();
        told = now;
      } catch {
        // A full disk: the next hour is counted with this one.
      }
    };
    const timer = setInterval(tick, HOUR).unref();
    return () => {
      clearInterval(timer);
      tick();
    };
  }

  /** Drops what is too old, or too much: a few at once, so that no request waits for a year's worth. */
  #drop(): void {
    this.#db
      .prepare(
        `DELETE FROM seen WHERE id IN (SELECT id FROM seen ORDER BY id LIMIT 20)
           AND (ran <= (SELECT ran FROM seen_age) - ${YEAR} OR id <= (SELECT max(id) FROM seen) - ${MOST})`,
      )
      .run();
  }

  /** The record, newest first, from before row `before`. */
  list(before = Infinity, limit = 200): Sight[] {
    const end = Math.min(before, Number.MAX_SAFE_INTEGER);
    return this.#db
      .prepare<[number, number], Sight>(
        "SELECT id, at, who, place, what FROM seen WHERE id < ? ORDER BY id DESC LIMIT ?",
      )
      .all(end, limit);
  }
}

const PAGE = {
  type: "object",
  properties: {
    before: { type: "integer", minimum: 1 },
    limit: { type: "integer", minimum: 1, maximum: 1000, default: 200 },
  },
};

/**
 * Records every answer of a route that says `sees`, before it is given, and serves the record. Call it after the guard
 * and before the routes.
 */
export function addSeen(app: FastifyInstance, book: SeenBook): void {
  app.addHook("preHandler", async (request) => {
    const { sees } = request.routeOptions.config;
    if (sees === undefined) return;
    const who = request.person?.name ?? "";
    try {
      book.note(who, request.ip, sees);
    } catch (error) {
      // A full disk must not take the alarms from the duty room: then the log is the record.
      request.log.error({ part: "access", err: error, person: who, address: request.ip, sees }, "seen, not recorded");
    }
  });
  app.get<{ Querystring: { before?: number; limit: number } }>(
    "/api/v1/seen",
    { config: { access: "admin", sees: "seen" }, schema: { querystring: PAGE } },
    async (request) => ({ seen: book.list(request.query.before, request.query.limit) }),
  );
}

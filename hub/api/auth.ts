/**
 * Who may come in: people, their roles and their sessions, in a SQLite file that only its owner can read. Sessions
 * outlive a restart of the hub: the screen in the duty room must not fall back to a login page in the middle of a storm.
 */
import { createHash, randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import { openStore, type StoreKind } from "../store/file.js";
import { Attempts } from "./attempts.js";
import { SEEN_AGES, SEEN_SCHEMA, SeenBook } from "./seen.js";
import { COST, hashPassword, makePassword, passwordFault, verifyPassword } from "./password.js";
import type { Cost } from "./password.js";

/** Each role may do what those before it may. */
export const ROLES = ["viewer", "operator", "technician", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** True if `role` includes what `needed` may do. */
export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export interface Person {
  name: string;
  role: Role;
}

/** A login that holds. `id` names it in the hub's memory only; the cookie's own secret is not kept anywhere. */
export interface Session extends Person {
  id: string;
  /** What a page must send along with every change. */
  csrf: string;
}

export type LoginResult =
  | { ok: true; secret: string; session: Session }
  | { ok: false; fault: "wrong" }
  | { ok: false; fault: "wait"; waitS: number };

/** A change to the people that cannot be made: `code` is stable. */
export class AccessError extends Error {
  readonly code:
    "NAME_TAKEN" | "NO_SUCH_PERSON" | "LAST_ADMIN" | "BAD_NAME" | "PASSWORD_TOO_SHORT" | "PASSWORD_TOO_LONG";
  constructor(code: AccessError["code"], message: string) {
    super(message);
    this.name = "AccessError";
    this.code = code;
  }
}

const MINUTE = 60_000;
const WINDOW = 15 * MINUTE;
/** Tries in a quarter of an hour: one name from one address; one address; one name from anywhere. */
const LIMITS = { pair: 5, address: 30, name: 100 };
/** Hashing takes 32 MiB and a CPU: more logins than this at once are sent away. */
const MOST_AT_ONCE = 4;
const IDLE = 12 * 60 * MINUTE;
const LONGEST = 7 * 24 * 60 * MINUTE;

const SCHEMA = `
CREATE TABLE person (name TEXT PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL, changed INTEGER NOT NULL) STRICT;
CREATE TABLE session (
  id TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES person ON DELETE CASCADE,
  csrf TEXT NOT NULL, started INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
`;

/** The people's file. A change of its tables takes the next number, and a migration from the one before. */
export const PEOPLE: StoreKind = {
  name: "people's file",
  fileName: "people.sqlite",
  code: "PEOPLE",
  format: 3,
  timeoutMs: 200,
  // What is deleted is overwritten: the name of somebody who has gone must not lie on in the file.
  pragmas: ["foreign_keys = ON", "secure_delete = ON"],
  create: (db) => void db.exec(SCHEMA + SEEN_SCHEMA + SEEN_AGES),
  // 0: the same tables as 1, from before formats were counted. 2 records who saw personal data, 3 how old that is.
  migrations: { 0: () => undefined, 1: (db) => void db.exec(SEEN_SCHEMA), 2: (db) => void db.exec(SEEN_AGES) },
  check(db) {
    const rows = db.pragma("integrity_check(20)") as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((word) => word !== "ok");
  },
  remedy:
    "Start the hub again: it sets a damaged file aside and takes over who can be read; aryk person password admin sets" +
    " a new password.",
};

const sessionId = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

interface SessionRow {
  id: string;
  name: string;
  csrf: string;
  started: number;
  seen: number;
  role: Role;
}

export interface AccessOptions {
  now?: () => number;
  /** Of hashing new passwords. */
  cost?: Cost;
}

export class Access {
  /** Who saw personal data. */
  readonly seen: SeenBook;
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #cost: Cost;
  readonly #attempts: Attempts;
  /** Checked when the name is unknown, so that the answer takes as long as for a known one. */
  readonly #decoy: string;
  #busy = 0;

  private constructor(db: Database.Database, now: () => number, cost: Cost, decoy: string) {
    this.#cost = cost;
    this.#db = db;
    this.#now = now;
    this.seen = new SeenBook(db, now);
    this.#attempts = new Attempts(WINDOW, now);
    this.#decoy = decoy;
  }

  /**
   * Opens or makes the file (mode 0600). When nobody is in it yet, makes the person `admin` and returns the password,
   * which is not kept in readable form anywhere: show it once.
   * `now` is real time in ms: a session's life is not told by the hub's clock, which a replay may run faster.
   * Throws SetupError.
   */
  static async open(
    file: string,
    { now = Date.now, cost = COST }: AccessOptions = {},
  ): Promise<{ access: Access; adminPassword: string | null }> {
    const db = openStore(file, PEOPLE);
    const access = new Access(db, now, cost, await hashPassword(makePassword(), cost));
    if (access.people().length > 0) return { access, adminPassword: null };
    const adminPassword = makePassword();
    await access.add("admin", "admin", adminPassword);
    return { access, adminPassword };
  }

  people(): Person[] {
    return this.#db.prepare<[], Person>("SELECT name, role FROM person ORDER BY name").all();
  }

  /** Adds a person. Throws {@link AccessError}. */
  async add(name: string, role: Role, password: string): Promise<void> {
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name))
      throw new AccessError(
        "BAD_NAME",
        "a name is 1–64 letters, digits, spaces or . _ @ - and begins with a letter or digit",
      );
    const hash = await this.#newHash(password);
    const sql = "INSERT INTO person (name, role, hash, changed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    if (this.#db.prepare(sql).run(name, role, hash, this.#now()).changes === 0)
      throw new AccessError("NAME_TAKEN", `there is a person named ${name} already`);
  }

  /** Sets a new password and ends that person's sessions. Throws {@link AccessError}. */
  async setPassword(name: string, password: string): Promise<void> {
    const hash = await this.#newHash(password);
    const changed = this.#db
      .prepare("UPDATE person SET hash = ?, changed = ? WHERE name = ?")
      .run(hash, this.#now(), name);
    if (changed.changes === 0) throw new AccessError("NO_SUCH_PERSON", `nobody is named ${name}`);
    this.#db.prepare("DELETE FROM session WHERE name = ?").run(name);
  }

  /** Removes a person and ends their sessions. The last admin stays. Throws {@link AccessError}. */
  remove(name: string): void {
    const people = this.people();
    const person = people.find((p) => p.name === name);
    if (person === undefined) throw new AccessError("NO_SUCH_PERSON", `nobody is named ${name}`);
    if (person.role === "admin" && people.filter((p) => p.role === "admin").length === 1)
      throw new AccessError("LAST_ADMIN", "the last admin cannot be removed");
    this.#db.prepare("DELETE FROM person WHERE name = ?").run(name);
  }

  /** Tries a login. A failed one counts against its name and its address. */
  async login(name: string, password: string, address: string): Promise<LoginResult> {
    const keys: [string, number][] = [
      [`pair ${address} ${name}`, LIMITS.pair],
      [`address ${address}`, LIMITS.address],
    ];
    // Where somebody has come in by that name before, guesses from elsewhere must not keep them out.
    if (!this.#attempts.trusts(`${address} ${name}`)) keys.push([`name ${name}`, LIMITS.name]);
    const waitS = Math.max(...keys.map(([key, limit]) => this.#attempts.waitS(key, limit)));
    if (waitS > 0) return { ok: false, fault: "wait", waitS };
    if (this.#busy >= MOST_AT_ONCE) return { ok: false, fault: "wait", waitS: 2 };
    for (const [key] of keys) this.#attempts.add(key);
    const find = this.#db.prepare<[string], { role: Role; hash: string }>(
      "SELECT role, hash FROM person WHERE name = ?",
    );
    this.#busy++;
    try {
      const person = find.get(name);
      const right = await verifyPassword(password.slice(0, 1000), person?.hash ?? this.#decoy);
      // Asked again: the person may have been removed, or the password changed, while it was being checked.
      if (person === undefined || !right || find.get(name)?.hash !== person.hash) return { ok: false, fault: "wrong" };
      this.#attempts.clear(keys[0][0]);
      this.#attempts.trust(`${address} ${name}`);
      for (const [key] of keys.slice(1)) this.#attempts.forgive(key);
      return { ok: true, ...this.#start(name, person.role) };
    } finally {
      this.#busy--;
    }
  }

  /** The session behind a cookie's secret, if it still holds; using it keeps it alive. */
  session(secret: string | undefined): Session | null {
    if (secret === undefined || secret.length !== 43) return null;
    return this.#live(sessionId(secret), true);
  }

  /** True while the session has neither ended nor expired. Asking does not keep it alive. */
  holds(id: string): boolean {
    return this.#live(id, false) !== null;
  }

  logout(id: string): void {
    this.#db.prepare("DELETE FROM session WHERE id = ?").run(id);
  }

  /** Ends every session of a person, on every screen. */
  logoutAll(name: string): void {
    this.#db.prepare("DELETE FROM session WHERE name = ?").run(name);
  }

  close(): void {
    this.#db.close();
  }

  #start(name: string, role: Role): { secret: string; session: Session } {
    const now = this.#now();
    this.#db.prepare("DELETE FROM session WHERE seen < ? OR started < ?").run(now - IDLE, now - LONGEST);
    const secret = randomBytes(32).toString("base64url");
    const session = { id: sessionId(secret), csrf: randomBytes(24).toString("base64url"), name, role };
    const sql = "INSERT INTO session (id, name, csrf, started, seen) VALUES (?, ?, ?, ?, ?)";
    this.#db.prepare(sql).run(session.id, name, session.csrf, now, now);
    return { secret, session };
  }

  #live(id: string, touch: boolean): Session | null {
    const sql = "SELECT session.*, person.role FROM session JOIN person USING (name) WHERE id = ?";
    const row = this.#db.prepare<[string], SessionRow>(sql).get(id);
    const now = this.#now();
    if (row === undefined || row.seen < now - IDLE || row.started < now - LONGEST) return null;
    if (touch && row.seen < now - MINUTE) this.#touch(id, now);
    return { id: row.id, name: row.name, role: row.role, csrf: row.csrf };
  }

  /** Keeps a session alive. A disk that is full or busy is no reason to shut people out, least of all in a storm. */
  #touch(id: string, now: number): void {
    try {
      this.#db.prepare("UPDATE session SET seen = ? WHERE id = ?").run(now, id);
    } catch {
      // The next request tries again; the session itself still holds.
    }
  }

  async #newHash(password: string): Promise<string> {
    const fault = passwordFault(password);
    if (fault === "too-short") throw new AccessError("PASSWORD_TOO_SHORT", "a password has at least 12 characters");
    if (fault === "too-long") throw new AccessError("PASSWORD_TOO_LONG", "a password has at most 200 characters");
    return hashPassword(password, this.#cost);
  }
}

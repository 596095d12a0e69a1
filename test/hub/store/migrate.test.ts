import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REGISTER } from "../../../hub/alerts/register-schema.js";
import { Register } from "../../../hub/alerts/register.js";
import { Access } from "../../../hub/api/auth.js";
import { SteppedClock } from "../../../hub/clock.js";
import { SetupError } from "../../../hub/errors.js";
import { Journal } from "../../../hub/journal.js";
import { REGISTRY } from "../../../hub/registry/file.js";
import { Registry } from "../../../hub/registry.js";
import { openStore, type StoreKind } from "../../../hub/store/file.js";
import { EPOCH, keyOf, packEntry } from "../journal-entries.js";

const refused = (code: string) => (e: unknown) => e instanceof SetupError && e.code === code && e.remedy.length > 10;

describe("a file of a former format", () => {
  let dir: string;
  const at = (name: string): string => join(dir, name);
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-migrate-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const KIND: StoreKind = {
    name: "book",
    fileName: "book.sqlite",
    code: "BOOK",
    format: 3,
    create: (db) => db.exec("CREATE TABLE page (text TEXT, author TEXT DEFAULT '?', year INTEGER)"),
    migrations: {
      1: (db) => db.exec("ALTER TABLE page ADD COLUMN author TEXT DEFAULT '?'"),
      2: (db) => db.exec("ALTER TABLE page ADD COLUMN year INTEGER"),
    },
    remedy: "Open another book.",
  };
  function old(format: number, sql = "CREATE TABLE page (text TEXT); INSERT INTO page VALUES ('first')"): string {
    const db = new Database(at("book.sqlite"));
    db.exec(sql);
    db.pragma(`user_version = ${format}`);
    db.close();
    return at("book.sqlite");
  }

  it("goes through every step to the newest, and a copy of it stays beside it as it was", () => {
    const db = openStore(old(1), KIND);
    assert.deepEqual(db.prepare("SELECT * FROM page").all(), [{ text: "first", author: "?", year: null }]);
    assert.equal(db.pragma("user_version", { simple: true }), 3);
    db.close();
    const copy = new Database(at("book.sqlite.format-1"), { readonly: true });
    assert.deepEqual(copy.prepare("SELECT * FROM page").all(), [{ text: "first" }]);
    assert.equal(copy.pragma("user_version", { simple: true }), 1);
    copy.close();
    assert.equal(statSync(at("book.sqlite.format-1")).mode & 0o777, 0o600);
    openStore(at("book.sqlite"), KIND).close();
    assert.deepEqual(readdirSync(dir).sort(), ["book.sqlite", "book.sqlite.format-1"]);
  });

  it("stays whole when a step fails, and a second try writes over no copy", () => {
    const broken = { ...KIND, migrations: { ...KIND.migrations, 2: (db: Database.Database) => db.exec("nonsense") } };
    assert.throws(() => openStore(old(1), broken), refused("BOOK_NOT_WRITABLE"));
    const db = new Database(at("book.sqlite"));
    assert.deepEqual(db.prepare("SELECT * FROM page").all(), [{ text: "first" }]);
    db.close();
    openStore(at("book.sqlite"), KIND).close();
    assert.deepEqual(readdirSync(dir).sort(), ["book.sqlite", "book.sqlite.format-1", "book.sqlite.format-1-2"]);
  });

  it("is refused when nothing is known of it, and so is one of a newer hub; neither is touched", () => {
    const file = old(0);
    assert.throws(() => openStore(file, KIND), refused("BOOK_OLDER"));
    const db = new Database(file);
    db.pragma("user_version = 4");
    db.close();
    assert.throws(() => openStore(file, KIND), refused("BOOK_NEWER"));
    assert.deepEqual(readdirSync(dir), ["book.sqlite"]);
  });

  it("journal 1: every entry, number and cursor is there, and what comes next is told apart from it", async () => {
    const file = at("journal.sqlite");
    let journal = Journal.open(file);
    const entries = Array.from({ length: 200 }, (_, i) => packEntry("b1", i + 1));
    await Promise.all(entries.map((entry) => journal.append(entry)));
    journal.cursor("out");
    journal.settle("out", 120);
    const before = journal.read(0, 1000);
    const head = journal.head();
    await journal.close();
    // Format 1 had the same tables without the check sums.
    const db = new Database(file);
    db.exec(`ALTER TABLE groups DROP COLUMN crc; ALTER TABLE received DROP COLUMN sum;
      ALTER TABLE cursors DROP COLUMN mirror; DROP INDEX letters_line; DROP INDEX letters_entry;
      PRAGMA user_version = 1`);
    db.close();
    journal = Journal.open(file);
    assert.deepEqual(journal.head(), head);
    assert.deepEqual(journal.read(0, 1000), before);
    assert.deepEqual(journal.consumers(), [{ consumer: "out", id: 120, behind: 80 }]);
    assert.ok(entries.every((entry) => journal.judge(keyOf(entry)) === "same"));
    assert.equal(await journal.append(packEntry("b1", 201)), 201);
    await journal.close();
    journal = Journal.open(file);
    assert.ok(journal.received("b1", EPOCH, 1, 201));
    await journal.close();
    assert.deepEqual(readdirSync(dir).sort(), ["journal.sqlite", "journal.sqlite.format-1", "journal.sqlite.lock"]);
  });

  it("journal 3: every dead letter is there and found again, and its tables are those of a new one", async () => {
    const schema = (file: string): unknown[] => {
      const db = new Database(file, { readonly: true });
      const rows = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").all();
      db.close();
      return rows;
    };
    const file = at("journal.sqlite");
    let journal = Journal.open(file);
    const line = packEntry("b1", 1).line;
    const rejected = { received: 1, board: "b1", line, reason: "influx-400", consumer: "influxdb", entry: 7 };
    await journal.deadLetter(rejected);
    const before = journal.deadLetters();
    await journal.close();
    const fresh = schema(file);
    const db = new Database(file);
    db.exec("DROP INDEX letters_line; DROP INDEX letters_entry; PRAGMA user_version = 3");
    db.close();
    journal = Journal.open(file);
    assert.equal(journal.isDead("b1", line), true);
    await journal.deadLetter(rejected);
    assert.deepEqual(journal.deadLetters(), before);
    await journal.close();
    assert.deepEqual(schema(file), fresh);
    assert.ok(readdirSync(dir).includes("journal.sqlite.format-3"));
  });

  it("register 1: alarms and notices are there, and a closure that stands is renewed", () => {
    const file = at("register.sqlite");
    const clock = new SteppedClock(1_800_000_000_000);
    const open = (): Register => Register.open(file, clock, () => clock.now());
    const cursor = { epoch: "j", id: 1 };
    const closure = {
      kind: "flood",
      action: "raise",
      level: 3,
      reason: "depth-2-of-3",
      figures: {},
      time: 1,
      entry: 1,
    };
    const notice = { site: "s1", kind: "flood", channel: "log", to: "", language: "ru", minLevel: 1 };
    let register = open();
    register.commit({
      ...{ fence: register.takeFence("flows"), cursor, now: clock.now(), notices: [notice as never] },
      evaluations: [{ site: "s1" as never, rule: "flood", expectedRevision: 0, state: {}, events: [closure as never] }],
    });
    const alarms = register.alarms();
    register.close();
    const db = new Database(file);
    db.exec(`DROP TABLE siren_acts; ALTER TABLE alarms DROP COLUMN renew_at; ALTER TABLE notices DROP COLUMN renewal;
      DROP INDEX notices_waiting;
      CREATE INDEX notices_waiting ON notices (channel, priority, id) WHERE state IN ('queued', 'retry', 'leased');
      PRAGMA user_version = 1`);
    db.close();
    register = open();
    assert.deepEqual(register.alarms(), alarms);
    assert.equal(register.claim("log", 10, 1000).length, 1);
    clock.advance(1000);
    register.commit({
      fence: register.takeFence("hub"),
      cursor: { ...cursor, id: 2 },
      now: clock.now(),
      notices: [],
      evaluations: [],
    });
    assert.deepEqual(
      register.claim("log", 10, 1000).map((n) => [n.revision, n.renewal]),
      [
        [1, 0],
        [1, 1],
      ],
    );
    register.close();
  });

  it("register 3: what is done to sirens is kept from now on, and its tables are those of a new one", () => {
    const file = at("register.sqlite");
    const clock = new SteppedClock(1_800_000_000_000);
    Register.open(file, clock).close();
    const db = new Database(file);
    db.exec("DROP TABLE siren_acts; PRAGMA user_version = 3");
    db.close();
    const register = Register.open(file, clock);
    const act = {
      site: "s1",
      at: 1,
      who: "Aliya",
      act: "arm",
      result: "done",
      state: "armed",
      why: "ordered",
    } as const;
    register.sirens().note(act);
    assert.deepEqual(register.sirens().list(), [{ id: 1, ...act }]);
    register.close();
    const [migrated, fresh] = [new Database(file), new Database(":memory:")];
    REGISTER.create(fresh);
    const schema = (of: Database.Database): unknown[] =>
      of.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all();
    assert.deepEqual(schema(migrated), schema(fresh));
    assert.throws(() => migrated.exec("DELETE FROM siren_acts"), /append-only/);
    migrated.close();
    fresh.close();
  });

  it("registry 1: every row and key is there, under the same guard", () => {
    const file = at("registry.sqlite");
    let registry = Registry.open(file, new SteppedClock(1_800_000_000_000));
    registry.addBoard("b1", "me");
    const before = registry.export({ keys: true });
    registry.close();
    const db = new Database(file);
    db.exec("ALTER TABLE rows DROP COLUMN sum; PRAGMA user_version = 1");
    db.close();
    registry = Registry.open(file, new SteppedClock(1_800_000_000_000));
    registry.addBoard("b2", "me");
    assert.deepEqual(registry.export({ keys: true }).boards?.slice(0, 1), before.boards);
    registry.close();
    const after = new Database(file);
    assert.deepEqual(REGISTRY.check?.(after), []);
    assert.throws(() => after.exec("UPDATE rows SET body = ''"), /only added/);
    after.close();
  });

  it("people 0, from before formats were counted: everybody is there", async () => {
    const file = at("people.sqlite");
    const cost = { N: 1024, r: 8, p: 1 };
    const first = await Access.open(file, { cost });
    first.access.close();
    const db = new Database(file);
    db.exec("DROP TABLE seen; DROP TABLE seen_age; PRAGMA user_version = 0");
    db.close();
    const { access, adminPassword } = await Access.open(file, { cost });
    assert.equal(adminPassword, null);
    assert.deepEqual(access.people(), [{ name: "admin", role: "admin" }]);
    access.close();
  });
});

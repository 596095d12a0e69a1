/** Who saw personal data: recorded on the pages and on the command line, kept for a year, and nobody can change it. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Command } from "commander";
import { pino } from "pino";
import { Access, PEOPLE } from "../../../hub/api/auth.js";
import { SeenBook, type Sight } from "../../../hub/api/seen.js";
import { addBackupCommands } from "../../../hub/cli/backup.js";
import { addPeopleCommands } from "../../../hub/cli/people.js";
import { addRegistryCommands } from "../../../hub/cli/registry.js";
import { realClock } from "../../../hub/clock.js";
import { loadConfig } from "../../../hub/config.js";
import { Journal } from "../../../hub/journal.js";
import { openStores } from "../../../hub/main/stores.js";
import { leaveMark } from "../../../hub/store/damage.js";
import { openStore } from "../../../hub/store/file.js";
import { mendStores } from "../../../hub/store/mend-all.js";
import { enter, startBench, visitor } from "./setup.js";
import type { Bench, Visitor } from "./setup.js";

const DAY = 86_400_000;
const quick = { cost: { N: 1024, r: 8, p: 1 } };

describe("the record of who saw personal data", () => {
  let dir: string;
  const file = (): string => join(dir, "people.sqlite");
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-seen-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  describe("on the pages", () => {
    let bench: Bench;
    let admin: Visitor;
    before(async () => {
      bench = await startBench();
      admin = await enter(bench, "admin");
    });
    after(() => bench.stop());
    const seen = (): string[] =>
      bench.access.seen
        .list()
        .reverse()
        .map(({ who, place, what }) => `${who.replace(/-.*/, "")} ${place} ${what}`);
    const forgotten = (): number => bench.access.seen.list()[0]?.id ?? 0;

    it("has a line for each look at the list of people, before the list is given", async () => {
      const from = forgotten();
      for (let i = 0; i < 2; i++) assert.equal((await admin.get("/api/v1/people")).status, 200);
      assert.deepEqual(seen().slice(from), ["admin 127.0.0.1 people", "admin 127.0.0.1 people"]);
    });

    it("has a line an hour for whoever sees the names at the alarms: lists, history and live view", async () => {
      for (const path of ["/api/v1/alarms", "/api/v1/transitions", "/api/v1/live"]) {
        const viewer = await enter(bench, "viewer");
        const from = forgotten();
        for (let i = 0; i < 2; i++) {
          const ends = new AbortController();
          const answer = await fetch(bench.url + path, { headers: { cookie: viewer.cookie }, signal: ends.signal });
          assert.equal(answer.status, 200);
          ends.abort();
        }
        assert.deepEqual(seen().slice(from), ["viewer 127.0.0.1 alarms"], path);
      }
    });

    it("has a line for the editor, whose roster names who is told, and none for who was refused", async () => {
      const [technician, viewer] = [await enter(bench, "technician"), await enter(bench, "viewer")];
      const from = forgotten();
      assert.equal((await technician.get("/flows/editor/flows")).status, 503);
      assert.equal((await viewer.get("/flows/editor/flows")).status, 403);
      assert.equal((await viewer.get("/api/v1/people")).status, 403);
      assert.equal((await viewer.get("/api/v1/seen")).status, 403);
      assert.equal((await visitor(bench).get("/api/v1/alarms")).status, 401);
      assert.deepEqual(seen().slice(from), ["technician 127.0.0.1 flows"]);
    });

    it("is read by admins alone, page by page, and reading it is a line too", async () => {
      const read = async (query: string): Promise<Sight[]> => {
        const answer = await admin.get(`/api/v1/seen${query}`);
        assert.equal(answer.status, 200);
        return ((await answer.json()) as { seen: Sight[] }).seen;
      };
      const [newest] = await read("?limit=1");
      assert.deepEqual(
        [newest?.what, newest?.place, Math.abs(newest!.at - Date.now()) < 60_000],
        ["seen", "127.0.0.1", true],
      );
      const earlier = await read(`?limit=2&before=${newest!.id}`);
      assert.deepEqual(
        earlier.map((one) => one.id),
        [newest!.id - 1, newest!.id - 2],
      );
    });

    it("does not keep the alarms from anybody when it cannot be written", async () => {
      const viewer = await enter(bench, "viewer");
      const broken = bench.access.seen as unknown as { note: unknown };
      const { note } = broken;
      broken.note = () => {
        throw new Error("database or disk is full");
      };
      try {
        assert.equal((await viewer.get("/api/v1/alarms")).status, 200);
      } finally {
        broken.note = note;
      }
    });
  });

  /** Counts that the hub has run for so long. */
  function run(book: SeenBook, ms: number): void {
    let now = 5;
    const end = book.age(() => now);
    now += ms;
    end();
  }
  const ids = (book: SeenBook): number[] => book.list().map((one) => one.id);

  it("can be added to only, and drops by itself what is a year old", () => {
    const db = openStore(file(), PEOPLE);
    try {
      const book = new SeenBook(db, () => 1_800_000_000_000);
      book.note("chief", "10.0.0.1", "people");
      assert.throws(() => db.exec("UPDATE seen SET who = 'nobody'"), /stands/);
      assert.throws(() => db.exec("DELETE FROM seen"), /stands for a year/);
      for (let month = 0; month < 12; month++) run(book, 30 * DAY);
      book.note("chief", "10.0.0.1", "people");
      run(book, 5 * DAY);
      assert.throws(() => db.exec("DELETE FROM seen WHERE id = 1"), /stands for a year/);
      assert.deepEqual(ids(book), [2, 1]);
      run(book, DAY);
      assert.deepEqual(ids(book), [2]);
      assert.throws(() => db.exec("DELETE FROM seen"), /stands for a year/);
    } finally {
      db.close();
    }
  });

  it("ages by no date: neither one far ahead, nor one of before there were clocks, lets a row go early", () => {
    const db = openStore(file(), PEOPLE);
    try {
      let now = 1_800_000_000_000;
      const book = new SeenBook(db, () => now);
      for (const at of [now, now + 9000 * DAY, 0, now + DAY]) {
        now = at;
        book.note("chief", "10.0.0.1", "people");
        run(book, DAY);
      }
      assert.throws(() => db.exec("DELETE FROM seen WHERE id = 1"), /stands for a year/);
      assert.deepEqual(ids(book), [4, 3, 2, 1]);
      run(book, 363 * DAY);
      assert.deepEqual(ids(book), [4, 3]);
    } finally {
      db.close();
    }
  });

  it("is made in a file of the format before it, where everybody stays", async () => {
    (await Access.open(file(), quick)).access.close();
    const db = new Database(file());
    db.exec("DROP TABLE seen; DROP TABLE seen_age; PRAGMA user_version = 1");
    db.close();
    const { access, adminPassword } = await Access.open(file(), quick);
    assert.deepEqual([adminPassword, access.people()], [null, [{ name: "admin", role: "admin" }]]);
    access.seen.note("admin", "10.0.0.1", "people");
    assert.equal(access.seen.list().length, 1);
    access.close();
    assert.ok(existsSync(`${file()}.format-1`));
  });

  it("of a file that went by dates is whole, and ages from then on", async () => {
    const first = (await Access.open(file(), quick)).access;
    first.seen.note("admin", "10.0.0.1", "people");
    const before = first.seen.list();
    first.close();
    const db = new Database(file());
    db.exec(`DROP TRIGGER seen_stays; DROP TABLE seen_age; ALTER TABLE seen DROP COLUMN ran;
      CREATE TRIGGER seen_stays BEFORE DELETE ON seen BEGIN SELECT RAISE(ABORT, 'by dates'); END;
      PRAGMA user_version = 2`);
    db.close();
    const { access } = await Access.open(file(), quick);
    run(access.seen, 365 * DAY);
    assert.deepEqual(access.seen.list(), before);
    run(access.seen, DAY);
    assert.deepEqual(access.seen.list(), []);
    access.close();
  });

  it("ages while the hub runs, and counts up to its end", async () => {
    const config = join(dir, "hub.yaml");
    writeFileSync(config, `dataDir: ${dir}\n`);
    const stops: (() => void | Promise<void>)[] = [];
    const log = pino({ level: "silent" });
    await openStores({ config: loadConfig(config, {}), clock: realClock, log }, (end) => void stops.push(end));
    const begun = performance.now();
    while (performance.now() < begun + 2) await new Promise((resolve) => setTimeout(resolve, 2));
    for (const end of stops.reverse()) await end();
    const db = openStore(file(), PEOPLE);
    assert.ok((db.prepare("SELECT ran FROM seen_age").pluck().get() as number) >= 2);
    db.close();
  });

  it("keeps its rows and their age when the file is damaged and mended", async () => {
    const first = (await Access.open(file(), quick)).access;
    first.seen.note("admin", "10.0.0.1", "people");
    run(first.seen, 365 * DAY);
    first.close();
    leaveMark(file(), "a test");
    assert.equal(mendStores(dir, realClock).length, 1);
    const { access } = await Access.open(file(), quick);
    assert.deepEqual(ids(access.seen), [1]);
    run(access.seen, DAY);
    assert.deepEqual(ids(access.seen), []);
    access.close();
  });

  it("has a line for each command that shows or copies it", async () => {
    (await Access.open(file(), quick)).access.close();
    await Journal.open(join(dir, "journal.sqlite")).close();
    const config = join(dir, "hub.yaml");
    writeFileSync(config, `dataDir: ${dir}\n`);
    let said = "";
    const [write, log] = [process.stdout.write.bind(process.stdout), console.log];
    const aryk = async (...words: string[]): Promise<string> => {
      const program = new Command("aryk").option("-c, --config <file>");
      for (const add of [addPeopleCommands, addRegistryCommands]) add(program);
      addBackupCommands(program, "0.0.0");
      said = "";
      process.stdout.write = ((text: string) => (said += text) !== "") as typeof process.stdout.write;
      console.log = (line: string) => void (said += `${line}\n`);
      try {
        await program.parseAsync(["-c", config, ...words], { from: "user" });
      } finally {
        process.stdout.write = write;
        console.log = log;
      }
      return said;
    };
    assert.match(await aryk("person", "list"), /^admin\tadmin$/m);
    assert.match(await aryk("registry", "export"), /sites/);
    await aryk("backup", join(dir, "copies"));
    await aryk("person", "forget", "Aigerim");
    const lines = (await aryk("person", "seen")).trim().split("\n");
    const by = `${userInfo().username} command line`;
    assert.deepEqual(
      lines.map((line) => line.split("\t").slice(1).join(" ")),
      ["seen", "forgot", "backup", "registry", "people"].map((what) => `${by} ${what}`),
    );
    assert.match(lines[0]!, /^\d{4}-\d\d-\d\dT/);
  });
});

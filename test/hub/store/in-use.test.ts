import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Register } from "../../../hub/alerts/register.js";
import { STORES } from "../../../hub/backup/stores.js";
import { makeBackup } from "../../../hub/backup/make.js";
import { SteppedClock } from "../../../hub/clock.js";
import { startCompleteness } from "../../../hub/completeness/start.js";
import { Journal } from "../../../hub/journal.js";
import { History } from "../../../hub/outputs/history.js";
import { leaveMark } from "../../../hub/store/damage.js";
import { openStore } from "../../../hub/store/file.js";
import { mendStores } from "../../../hub/store/mend-all.js";
import { watchMarks } from "../../../hub/store/marks.js";
import { REGISTRY } from "../../../hub/registry/file.js";
import { Registry } from "../../../hub/registry.js";
import { keepHub, PROPERTY } from "../backup/rig.js";

const START = 1_800_000_000_000;

describe("a file that turns out to be damaged while it is in use", function () {
  this.timeout(60_000);
  let dir: string;
  let clock: SteppedClock;
  const whole = (): string => join(dir, "whole");
  const hurt = (): string => join(dir, "hurt");
  const followed = (hub: { journal: Journal; registry: Registry }, folder: string) =>
    startCompleteness({
      ...{ file: join(folder, "completeness.sqlite"), journalFile: join(folder, "journal.sqlite"), days: 90 },
      ...{ journal: hub.journal, places: hub.registry, clock, warn: () => undefined },
    });

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-in-use-"));
    clock = new SteppedClock(START);
    mkdirSync(whole());
    const first = keepHub(whole(), clock, { last: 0 });
    for (let i = 0; i < 100; i++) await first.minute(0);
    for (let mm = 30; mm <= 450; mm += 30) await first.minute(mm);
    for (let i = 0; i < 60; i++) first.registry.addBoard(`board-${i}`, "me");
    await first.settled();
    const ledger = followed(first, whole());
    ledger.flush();
    ledger.stop();
    await first.stop();
  });
  after(() => rmSync(dir, { recursive: true }));

  /** The disk loses everything but the first page of a file that is open. */
  function losePages(name: string): void {
    const file = join(hurt(), name);
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096);
    writeFileSync(file, bytes);
  }

  /** Each with what opens it, and what then asks it for something that stands behind its first page. */
  const USES: Record<string, () => { use(): unknown; close(): void | Promise<void> }> = {
    "register.sqlite": () => {
      const register = Register.open(join(hurt(), "register.sqlite"), clock);
      return { use: () => register.transitions(), close: () => register.close() };
    },
    "registry.sqlite": () => {
      const registry = Registry.open(join(hurt(), "registry.sqlite"), clock);
      // A command adds a row meanwhile: the hub reads it from the file, not from what it holds in memory.
      const command = Registry.open(join(hurt(), "registry.sqlite"), clock);
      command.addBoard(`late-${registry.boards().length}`, "me");
      command.close();
      return { use: () => registry.refresh(), close: () => registry.close() };
    },
    "history.sqlite": () => {
      const history = History.open(join(hurt(), "history.sqlite"), clock);
      return { use: () => history.series("u1", PROPERTY, 0, 9e15), close: () => history.close() };
    },
    "completeness.sqlite": () => {
      const registry = Registry.open(join(hurt(), "registry.sqlite"), clock);
      const journal = Journal.open(join(hurt(), "journal.sqlite"));
      const ledger = followed({ journal, registry }, hurt());
      const close = async (): Promise<void> => {
        ledger.stop();
        registry.close();
        await journal.close();
      };
      return { use: () => ledger.report({ now: clock.now() }), close };
    },
  };

  for (const [name, open] of Object.entries(USES))
    it(`${name}: is marked and told of, and the next start mends it`, async () => {
      rmSync(hurt(), { recursive: true, force: true });
      cpSync(whole(), hurt(), { recursive: true });
      assert.deepEqual(mendStores(hurt(), clock), []);
      const found: string[] = [];
      const marks = watchMarks(hurt(), STORES, (kind) => found.push(kind.fileName));
      const { use, close } = open();
      try {
        assert.deepEqual(marks.component.check(), []);
        losePages(name);
        await assert.rejects(async () => void (await use()), { code: /^SQLITE_(CORRUPT|NOTADB)/ });
        assert.ok(existsSync(join(hurt(), `${name}.damaged`)));
        const said = marks.component.check();
        assert.deepEqual([said.length, said[0]?.status], [1, "degraded"]);
        marks.component.check();
        assert.deepEqual(found, [name], "told once");
      } finally {
        await close();
        marks.stop();
      }
      const reports = mendStores(hurt(), clock);
      assert.deepEqual(
        reports.map(({ store }) => `${store}.sqlite`),
        [name],
      );
      assert.ok(!existsSync(join(hurt(), `${name}.damaged`)));
      assert.deepEqual(mendStores(hurt(), clock), []);
      const again = open();
      await again.use();
      await again.close();
    });

  it("is told of under a code that is its file's name", () => {
    rmSync(hurt(), { recursive: true, force: true });
    mkdirSync(hurt());
    const marks = watchMarks(hurt(), STORES, () => undefined);
    for (const { fileName } of STORES) leaveMark(join(hurt(), fileName), "a test");
    const said = marks.component.check();
    marks.stop();
    assert.deepEqual(
      said.map(({ code }) => code),
      STORES.map(({ fileName }) => `damaged-${fileName.split(".")[0]}`),
    );
  });

  it("is marked where the beginning of a transaction meets the damage; an error from another file marks nothing", () => {
    rmSync(hurt(), { recursive: true, force: true });
    cpSync(whole(), hurt(), { recursive: true });
    const file = join(hurt(), "registry.sqlite");
    const db = openStore(file, REGISTRY);
    try {
      const elsewhere = db.transaction(() => {
        throw new Database.SqliteError("file is not a database", "SQLITE_NOTADB");
      });
      assert.throws(() => elsewhere.immediate(), { code: "SQLITE_NOTADB" });
      assert.ok(!existsSync(`${file}.damaged`));
      // So that the next transaction reads the first page from the file, and not from memory or the log.
      const other = new Database(file);
      other.exec("CREATE TABLE late (one INTEGER)");
      other.pragma("wal_checkpoint(TRUNCATE)");
      other.close();
      writeFileSync(file, readFileSync(file).fill(0x5a));
      assert.throws(() => db.transaction(() => assert.fail("it began")).immediate(), {
        code: /^SQLITE_(CORRUPT|NOTADB)/,
      });
      assert.ok(existsSync(`${file}.damaged`));
    } finally {
      db.close();
    }
  });

  it("is marked by a backup that meets the damage first", () => {
    rmSync(hurt(), { recursive: true, force: true });
    cpSync(whole(), hurt(), { recursive: true });
    const db = new Database(join(hurt(), "history.sqlite"));
    try {
      losePages("history.sqlite");
      assert.throws(() => makeBackup(hurt(), join(dir, "backups"), new Date(), "test"), { code: "BACKUP_FAILED" });
    } finally {
      db.close();
    }
    assert.ok(existsSync(join(hurt(), "history.sqlite.damaged")));
  });
});

import assert from "node:assert/strict";
import Database from "better-sqlite3";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Register } from "../../../hub/alerts/register.js";
import { Access } from "../../../hub/api/auth.js";
import { SteppedClock } from "../../../hub/clock.js";
import { Journal } from "../../../hub/journal.js";
import { mendStores } from "../../../hub/store/mend-all.js";
import type { Journalled, PackEntry } from "../../../hub/model.js";
import { Registry } from "../../../hub/registry.js";
import { Random } from "../../fuzz/random.js";
import { keepHub } from "../backup/rig.js";
import { EPOCH, keyOf } from "../journal-entries.js";

const START = 1_800_000_000_000;

describe("bytes turned in a file of the hub", function () {
  this.timeout(60_000);
  let dir: string;
  let clock: SteppedClock;
  let entries: Journalled[];
  let files: Map<string, Buffer>;
  const random = new Random(11);
  const at = (name: string): string => join(dir, name);
  const whole = (name: string): Buffer => files.get(name)!;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-damage-"));
    clock = new SteppedClock(START);
    mkdirSync(at("whole"));
    const hub = keepHub(at("whole"), clock, { last: 0 });
    for (let i = 0; i < 10; i++) await hub.minute(0);
    for (let mm = 30; mm <= 450; mm += 30) await hub.minute(mm);
    for (let i = 0; i < 60; i++) hub.registry.addBoard(`board-${i}`, "me");
    await hub.settled();
    entries = hub.journal.read(0, 10_000).map((entry) => structuredClone(entry));
    await hub.stop();
    const { access } = await Access.open(at("whole/people.sqlite"), { cost: { N: 1024, r: 8, p: 1 } });
    access.close();
    files = new Map(readdirSync(at("whole")).map((name) => [name, readFileSync(join(at("whole"), name))]));
  });
  after(() => rmSync(dir, { recursive: true }));

  /** A data folder as it was, but for one file. */
  function lay(name: string, bytes: Buffer): string {
    rmSync(at("hurt"), { recursive: true, force: true });
    mkdirSync(at("hurt"));
    for (const [other, as] of files)
      if (!other.endsWith(".lock")) writeFileSync(join(at("hurt"), other), other === name ? bytes : as);
    return at("hurt");
  }

  /** The file with some bytes turned: everywhere in turn, in the heads of pages, and whole sectors. */
  function* hurt(name: string, times: number): Generator<Buffer> {
    for (let i = 0; i < times; i++) {
      const bytes = Buffer.from(whole(name));
      if (i % 10 === 9) {
        const sector = random.below(Math.floor(bytes.length / 512)) * 512;
        bytes.fill(random.below(256), sector, sector + 512);
      } else {
        const page = random.below(Math.floor(bytes.length / 4096)) * 4096;
        const place = i % 3 === 0 ? page + random.below(i === 0 ? 100 : 12) : random.below(bytes.length);
        bytes[place] ^= 1 << random.below(8);
      }
      yield bytes;
    }
  }

  /** Mends, and makes sure that a second start finds nothing more to mend. */
  function mended(name: string, bytes: Buffer): string[] {
    const folder = lay(name, bytes);
    const reports = mendStores(folder, clock);
    assert.deepEqual(mendStores(folder, clock), []);
    for (const { aside } of reports) assert.ok(existsSync(join(aside, name)), "the damaged file is kept");
    return reports.flatMap((report) => [report.store, ...report.because, ...report.missing]);
  }

  it("journal: every entry that it gives is as it was, what is gone is named, and no new number counts as received", async () => {
    const before = new Map(entries.map((entry) => [entry.id, entry]));
    let mendings = 0;
    let complete = 0;
    for (const bytes of hurt("journal.sqlite", 60)) {
      const said = mended("journal.sqlite", bytes);
      const open = (): Journal => Journal.open(join(at("hurt"), "journal.sqlite"));
      let journal = open();
      let found: Journalled[];
      try {
        found = journal.read(0, 10_000);
      } catch {
        // Deep in the groups, where a start does not look: found in use, mended at the next one.
        await journal.close();
        said.push(...mendStores(at("hurt"), clock).flatMap(({ because, missing }) => [...because, ...missing, ""]));
        journal = open();
        found = journal.read(0, 10_000);
      }
      for (const entry of found) assert.deepEqual(entry, before.get(entry.id));
      const lost = entries.length - found.length;
      if (said.length > 0) mendings++;
      if (lost === 0) complete++;
      else assert.ok(said.length > 2 || journal.altered().length > 0, `${lost} entries are gone and nobody says so`);
      for (const entry of entries)
        if (entry.kind === "pack") assert.ok(["same", "known", "new"].includes(journal.judge(keyOf(entry))));
      const last = entries.at(-1);
      assert.ok(last?.kind === "pack");
      for (const seq of [last.seq + 1, last.seq + 2, last.seq + 1000]) {
        const next: PackEntry = { ...last, seq, line: last.line.replace(/.{4}$/, "abcd") };
        assert.equal(journal.judge(keyOf(next)), "new");
        assert.equal(journal.received(last.board, EPOCH, 1, seq), false);
      }
      const id = await journal.append({ ...last, seq: last.seq + 1 });
      assert.ok(id > entries.length - 1, "no id is given twice");
      await journal.close();
    }
    assert.ok(mendings > 5 && complete > 5, `${mendings} mended, ${complete} complete`);
  });

  it("journal: a range or a place that reads greater than it was is found, and does not count", async () => {
    const last = entries.at(-1);
    assert.ok(last?.kind === "pack");
    for (const change of [
      "UPDATE received SET last = last + 64",
      "UPDATE cursors SET id = id - 8 WHERE consumer = 'flows'",
    ]) {
      const folder = lay("", Buffer.alloc(0));
      const db = new Database(join(folder, "journal.sqlite"));
      db.exec(change);
      db.close();
      const [report] = mendStores(folder, clock);
      assert.equal(report.store, "journal");
      const journal = Journal.open(join(folder, "journal.sqlite"));
      assert.equal(journal.read(0, 10_000).length, entries.length);
      assert.equal(journal.received(last.board, EPOCH, 1, last.seq), true);
      assert.equal(journal.received(last.board, EPOCH, 1, last.seq + 1), false);
      await journal.close();
    }
  });

  it("register: a closure never comes back as NORM, and what stood is there or latched", () => {
    let mendings = 0;
    for (const bytes of hurt("register.sqlite", 30)) {
      if (mended("register.sqlite", bytes).length > 0) mendings++;
      const register = Register.open(join(at("hurt"), "register.sqlite"), clock);
      const alarm = register.alarms({ active: true }).find((one) => one.site === "u1" && one.kind === "flood");
      assert.ok(alarm !== undefined && alarm.state !== "NORM");
      assert.ok(alarm.level === 4 || alarm.state === "LATCHED", `${alarm.state} ${alarm.level}`);
      register.takeFence("hub");
      assert.equal(register.transitions(0, 1000, alarm.id).at(-1)?.revision, alarm.revision);
      register.close();
    }
    assert.ok(mendings > 4, String(mendings));
  });

  it("registry: every row that is there is as it was; with the copy of the day nothing is missing", () => {
    const healthy = Registry.open(at("whole/registry.sqlite"), clock);
    const boards = healthy.export({ keys: true }).boards ?? [];
    const rows = new Map(healthy.history().map((row) => [row.number, JSON.stringify(row)]));
    healthy.close();
    const keys = new Map(boards.map((board) => [board.board, JSON.stringify(board.keys)]));
    let mendings = 0;
    for (const bytes of hurt("registry.sqlite", 20)) {
      const said = mended("registry.sqlite", bytes);
      const registry = Registry.open(join(at("hurt"), "registry.sqlite"), clock);
      const found = registry.history();
      for (const row of found) assert.equal(JSON.stringify(row), rows.get(row.number));
      for (const board of registry.export({ keys: true }).boards ?? [])
        if ((board.keys?.length ?? 0) > 0) assert.equal(JSON.stringify(board.keys), keys.get(board.board));
      if (found.length < rows.size) assert.ok(said.length > 2, "rows are gone and nobody says so");
      registry.close();
      if (said.length === 0) continue;
      mendings++;
      lay("registry.sqlite", bytes);
      copyFileSync(at("whole/registry.sqlite"), join(at("hurt"), "registry.sqlite.copy"));
      const [report] = mendStores(at("hurt"), clock);
      assert.deepEqual(report.missing, []);
      const again = Registry.open(join(at("hurt"), "registry.sqlite"), clock);
      assert.deepEqual(again.export({ keys: true }).boards, boards);
      again.close();
    }
    assert.ok(mendings > 4, String(mendings));
  });

  it("registry: the newest rows are named, too, when it is they that are gone", () => {
    const healthy = Registry.open(at("whole/registry.sqlite"), clock);
    const { length } = healthy.history();
    healthy.close();
    const bytes = Buffer.from(whole("registry.sqlite"));
    bytes[bytes.length - 4096] = 141;
    lay("registry.sqlite", bytes);
    const [report] = mendStores(at("hurt"), clock);
    const there = report.rows["rows"] ?? 0;
    assert.ok(there > 0 && there < length - 1, String(there));
    assert.deepEqual(report.missing, [`rows ${there + 1} to ${length}`]);
  });

  it("all of a file, or none of it: the hub starts, and says what is missing", async () => {
    for (const name of ["journal.sqlite", "register.sqlite", "registry.sqlite", "history.sqlite", "people.sqlite"])
      for (const bytes of [Buffer.alloc(8192, 0x5a), whole(name).subarray(0, 5000)]) {
        const said = mended(name, bytes);
        assert.ok(said.length > 2, `${name}: ${said.join("; ")}`);
        const hub = keepHub(at("hurt"), clock, { last: 500 });
        await hub.minute(0);
        await hub.settled();
        await hub.stop();
      }
  });

  it("found while the hub runs: nothing more is taken, and the next start mends it", async () => {
    const bytes = Buffer.from(whole("journal.sqlite"));
    const folder = lay("journal.sqlite", bytes);
    const file = join(folder, "journal.sqlite");
    let told = 0;
    const journal = Journal.open(file, { onDamage: () => told++ });
    // The disk loses everything but the first page under the running hub.
    const fresh = readFileSync(file);
    fresh.fill(0x5a, 4096);
    writeFileSync(file, fresh);
    assert.throws(() => {
      for (let after = 0; after < 100; after += 10) journal.read(after, 10);
      journal.cursor("somebody");
    });
    const last = entries.at(-1);
    assert.ok(last?.kind === "pack");
    await assert.rejects(journal.append({ ...last, seq: 9999 }));
    assert.equal(told, 1);
    assert.ok(existsSync(`${file}.damaged`));
    await journal.close().catch(() => undefined);
    assert.equal(mendStores(folder, clock).length, 1);
    assert.ok(!existsSync(`${file}.damaged`));
    const after = Journal.open(file);
    assert.equal(after.judge(keyOf({ ...last, seq: 9999 })), "new");
    await after.close();
  });
});

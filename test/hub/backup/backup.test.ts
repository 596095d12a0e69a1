import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import Database from "better-sqlite3";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBackup } from "../../../hub/backup/make.js";
import { checkRestored, restoreBackup } from "../../../hub/backup/restore.js";
import { SteppedClock } from "../../../hub/clock.js";
import { SetupError } from "../../../hub/errors.js";
import { projectRoot } from "../../../hub/root.js";
import { program } from "../../rig/program.js";
import { EPOCH } from "../journal-entries.js";
import { keepHub, SITES, type KeptHub } from "./rig.js";

const START = 1_800_000_000_000;
const refused = (code: string) => (e: unknown) => e instanceof SetupError && e.code === code && e.remedy.length > 10;

describe("backup and restore", function () {
  this.timeout(60_000);
  let dir: string;
  let clock: SteppedClock;
  let sequence: { last: number };
  let hub: KeptHub;
  let running: KeptHub[];
  const at = (name: string): string => join(dir, name);
  const open = (name: string): KeptHub => {
    const opened = keepHub(at(name), clock, sequence);
    running.push(opened);
    return opened;
  };
  const stop = async (one: KeptHub): Promise<void> => {
    running = running.filter((other) => other !== one);
    await one.stop();
  };
  /** Water that rises, as water does. */
  const rise = async (one: KeptHub): Promise<void> => {
    for (let mm = 30; mm <= 450; mm += 30) await one.minute(mm);
  };
  const fall = async (one: KeptHub): Promise<void> => {
    for (let mm = 420; mm >= 0; mm -= 30) await one.minute(mm);
    for (let i = 0; i < 30; i++) await one.minute(0);
  };
  const backUp = () => makeBackup(at("first"), at("backups"), new Date(), "test");
  const seqs = (one: KeptHub, site: string): number[] =>
    one.journal.read(0, 100_000).flatMap((e) => (e.kind === "pack" && e.site === site ? [e.seq] : []));
  const range = (to: number): number[] => Array.from({ length: to }, (_, i) => i + 1);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-backup-"));
    clock = new SteppedClock(START);
    sequence = { last: 0 };
    running = [];
    for (const name of ["first", "second"]) mkdirSync(at(name));
    hub = open("first");
  });
  afterEach(async () => {
    for (const one of running) await one.stop();
    rmSync(dir, { recursive: true });
  });
  it("made while packs stream in: restored elsewhere, each pack is there once, nothing is told again, nobody skips", async () => {
    for (let i = 0; i < 10; i++) await hub.minute(0);
    await rise(hub);
    await hub.settled();
    assert.deepEqual(hub.sent.map((n) => [n.site, n.level]).slice(-1), [["u1", 4]]);

    let streaming = true;
    const stream = (async () => {
      while (streaming) await hub.minute(450);
    })();
    // In a process of its own, as the command does it.
    const make = program("hub/backup/make");
    const script = `import { makeBackup } from ${JSON.stringify(make.pop())};
      const [dataDir, target] = process.argv.slice(2);
      process.stdout.write(JSON.stringify(makeBackup(dataDir, target, new Date(), "test")));`;
    writeFileSync(at("backup.mjs"), script);
    const child = spawn(process.execPath, [...make, at("backup.mjs"), at("first"), at("backups")], {
      cwd: projectRoot(),
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (data: Buffer) => (out += data.toString()));
    child.stderr.on("data", (data: Buffer) => (err += data.toString()));
    const [code] = (await once(child, "exit")) as [number];
    streaming = false;
    await stream;
    assert.equal(code, 0, err);
    const made = JSON.parse(out) as ReturnType<typeof makeBackup>;
    const upTo = made.manifest.journal!.id / SITES.length;
    // The water goes, comes back, and people are told: none of it is in the backup.
    await fall(hub);
    await hub.settled();
    assert.ok(sequence.last > upTo);
    const told = hub.sent.map((n) => [n.key, n.step, n.level]);
    const alarms = hub.register.transitions().map(({ at: _, ...one }) => one);
    await stop(hub);

    assert.equal(statSync(made.dir).mode & 0o777, 0o700);
    for (const name of readdirSync(made.dir)) assert.equal(statSync(join(made.dir, name)).mode & 0o077, 0, name);
    restoreBackup(at("second"), made.dir, new Date(clock.now()));
    const second = open("second");
    await second.settled();
    for (const site of SITES) {
      assert.deepEqual(seqs(second, site), range(upTo));
      const times = await second.history(site);
      // The history was copied a moment after the journal: it may know more, and knows nothing twice.
      assert.deepEqual(
        times,
        range(times.length).map((minute) => START + minute * 60_000),
      );
      assert.ok(times.length >= upTo);
    }
    // A closure that stands is said again, as it would have been: left to expire, its message says that the road is open.
    assert.deepEqual(
      second.sent.filter((n) => n.renewal === 0),
      [],
    );
    const after = second.register.transitions().map(({ at: _, ...one }) => one);
    assert.deepEqual(after, alarms.slice(0, after.length));

    // What was acknowledged after the backup is gone from this hub, and the ledger says so.
    const lost = sequence.last - upTo;
    for (let i = 0; i < 3; i++) await second.minute(450);
    const [report] = second.journal.ranges("b-u1");
    assert.deepEqual(report.missing, [[upTo + 1, upTo + lost]]);
    // What comes now is told, under identifiers that nobody has seen.
    await fall(second);
    await rise(second);
    await second.settled();
    assert.ok(second.sent.some((n) => n.renewal === 0));
    const epoch = second.register.epoch();
    assert.notEqual(epoch, second.register.epoch(START));
    assert.ok(
      told.length > 0 &&
        second.sent.every((n) => second.register.epoch(second.register.storyOf(n).transition.at) === epoch),
    );
    assert.deepEqual(second.journal.ranges("b-u1")[0].received.at(-1), [upTo + lost + 1, sequence.last]);
    assert.equal(second.journal.received("b-u1", EPOCH, 1, upTo), true);
  });

  it("judges what the rules had not read yet, and tells nobody of it; what was still to be sent is shown as missed", async () => {
    for (let i = 0; i < 5; i++) await hub.minute(0);
    await hub.settled();
    await stop(hub);
    // Rules that had stopped: the journal goes on without them.
    const register = new Database(at("first/register.sqlite"));
    const cursor = register.prepare("SELECT value FROM meta WHERE key = 'cursor'").pluck().get() as string;
    register.close();
    hub = open("first");
    await rise(hub);
    await hub.settled();
    await stop(hub);
    const behind = new Database(at("first/register.sqlite"));
    behind.exec(`DROP TRIGGER transitions_kept; DELETE FROM receipts; DELETE FROM notices; DELETE FROM transitions;
      DELETE FROM alarms; DELETE FROM rule_states; UPDATE meta SET value = '${cursor}' WHERE key = 'cursor'`);
    behind.exec(`INSERT INTO alarms (site, kind, state, level, peak, revision, alert_revision, episode, changed_at, reason,
        figures) VALUES ('u2', 'flood', 'NORM', 0, 0, 0, 0, 0, 1, '', '{}');
      INSERT INTO notices (key, alarm, revision, renewal, step, level, priority, channel, recipient, language, unless_acked,
        state, attempts, created, created_wall, due_at) SELECT 'k', id, 0, 0, 'raise', 2, 3, 'log', '', 'en', 0, 'queued', 0,
        ${clock.now()}, ${clock.now()}, 0 FROM alarms`);
    behind.close();
    const { dir: made } = backUp();
    restoreBackup(at("second"), made, new Date(clock.now()));
    const second = open("second");
    await second.settled();
    const [alarm] = second.register.alarms({ active: true });
    assert.deepEqual([alarm.site, alarm.kind, alarm.level], ["u1", "flood", 4]);
    assert.deepEqual(second.sent, []);
    assert.deepEqual(
      second.register
        .outbox()
        .list()
        .map((n) => [n.key, n.state]),
      [["k", "expired"]],
    );
  });

  it("is refused over a running hub, and a backup with a byte changed, a file gone or cut off touches nothing", async () => {
    await hub.minute(0);
    const { dir: made } = backUp();
    assert.throws(() => restoreBackup(at("first"), made, new Date()), refused("JOURNAL_LOCKED"));
    await stop(hub);
    const before = readdirSync(at("first")).sort();
    const journal = join(made, "journal.sqlite");
    const bytes = readFileSync(journal);
    const altered = Buffer.from(bytes);
    altered[altered.length - 100] ^= 1;
    writeFileSync(journal, altered);
    assert.throws(() => restoreBackup(at("first"), made, new Date()), refused("BACKUP_UNUSABLE"));
    truncateSync(journal, 4096);
    assert.throws(() => restoreBackup(at("first"), made, new Date()), refused("BACKUP_UNUSABLE"));
    writeFileSync(journal, bytes);
    rmSync(join(made, "register.sqlite"));
    assert.throws(() => restoreBackup(at("first"), made, new Date()), refused("BACKUP_UNUSABLE"));
    rmSync(join(made, "manifest.json"));
    assert.throws(() => restoreBackup(at("first"), made, new Date()), refused("BACKUP_UNUSABLE"));
    assert.deepEqual(readdirSync(at("first")).sort(), before);
  });

  it("moves what is there aside; a hub does not start beside a restore that was cut off", async () => {
    await hub.minute(0);
    const { dir: made } = backUp();
    await hub.minute(0);
    await stop(hub);
    const { aside } = restoreBackup(at("first"), made, new Date());
    const old = new Database(join(aside!, "journal.sqlite"), { readonly: true });
    assert.equal(old.prepare("SELECT last_id FROM tally").pluck().get(), 2 * SITES.length);
    old.close();
    checkRestored(at("first"));
    assert.ok(!existsSync(at("first/restore-unfinished")));
    writeFileSync(at("first/restore-unfinished"), made);
    assert.throws(() => checkRestored(at("first")), refused("RESTORE_UNFINISHED"));
    restoreBackup(at("first"), made, new Date(Date.now() + 1));
    checkRestored(at("first"));
    hub = open("first");
    assert.equal(hub.journal.head().id, SITES.length);
  });

  it("of a hub of a newer version is refused before anything is touched", async () => {
    await stop(hub);
    const db = new Database(at("first/registry.sqlite"));
    db.pragma("user_version = 99");
    db.close();
    const { dir: made } = backUp();
    assert.throws(() => restoreBackup(at("second"), made, new Date()), refused("REGISTRY_NEWER"));
    assert.deepEqual(readdirSync(at("second")), ["journal.sqlite.lock"]);
  });
});

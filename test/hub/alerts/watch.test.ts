import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBatch } from "../../../hub/alerts/batch.js";
import { RULES, runRules } from "../../../hub/alerts/index.js";
import { RuleStates } from "../../../hub/alerts/rule-states.js";
import { Register, RegisterConflict } from "../../../hub/alerts/register.js";
import type { RuleSite } from "../../../hub/alerts/rule.js";
import { startWatch, type Watch } from "../../../hub/alerts/watch.js";
import { SteppedClock } from "../../../hub/clock.js";
import { Journal } from "../../../hub/journal.js";
import type { BoardId, Cursor, PackEntry, SiteId } from "../../../hub/model.js";

const START = 1_750_000_000_000;
const SITES: RuleSite[] = ["u1", "u2"].map((id) => ({
  id: id as SiteId,
  type: "underpass",
  district: "Almaly",
  cadenceS: 60,
  settings: {},
}));

async function until(what: string, done: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !done(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
}

describe("watch over the flows", () => {
  let dir: string;
  let clock: SteppedClock;
  let journal: Journal;
  let register: Register;
  let watch: Watch | null;
  let seq: number;
  let logged: string[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-watch-"));
    clock = new SteppedClock(START);
    journal = Journal.open(join(dir, "journal.sqlite"));
    register = Register.open(join(dir, "register.sqlite"), clock);
    watch = null;
    seq = 0;
    logged = [];
  });
  afterEach(async () => {
    watch?.stop();
    register.close();
    await journal.close();
    rmSync(dir, { recursive: true });
  });

  function start(staleAfterMs: number, probationMs = staleAfterMs): void {
    const deps = { register, journal, clock, sites: () => SITES, channels: ["log"], since: () => START };
    const log = (line: string) => logged.push(line);
    const judged = (cursor: Cursor) => journal.settle("flows", cursor.id);
    const judgedTo = () => journal.cursor("flows").id;
    watch = startWatch({ ...deps, language: "ru", log, staleAfterMs, probationMs, everyMs: 5, judged, judgedTo });
  }

  async function minute(site: string, depth: number): Promise<void> {
    clock.advance(60_000);
    const time = clock.now();
    const entry: PackEntry = {
      kind: "pack",
      board: `b-${site}` as BoardId,
      epoch: "00000001",
      boot: 1,
      seq: ++seq,
      line: `line ${seq}`,
      source: "test",
      received: time,
      nodeTime: time,
      time,
      timeFrom: "node",
      site: site as SiteId,
      observations: [{ property: "water-depth", value: depth, flag: 1, calibration: 1 }],
    };
    await journal.append(entry);
  }

  /** What the flows do, without Node-RED around it. */
  function flows(): { fence: number; turn(): void } {
    const fence = register.takeFence("flows");
    return {
      fence,
      turn() {
        const batch = readBatch(journal, register.resume(journal.head()), 500, clock.now());
        const evaluations = runRules(batch, new RuleStates(register.states()), SITES);
        register.commit({ fence, cursor: batch.to, now: batch.now, evaluations, notices: [] });
      },
    };
  }
  const levels = (): number[] => register.transitions().map((t) => t.level);

  it("leaves the rules to flows that commit, even empty batches", async () => {
    const running = flows();
    start(1000);
    for (let i = 0; i < 150; i++) {
      running.turn();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(watch?.active(), false);
    assert.equal(register.fence(), running.fence);
  });

  it("raises what the flows would have raised, from where they stopped, and tells of levels 3 and 4", async () => {
    const gone = flows();
    for (const depth of [0, 20, 40, 60]) await minute("u1", depth);
    gone.turn();
    assert.ok(levels().every((level) => level <= 2));
    const before = register.transitions().length;
    for (const depth of [80, 100, 120, 140, 152, 156, 158]) await minute("u1", depth);
    start(20);
    await until("closure", () => levels().includes(3));
    assert.ok(watch?.active());
    assert.ok(register.transitions()[before - 1].level <= 2);
    assert.deepEqual(
      register.claim("log", 10, 1000).map((n) => [n.site, n.level, n.channel, n.to]),
      [["u1", 3, "log", ""]],
    );
    assert.throws(
      () => gone.turn(),
      (e: unknown) => e instanceof RegisterConflict && e.code === "FENCED",
    );
  });

  it("stands down when the flows open again, and no transition is made twice or lost in between", async () => {
    start(20);
    await until("the hub to take over", () => watch?.active() === true);
    for (const depth of [0, 20, 45, 70]) await minute("u1", depth);
    await until("watch level", () => levels().length > 0);
    const back = flows();
    back.turn();
    await until("standing down", () => logged.some((line) => line.includes("stands down")));
    for (const depth of [100, 130, 155, 160]) await minute("u1", depth);
    // Whoever holds the fence judges: these turns race with the watch, which takes over after 20 ms of silence.
    try {
      back.turn();
    } catch (error) {
      assert.ok(error instanceof RegisterConflict);
    }
    await until("closure", () => levels().includes(3));
    const steps = register.transitions().map((t) => [t.step, t.level]);
    assert.equal(new Set(register.transitions().map((t) => t.revision)).size, steps.length);
    assert.deepEqual(
      steps.map(([, level]) => level),
      [...steps.map(([, level]) => level)].sort(),
    );
    assert.equal(register.cursor()?.id, journal.head().id);
  });

  it("does not wait long again for flows that open and commit nothing, and lets the journal forget what it judged", async () => {
    await minute("u1", 0);
    register.takeFence("flows");
    // The flows' first silence is long over when the watch begins; after that its patience is longer than this test's.
    const heard = register.heartbeat.bind(register);
    register.heartbeat = () => ({ ...heard(), steadyMs: -Infinity });
    start(60_000, 20);
    await until("the hub", () => watch?.active() === true);
    register.heartbeat = heard;
    for (let cut = 0; cut < 3; cut++) {
      register.takeFence("flows");
      await until("the flows' turn", () => watch?.active() === false);
      await until("the hub again", () => watch?.active() === true);
    }
    const head = journal.head().id;
    await until("its cursor", () => journal.consumers().some((c) => c.consumer === "flows" && c.id === head));
  });

  it("begins anew, and says so once, where a stored state is malformed, and goes on watching the whole city", async () => {
    const { fence } = flows();
    await minute("u1", 0);
    const broken = ([site, rule, state]: [string, string, object]) => ({
      ...{ site: site as SiteId, rule, state, expectedRevision: 0, events: [] },
    });
    const state = RULES[0].initial() as object;
    const evaluations = [broken(["u1", "flood", {}]), broken(["u2", "flood", { ...state, suspect: {} }])];
    register.commit({ fence, cursor: register.resume(journal.head()), now: START, evaluations, notices: [] });
    start(20);
    for (const depth of [0, 40, 80, 120, 160, 170]) await minute("u1", depth);
    for (const depth of [0, 40, 80, 120, 160, 170]) await minute("u2", depth);
    await until("closure at both", () => {
      const closed = register.transitions().filter((t) => t.kind === "flood" && t.level >= 3);
      return new Set(closed.map((t) => t.site)).size === 2;
    });
    const told = logged.filter((line) => line.startsWith("Rule "));
    assert.deepEqual(told.map((line) => line.split(":")[0]).sort(), ["Rule flood at u1", "Rule flood at u2"]);
    assert.ok(!logged.some((line) => line.includes("failed")));
  });

  it("goes through a backlog without taking it for silence", async () => {
    const written: Promise<void>[] = [];
    for (let i = 0; i < 700; i++) {
      written.push(minute("u1", 0));
      clock.advance(-60_000);
      written.push(minute("u2", 0));
    }
    await Promise.all(written);
    start(20);
    await until("the end of the journal", () => register.cursor()?.id === journal.head().id);
    assert.deepEqual(register.transitions(), []);
  }).timeout(60_000);

  it("judges nothing again when the register was moved away", async () => {
    for (const depth of [0, 60, 80, 100, 120, 140, 152, 156, 158]) await minute("u1", depth);
    start(20);
    await until("closure", () => levels().includes(3));
    await until("its cursor", () => journal.cursor("flows").id === journal.head().id);
    watch?.stop();
    register.close();
    register = Register.open(join(dir, "register-new.sqlite"), clock);
    start(20);
    await until("the first commit", () => register.heartbeat().judgedTo !== null);
    assert.deepEqual(register.cursor(), journal.head());
    assert.deepEqual(register.transitions(), []);
    assert.deepEqual(register.outbox().list(), []);
  });

  it("starts at the end of a journal that was replaced", async () => {
    const running = flows();
    await minute("u1", 0);
    running.turn();
    await journal.close();
    rmSync(dir + "/journal.sqlite", { force: true });
    journal = Journal.open(join(dir, "journal-new.sqlite"));
    for (const depth of [60, 160, 170]) await minute("u1", depth);
    start(20);
    await until("the new journal", () => register.cursor()?.epoch === journal.head().epoch);
    assert.deepEqual(register.transitions(), []);
    for (const depth of [60, 80, 100, 120, 140, 152, 156, 158]) await minute("u1", depth);
    await until("closure", () => levels().includes(3));
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBatch } from "../../../hub/alerts/batch.js";
import { createCatchUp } from "../../../hub/alerts/catch-up.js";
import { runRules } from "../../../hub/alerts/index.js";
import { RuleStates } from "../../../hub/alerts/rule-states.js";
import { Register } from "../../../hub/alerts/register.js";
import type { RuleSite } from "../../../hub/alerts/rule.js";
import { SteppedClock } from "../../../hub/clock.js";
import { Journal } from "../../../hub/journal.js";
import type { PackEntry, SiteId } from "../../../hub/model.js";
import { packEntry } from "../journal-entries.js";

const START = 1_750_000_000_000;
const OUTAGE = 400;
const LANES = { farEntries: 100, firstEntries: 40 };
const SITES = ["u1", "u2"].map((id): RuleSite => ({
  id: id as SiteId,
  type: "underpass",
  district: "Almaly",
  cadenceS: 60,
  settings: {},
}));

describe("the rules after a long outage", () => {
  let dir: string;
  let clock: SteppedClock;
  let journal: Journal;
  let register: Register;
  let seq: number;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-catch-up-"));
    clock = new SteppedClock(START);
    open();
    seq = 0;
  });
  afterEach(async () => {
    await close();
    rmSync(dir, { recursive: true });
  });
  function open(): void {
    journal = Journal.open(join(dir, "journal.sqlite"));
    register = Register.open(join(dir, "register.sqlite"), clock);
  }
  async function close(): Promise<void> {
    register.close();
    await journal.close();
  }

  async function minute(site: string, depth: number, agoMs = 0): Promise<void> {
    clock.advance(30_000);
    const time = clock.now() - agoMs;
    const readings = [{ property: "water-depth", value: depth, flag: 1 as const, calibration: 1 }];
    const about: Partial<PackEntry> = { site: site as SiteId, time, observations: readings };
    await journal.append({ ...packEntry(`b-${site}`, ++seq, seq, 1, clock.now()), ...about });
  }

  /** While nobody runs the rules: a flood at u1 that came and went, and at the end one at u2 that rises. */
  async function outage(): Promise<void> {
    const waiting: Promise<void>[] = [];
    for (let i = 0; i < OUTAGE / 2; i++) {
      const flooded = i > 20 && i < 100;
      waiting.push(minute("u1", flooded ? Math.min(400, (i - 20) * 15) : 0));
      waiting.push(minute("u2", Math.max(0, (i - OUTAGE / 2 + 12) * 15)));
    }
    await Promise.all(waiting);
  }

  /** Whoever runs the rules, as the flows and the hub's watch do. `seen`: the entries of each batch. */
  function runner(lanes = LANES) {
    const order = createCatchUp(journal, lanes);
    const fence = register.takeFence("flows");
    const seen: number[][] = [];
    return {
      seen,
      /** One batch; `lost`: the process ends before its commit. */
      turn(lost = false): boolean {
        const batch = order.next(register.resume(journal.head()), 16, clock.now());
        seen.push(batch.packs.map((pack) => pack.entry));
        if (lost) return true;
        const evaluations = runRules(batch, new RuleStates(register.states()), SITES);
        register.commit({ fence, cursor: batch.to, now: batch.now, evaluations, notices: [] });
        order.committed(batch.to);
        return batch.more;
      },
    };
  }
  const story = (): (string | number)[][] => register.transitions().map((t) => [t.site, t.kind, t.step, t.level]);

  it("sees the newest readings first, then each of the others once, and all that comes meanwhile before them", async () => {
    await outage();
    const run = runner();
    run.turn();
    assert.deepEqual([run.seen[0][0], run.seen[0].length], [OUTAGE - LANES.firstEntries + 1, 16]);
    run.turn();
    assert.equal(run.seen[1][0], OUTAGE - LANES.firstEntries + 17, "a full batch of the newest waits still");
    run.turn();
    assert.equal(run.seen[2][0], 1, "then the backlog has its turn");
    await minute("u1", 0);
    run.turn();
    assert.deepEqual(run.seen[3], [393, 394, 395, 396, 397, 398, 399, 400, 401]);
    while (run.turn());
    const all = run.seen.flat().sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: OUTAGE + 1 }, (_, i) => i + 1),
    );
    assert.equal(register.cursor()?.id, OUTAGE + 1);
  });

  it("raises what is so now at once, and makes no alarm of a flood that came and went", async () => {
    await outage();
    const run = runner();
    for (let i = 0; i < 4; i++) run.turn();
    const risen = story();
    assert.ok(
      risen.some(([site, kind, , level]) => site === "u2" && kind === "flood" && level === 3),
      JSON.stringify(risen),
    );
    while (run.turn());
    assert.deepEqual(story(), risen, "older readings change nothing");
    // In the order of the journal the flood of hours ago would have been told of first.
    const other = Register.open(join(dir, "in-order.sqlite"), clock);
    const batch = readBatch(journal, { epoch: journal.head().epoch, id: 0 }, 200, clock.now());
    assert.ok(
      runRules(batch, new RuleStates(other.states()), SITES).some((e) => e.site === "u1" && e.events.length > 0),
    );
    other.close();
  });

  it("gives a batch again that was not committed", async () => {
    await outage();
    const run = runner();
    run.turn(true);
    run.turn();
    assert.deepEqual(run.seen[0], run.seen[1]);
    run.turn();
    assert.notDeepEqual(run.seen[1], run.seen[2]);
  });

  it("tells every transition once, and loses none, however often it is killed on the way", async () => {
    await outage();
    const whole = runner();
    while (whole.turn());
    const expected = story();
    for (const stopAfter of [1, 3, 4, 9]) {
      register.close();
      rmSync(join(dir, "register.sqlite"));
      register = Register.open(join(dir, "register.sqlite"), clock);
      for (let round = 0, more = true; more; round++) {
        const run = runner();
        for (let i = 0; i < stopAfter && more; i++) more = run.turn();
        if (more && round < 20) run.turn(true);
        await close();
        open();
        // A process that is always killed before the backlog's turn would never get to it.
        if (stopAfter === 1 && round === 20) while (runner({ ...LANES, farEntries: 1000 }).turn());
      }
      assert.deepEqual(story(), expected, `killed after ${stopAfter} batches`);
    }
  });

  it("keeps the journal's order while it is not far behind", async () => {
    for (let i = 0; i < 45; i++) await Promise.all([minute("u1", 0), minute("u2", 0)]);
    const run = runner();
    while (run.turn());
    const all = run.seen.flat();
    assert.deepEqual(
      all,
      Array.from({ length: 90 }, (_, i) => i + 1),
    );
  });

  it("turns to what is new again when it has fallen far behind that, too", async () => {
    await outage();
    const run = runner();
    for (let i = 0; i < 3; i++) run.turn();
    await outage();
    run.turn();
    assert.equal(run.seen[3][0], 2 * OUTAGE - LANES.firstEntries + 1);
    while (run.turn());
    const seen = new Set(run.seen.flat());
    assert.equal(seen.size, 2 * OUTAGE, "and leaves nothing out");
  });
});

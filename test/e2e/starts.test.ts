/**
 * Two days without the hub, in which the post started three times and nobody heard the second start: its readings come
 * newest first behind those of the third. The real pipeline, rule, live view and history.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBatch } from "../../hub/alerts/batch.js";
import { flood } from "../../hub/alerts/flood.js";
import { type AnyRule, runRule } from "../../hub/alerts/index.js";
import type { RuleState } from "../../hub/alerts/protocol.js";
import type { RuleEvent, RuleSite } from "../../hub/alerts/rule.js";
import { LiveBoard } from "../../hub/api/live.js";
import type { Journalled, PackEntry, SiteId } from "../../hub/model.js";
import { History } from "../../hub/outputs/history.js";
import { HELLO, mm, NOW, pipelineRig } from "../hub/pipeline/rig.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PERIOD = 10 * MINUTE;
const SITE: RuleSite = {
  ...{ id: "underpass-1" as SiteId, type: "underpass", district: "Almaly", cadenceS: PERIOD / 1000, settings: {} },
};

describe("an outage of 48 hours over three starts of a post without a clock", function () {
  this.timeout(60_000);
  const r = pipelineRig();
  let dir: string;
  let history: History;
  let live: LiveBoard;
  let state: RuleState | undefined;
  let events: RuleEvent[];
  let judged: number;
  /** Depths that the live view has shown since the third start. */
  let shown: Set<number | null | undefined>;
  /** Since when the hub has been listening. */
  let since: number;
  let start: (boot: number) => ReturnType<typeof r.board>;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-starts-"));
    history = History.open(join(dir, "history.sqlite"), r.clock);
    live = new LiveBoard(history, r.journal, () => r.clock.now());
    const boards = [1, 2, 3].map((boot) => r.board("b1", boot));
    start = (boot) => boards[boot - 1];
    state = undefined;
    events = [];
    judged = 0;
    shown = new Set();
    since = NOW;
  });
  afterEach(async () => {
    await history.close();
    rmSync(dir, { recursive: true });
  });

  /** Everything behind the journal does its work, as after every commit. */
  function follow(): void {
    const { to, ...batch } = readBatch(
      r.journal,
      { epoch: r.journal.head().epoch, id: judged },
      1000,
      r.clock.now(),
      since,
    );
    const found = runRule(flood as unknown as AnyRule, SITE, batch, batch.packs, state);
    if (found !== null) {
      events.push(...found.events);
      state = { site: SITE.id, rule: "flood", revision: 1, state: found.state };
    }
    history.write(r.journal.read(judged, 1000), to.epoch);
    live.catchUp();
    judged = to.id;
  }
  async function say(line: string): Promise<void> {
    assert.equal((await r.send(line)).outcome, "stored");
    follow();
  }
  /** A start measures every ten minutes for so long, unheard: the lines, oldest first. */
  function measures(boot: number, lastsMs: number, depthAt: (uptimeMs: number) => number): string[] {
    const lines: string[] = [];
    for (let uptimeMs = PERIOD; uptimeMs < lastsMs; uptimeMs += PERIOD)
      lines.push(start(boot).pack(mm(3000 - depthAt(uptimeMs)), uptimeMs, null));
    return lines;
  }
  const said = (): string[] => events.map(({ kind, action, level, reason }) => `${kind} ${action} ${level} ${reason}`);
  const depthNow = (): number | null | undefined => live.site("underpass-1")?.["water-depth"]?.value;

  /** Start 1 is heard with this depth for an hour; then the hub is off for 48 hours. */
  async function before(depth: number): Promise<void> {
    await say(start(1).hello(0, HELLO));
    for (let i = 1; i <= 6; i++) {
      r.clock.advance(PERIOD);
      await say(start(1).pack(mm(3000 - depth), i * PERIOD, null));
    }
    events = [];
    r.clock.advance(48 * HOUR);
    since = r.clock.now();
  }

  /** Start 3 greets after 18 h and brings what waits, newest first, and every ten minutes what it measures meanwhile. */
  async function comesBack(depth: number, waiting: string[]): Promise<void> {
    let uptimeMs = 18 * HOUR;
    await say(start(3).hello(uptimeMs, HELLO));
    const lines = [...measures(3, uptimeMs, () => depth).reverse(), ...waiting.reverse()];
    for (const [i, line] of lines.entries()) {
      if (i % 60 === 0) await say(start(3).pack(mm(3000 - depth), (uptimeMs += PERIOD), r.clock.now()));
      r.clock.advance(10_000);
      await say(line);
      shown.add(depthNow());
    }
  }

  /** The order of measuring is the order of the times, and nothing was measured during two starts. */
  async function assertInOrder(): Promise<void> {
    const packs = r.journal.read(0, 10_000).filter((entry): entry is Journalled & PackEntry => entry.kind === "pack");
    const uptimeOf = ({ line }: PackEntry): number => Number(line.split(" ")[4]);
    const byTime = [...packs].sort((a, b) => a.time - b.time);
    const byStart = [...packs].sort((a, b) => a.boot - b.boot || uptimeOf(a) - uptimeOf(b));
    assert.deepEqual(
      byTime.map(({ boot, seq }) => `${boot}.${seq}`),
      byStart.map(({ boot, seq }) => `${boot}.${seq}`),
    );
    const kept = await history.series("underpass-1", "water-depth", NOW - HOUR, r.clock.now() + 1, 10_000);
    assert.deepEqual(
      kept.map(({ time, value }) => [time, value]),
      byTime.map(({ time, observations }) => [time, observations.find((o) => o.property === "water-depth")?.value]),
    );
    for (const { boot, time } of byTime) if (boot === 2) assert.ok(time <= NOW + 31 * HOUR && time > NOW + 6 * HOUR);
  }

  it("raises no flood for water that stood there yesterday", async () => {
    await before(10);
    const one = measures(1, 6 * HOUR, () => 10).slice(6);
    // It came fast and went slowly; newest first, it would look like a street that fills.
    const depthAt = (uptimeMs: number): number => {
      const hours = uptimeMs / HOUR - 4;
      return hours < 0 || hours > 3 ? 10 : 610 - Math.round(200 * hours);
    };
    const two = measures(2, 24 * HOUR, depthAt);
    await comesBack(10, [...one, ...two]);
    assert.deepEqual(said(), []);
    assert.deepEqual([...shown], [10]);
    await assertInOrder();
  });

  it("does not call the road dry because it was dry yesterday", async () => {
    await before(600);
    const one = measures(1, 6 * HOUR, () => 600).slice(6);
    const two = measures(2, 24 * HOUR, () => 0);
    await comesBack(600, [...one, ...two]);
    assert.deepEqual(said(), []);
    assert.deepEqual([...shown], [600]);
    assert.equal((state?.state as { level: number }).level, 4);
    await assertInOrder();
  });

  it("knows nothing of now before the third start has measured, also after the hub was started again", async () => {
    await before(10);
    await say(start(3).hello(1000, HELLO));
    const known = live.site("underpass-1");
    for (const line of measures(2, 24 * HOUR, () => 600)
      .reverse()
      .slice(0, 40)) {
      r.clock.advance(1000);
      await say(line);
    }
    assert.deepEqual([said(), live.site("underpass-1")], [[], known]);
    const fromFile = () => [...history.latest()].map(({ property, value }) => [property, value]);
    const expected = [
      ["distance", 2990],
      ["water-depth", 10],
    ];
    assert.deepEqual(fromFile(), expected);
    r.clock.advance(3 * HOUR);
    await history.maintain();
    assert.deepEqual(fromFile(), expected);
    const points = await history.series("underpass-1", "water-depth", NOW + 2 * HOUR, r.clock.now(), 10_000);
    assert.deepEqual([points.length, [...new Set(points.flatMap(({ why }) => why ?? []))]], [40, ["start-unheard"]]);
  });

  it("lets no quality test compare what is measured now with what was measured then", async () => {
    await before(10);
    await say(start(3).hello(1000, HELLO));
    for (const line of measures(2, HOUR, () => 2000).reverse()) await say(line);
    r.clock.advance(MINUTE);
    await say(start(3).pack(mm(2990), MINUTE, r.clock.now()));
    const [newest] = r.journal.read(r.journal.head().id - 1, 1);
    assert.ok(newest.kind === "pack");
    assert.deepEqual(
      newest.observations.map(({ flag }) => flag),
      [1, 1],
    );
  });
});

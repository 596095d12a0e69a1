/** The hub's own clock: set back, set ahead, and wrong from the start. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { silence } from "../../hub/alerts/silence.js";
import { derive } from "../../hub/calibration/index.js";
import { SteppedClock } from "../../hub/clock.js";
import { watchClock } from "../../hub/clock/watch.js";
import { Journal } from "../../hub/journal.js";
import { startHubClock } from "../../hub/main/clock.js";
import type { PackEntry } from "../../hub/model.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { readingTime } from "../../hub/pipeline/reading-time.js";
import { Registry } from "../../hub/registry.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";

const NOW = Date.UTC(2026, 2, 1, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEARS = 10 * 365 * 24 * HOUR;
const HELLO = { image: "underpass", version: "1", reset: "power", waiting: 0 };

describe("the time of a reading", () => {
  const sure = (): boolean => true;
  const at = (time: number): string => `${time}/s0`;

  it("is the board's, unless that clock was never set, is ahead, or leads elsewhere than its uptime", () => {
    const table: [sent: string, anchor: number | null, sure: boolean, used: number, from: string, why?: string][] = [
      [at(NOW - HOUR), NOW - HOUR, true, NOW - HOUR, "node"],
      [at(Date.UTC(2000, 0, 1)), NOW - HOUR, true, NOW - HOUR + 5000, "anchor", "node-clock-unset"],
      [at(Date.UTC(2000, 0, 1)), null, false, NOW, "received", "node-clock-unset"],
      [at(NOW + 5 * MINUTE), NOW - MINUTE, true, NOW - MINUTE + 5000, "anchor", "node-clock-ahead"],
      [at(NOW + 5 * MINUTE), null, false, NOW, "received", "node-clock-ahead"],
      // A clock that was restarted counts on from some earlier moment.
      [at(Date.UTC(2025, 5, 1)), NOW - HOUR, true, NOW - HOUR + 5000, "anchor", "node-clock-astray"],
      // The hello came under another start of the hub, or took hours in a broker's queue: it proves nothing.
      [at(NOW - 3 * HOUR), NOW - HOUR, false, NOW - 3 * HOUR, "node"],
      ["-", NOW - HOUR, true, NOW - HOUR + 5000, "anchor"],
      ["-", null, false, NOW, "received"],
    ];
    for (const [sent, anchor, known, used, from, why] of table) {
      const { time, timeFrom, timeWhy } = readingTime(sent, 5000, anchor, NOW, null, () => known);
      assert.deepEqual([time, timeFrom, timeWhy], [used, from, why], `${sent} ${anchor}`);
    }
  });

  it("is the hub's own order while the hub's clock cannot be right", () => {
    const wrong = Date.UTC(2000, 0, 1, 2);
    const time = (anchor: number | null, known: boolean) => {
      const found = readingTime(at(NOW), 5000, anchor, wrong, "hub-clock-unsure", () => known);
      assert.deepEqual([found.nodeTime, found.timeWhy], [NOW, "hub-clock-unsure"]);
      return [found.time, found.timeFrom];
    };
    assert.deepEqual(time(wrong - HOUR, true), [wrong - HOUR + 5000, "anchor"]);
    assert.deepEqual(time(wrong - HOUR, false), [wrong, "received"]);
    assert.deepEqual(time(NOW - HOUR, true), [wrong, "received"]);
    assert.deepEqual(time(null, false), [wrong, "received"]);
  });

  it("is history where a later start was heard of, whatever the hub's clock says of when that was", () => {
    const wrong = Date.UTC(2000, 0, 1, 2);
    const found = (received: number, later: number | null, hub: "hub-clock-unsure" | null) => {
      const bound = (believed: number | null | undefined) => Math.min(received, believed ?? received) - MINUTE;
      const { time, timeFrom, timeWhy } = readingTime("-", 5000, null, received, hub, () => false, {
        later: () => later,
        bound,
      });
      return [time, timeFrom, timeWhy];
    };
    assert.deepEqual(found(NOW, NOW - HOUR, null), [NOW - HOUR - MINUTE, "anchor", "start-unheard"]);
    assert.deepEqual(found(NOW, null, null), [NOW - MINUTE, "received", "start-unheard"]);
    // That start's hello came while the hub's clock was wrong, which says nothing now.
    assert.deepEqual(found(NOW, wrong, null), [NOW - MINUTE, "received", "start-unheard"]);
    assert.deepEqual(found(wrong, wrong - HOUR, "hub-clock-unsure"), [
      ...[wrong - HOUR - MINUTE, "anchor", "start-unheard"],
    ]);
    assert.deepEqual(found(wrong, NOW, "hub-clock-unsure"), [wrong - MINUTE, "anchor", "start-unheard"]);
  });

  it("keeps its value and says so for an hour after the hub's clock was set", () => {
    const found = readingTime(at(NOW), 5000, null, NOW, "hub-clock-stepped", sure);
    assert.deepEqual(found, { nodeTime: NOW, time: NOW, timeFrom: "node", timeWhy: "hub-clock-stepped" });
  });
});

describe("the watch over the hub's clock", () => {
  const codes = (watch: ReturnType<typeof watchClock>) => watch.component.check().map((reason) => reason.code);

  it("tells a step from time that passes, however late it looks", () => {
    const clock = new SteppedClock(NOW);
    const watch = watchClock({ clock, newest: null });
    const steps: number[] = [];
    watch.onStep((stepMs) => void steps.push(stepMs));
    clock.advance(3 * HOUR);
    assert.deepEqual([steps, watch.doubt(), watch.settled(), watch.since()], [[], null, true, NOW]);
    clock.step(-HOUR);
    assert.equal(watch.doubt(), "hub-clock-stepped");
    assert.deepEqual([steps, watch.settled(), codes(watch)], [[-HOUR], false, ["stepped"]]);
    // Silence is counted from the moment of the step, by the clock as it is now.
    assert.equal(watch.since(), NOW + 2 * HOUR);
    clock.advance(HOUR);
    assert.deepEqual([watch.doubt(), watch.settled(), codes(watch)], [null, true, []]);
    clock.step(YEARS);
    clock.advance(1000);
    assert.deepEqual(steps, [-HOUR, YEARS]);
    watch.stop();
    assert.equal(clock.nextAt(), null);
  });

  it("takes a small step along without a word", () => {
    const clock = new SteppedClock(NOW);
    const watch = watchClock({ clock, newest: null });
    clock.step(5000);
    assert.deepEqual([watch.since(), watch.doubt(), watch.stats().steps], [NOW + 5000, null, 1]);
    watch.stop();
  });

  it("is unsure before 2025 until the time service sets the clock, and is believed then at once", () => {
    const clock = new SteppedClock(Date.UTC(1970, 0, 1));
    const watch = watchClock({ clock, newest: NOW });
    assert.deepEqual([watch.doubt(), codes(watch), watch.settled()], ["hub-clock-unsure", ["unsure"], false]);
    clock.advance(5 * HOUR);
    assert.equal(watch.doubt(), "hub-clock-unsure");
    clock.step(NOW + HOUR - clock.now());
    assert.deepEqual([watch.doubt(), codes(watch), watch.since()], [null, [], NOW + HOUR]);
    watch.stop();
  });

  it("is unsure behind the journal's newest entry, but no longer than an hour", () => {
    const clock = new SteppedClock(NOW);
    const watch = watchClock({ clock, newest: NOW + HOUR + 2 * MINUTE });
    assert.equal(watch.doubt(), "hub-clock-unsure");
    clock.advance(HOUR - 1);
    assert.equal(watch.doubt(), "hub-clock-unsure");
    clock.advance(1);
    assert.equal(watch.doubt(), null);
    watch.stop();
    const confirmed = watchClock({ clock, newest: clock.now() + HOUR, confirmed: () => true });
    assert.equal(confirmed.doubt(), null);
    confirmed.stop();
  });

  it("deletes nothing for an hour when it starts long after the journal's newest entry", () => {
    const clock = new SteppedClock(NOW + YEARS);
    const watch = watchClock({ clock, newest: NOW });
    assert.deepEqual([watch.settled(), watch.doubt()], [false, null]);
    clock.advance(HOUR);
    assert.equal(watch.settled(), true);
    watch.stop();
  });

  it("says that the time service has reached nobody, and goes by the clock all the same", () => {
    const watch = watchClock({ clock: new SteppedClock(NOW), newest: null, confirmed: () => false });
    assert.deepEqual([codes(watch), watch.doubt()], [["unconfirmed"], null]);
    watch.stop();
  });
});

describe("silence, when the hub's clock is set", () => {
  const settings = silence.defaults;
  const reading = (time: number) => ({ entry: 1, time, property: "distance", value: 1, flag: 1 as const });
  for (const [name, stepMs] of [["back an hour", -HOUR] as const, ["ahead ten years", YEARS] as const])
    it(`raises nothing false and goes on watching: ${name}, and back again`, () => {
      const clock = new SteppedClock(NOW);
      const watch = watchClock({ clock, newest: null });
      let state = silence.initial();
      const raised: string[] = [];
      const tick = (): void => {
        const out = silence.step(state, { type: "tick", now: clock.now(), since: watch.since() }, settings);
        state = out.state;
        raised.push(...out.events.map((event) => event.action));
      };
      const hear = (): void => {
        const out = silence.step(state, { type: "pack", now: clock.now(), readings: [reading(clock.now())] }, settings);
        state = out.state;
      };
      hear();
      for (const step of [stepMs, -stepMs]) {
        clock.advance(MINUTE);
        clock.step(step);
        for (let minute = 0; minute < 14; minute++) {
          tick();
          clock.advance(MINUTE);
        }
        assert.deepEqual(raised, [], "false alarm");
        hear();
      }
      // Three cadences of five minutes without a word are silence, by this clock as by any other.
      for (let minute = 0; minute < 17; minute++) {
        clock.advance(MINUTE);
        tick();
      }
      assert.deepEqual(raised, ["raise"]);
      watch.stop();
    });
});

describe("packs, when the hub's clock is set", () => {
  let dir: string;
  let clock: SteppedClock;
  let journal: Journal;
  let registry: Registry;
  let watch: ReturnType<typeof startHubClock>;
  let accept: ReturnType<typeof createPipeline>["accept"];
  let board: SealedBoard;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-clock-"));
  });
  function open(at: number): void {
    clock = new SteppedClock(at);
    journal = Journal.open(join(dir, "journal.sqlite"));
    registry = Registry.open(join(dir, "registry.sqlite"), clock);
    watch = startHubClock({ clock, journal, log: pino({ enabled: false }) });
    if (!registry.knows("b1")) registry.addBoard("b1", "t");
    const doubt = () => watch.doubt();
    const quality = createQuality();
    accept = createPipeline({ clock, journal, registry, quality, derive, derivedOf: () => [], doubt }).accept;
    board = sealedBoard("b1", "k1", registry.keyOf("b1", "k1")!, "0a0b0c0d", 1);
  }
  async function close(): Promise<void> {
    watch.stop();
    await journal.close();
    registry.close();
  }
  afterEach(async () => {
    await close();
    rmSync(dir, { recursive: true });
  });
  const send = (line: string) => accept(line, { source: "test", withCrc: false });
  async function pack(uptimeMs: number, unixMs: number | null): Promise<PackEntry> {
    await send(board.pack([{ property: DISTANCE, ok: true, value: 1 }], uptimeMs, unixMs));
    const entry = journal.read(journal.head().id - 1, 1)[0];
    assert.ok(entry.kind === "pack");
    return entry;
  }

  for (const [name, stepMs] of [["back an hour", -HOUR] as const, ["ahead ten years", YEARS] as const])
    it(`are placed by the clock as it is now, with both times and the doubt: ${name}`, async () => {
      open(NOW);
      await send(board.hello(1000, HELLO));
      assert.equal((await pack(2000, null)).time, NOW + 1000);
      clock.advance(MINUTE);
      clock.step(stepMs);
      // Nothing has looked yet; the pack itself finds the step. The board still has the time as it was.
      const after = await pack(61_000, NOW + MINUTE);
      const { time, received, nodeTime, timeWhy } = after;
      assert.deepEqual([time - stepMs, received - stepMs, nodeTime], [NOW + MINUTE, NOW + MINUTE, NOW + MINUTE]);
      assert.equal(timeWhy, stepMs < 0 ? "node-clock-ahead" : "node-clock-astray");
      const [, , step] = journal.read(0, 10);
      assert.deepEqual([step.kind, step.kind === "event" && step.event], ["event", "clock"]);
      // It greets, learns the time from the answer, and all agree again.
      await send(board.hello(62_000, HELLO));
      const agreed = await pack(63_000, clock.now());
      assert.deepEqual([agreed.timeFrom, agreed.timeWhy], ["node", "hub-clock-stepped"]);
      clock.advance(HOUR);
      assert.equal((await pack(3_663_000, clock.now())).timeWhy, undefined);
    });

  it("are kept in their order from an unsynchronised start on, and right after the time service's step", async () => {
    open(NOW - HOUR);
    await send(board.hello(1000, HELLO));
    await pack(2000, null);
    await close();
    const wrong = Date.UTC(2000, 0, 1);
    open(wrong);
    board.pack([], 0, null);
    const first = await pack(10_000, NOW - HOUR + 9000);
    assert.deepEqual([first.time, first.timeFrom, first.timeWhy], [wrong, "received", "hub-clock-unsure"]);
    assert.equal(first.nodeTime, NOW - HOUR + 9000);
    clock.advance(MINUTE);
    await send(board.hello(70_000, HELLO));
    const second = await pack(69_000, null);
    assert.deepEqual([second.time, second.timeFrom], [wrong + MINUTE - 1000, "anchor"]);
    clock.step(NOW - clock.now());
    const third = await pack(70_000, null);
    assert.deepEqual([third.time, third.timeFrom, third.timeWhy], [NOW, "anchor", undefined]);
    const kept = journal.read(0, 100).filter((entry) => entry.kind === "pack");
    assert.equal(kept.length, 4);
  });

  it("follow the board's clock, not the anchor that the hub found by a wrong clock before its restart", async () => {
    open(NOW - HOUR);
    await send(board.hello(1000, HELLO));
    await close();
    open(NOW);
    await send(board.hello(2000, HELLO));
    // The earliest hello stands for an hour: it may be this one that took long.
    assert.equal(journal.anchor("b1", "0a0b0c0d", 1), NOW - HOUR - 1000);
    const entry = await pack(3000, NOW + 1000);
    assert.deepEqual([entry.time, entry.timeFrom, entry.timeWhy], [NOW + 1000, "node", undefined]);
    // Once the clock was set here, a hello under it is worth more than one from before.
    clock.step(MINUTE);
    await send(board.hello(4000, HELLO));
    assert.equal(journal.anchor("b1", "0a0b0c0d", 1), NOW + MINUTE - 4000);
  });

  it("do not take a hello from after the step for one from before", async () => {
    open(NOW);
    await send(board.hello(1000, HELLO));
    clock.advance(MINUTE);
    clock.step(-HOUR);
    await send(board.hello(61_000, HELLO));
    assert.equal(watch.doubt(), "hub-clock-stepped");
    assert.equal(journal.anchor("b1", "0a0b0c0d", 1), NOW - 1000 - HOUR);
  });
});

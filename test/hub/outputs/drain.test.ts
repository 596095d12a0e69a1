import assert from "node:assert/strict";
import type { Journal } from "../../../hub/journal.js";
import type { Journalled } from "../../../hub/model.js";
import { startDrain, type Drain, type DrainOptions, type Written } from "../../../hub/outputs/drain.js";
import { openJournal, packEntry, temporaryDir, until } from "./entries.js";

const all = (batch: Journalled[]): Written => ({ done: batch.length, rejected: [] });
const none = (reason = "away"): Written => ({ done: 0, rejected: [], kept: { reason } });

describe("drain", () => {
  let place: { dir: string; remove: () => void };
  let journal: Journal;
  let drains: Drain[];

  beforeEach(() => {
    place = temporaryDir();
    journal = openJournal(place.dir);
    drains = [];
  });

  afterEach(async () => {
    await Promise.all(drains.map((drain) => drain.stop()));
    await journal.close();
    place.remove();
  });

  function drain(write: DrainOptions["write"], more: Partial<DrainOptions> = {}): Drain {
    const started = startDrain({
      consumer: "sink",
      journal,
      write,
      gatherMs: 0,
      firstPauseMs: 1,
      longestPauseMs: 4,
      random: () => 0.5,
      ...more,
    });
    drains.push(started);
    return started;
  }

  async function append(from: number, to: number): Promise<void> {
    await Promise.all(Array.from({ length: to - from + 1 }, (_, i) => journal.append(packEntry(from + i))));
  }

  const seqs = (batch: Journalled[]): number[] => batch.map((entry) => (entry.kind === "pack" ? entry.seq : -1));
  const settledTo = (id: number) => until(`entry ${id} settled`, () => journal.cursor("sink").id === id);

  it("writes what waits and what comes later, in order, and settles it", async () => {
    await append(1, 25);
    const written: number[] = [];
    const sink = drain(async (batch) => (written.push(...seqs(batch)), all(batch)), { batchSize: 10 });
    await settledTo(25);
    await append(26, 30);
    await settledTo(30);
    assert.deepEqual(
      written,
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    assert.equal(sink.stats().accepted, 30);
    assert.equal(sink.stats().lag, 0);
    assert.equal(sink.stats().stuckMs, 0);
  });

  it("settles nothing before the output has accepted it", async () => {
    await append(1, 3);
    let accept: (() => void) | undefined;
    drain((batch) => new Promise((resolve) => (accept = () => resolve(all(batch)))));
    await until("the write", () => accept !== undefined);
    assert.equal(journal.cursor("sink").id, 0);
    accept?.();
    await settledTo(3);
  });

  it("makes a dead letter of what is rejected, with its reason, and moves on", async () => {
    await append(1, 4);
    drain(async (batch) => ({ done: batch.length, rejected: [{ index: 1, reason: "bad-line", detail: "no number" }] }));
    await settledTo(4);
    const letters = journal.deadLetters();
    assert.equal(letters.length, 1);
    const { board, line, reason, detail, consumer, entry } = letters[0];
    assert.deepEqual(
      { board, line, reason, detail, consumer, entry },
      {
        ...{ board: "post-1", line: packEntry(2).line, reason: "bad-line", detail: "no number" },
        ...{ consumer: "sink", entry: 2 },
      },
    );
  });

  it("goes on behind what was accepted of a batch, and buries a rejected item once", async () => {
    await append(1, 6);
    const tries: number[][] = [];
    drain(async (batch) => {
      tries.push(seqs(batch));
      if (tries.length > 1) return all(batch);
      return { done: 3, rejected: [{ index: 2, reason: "bad-line" }], kept: { reason: "busy" } };
    });
    await settledTo(6);
    assert.deepEqual(tries, [
      [1, 2, 3, 4, 5, 6],
      [4, 5, 6],
    ]);
    assert.equal(journal.deadLetters().length, 1);
  });

  it("buries an item once, though it dies between that and its place", async () => {
    await append(1, 6);
    const reject: DrainOptions["write"] = async (batch) => ({
      done: batch.length,
      rejected: batch.flatMap(({ id }, index) => (id === 3 || id === 5 ? [{ index, reason: "bad-line" }] : [])),
    });
    const mortal = new Proxy(journal, {
      get(of, name) {
        if (name === "settle") return () => assert.fail("the process is gone");
        const value: unknown = Reflect.get(of, name, of);
        return typeof value === "function" ? (value.bind(of) as unknown) : value;
      },
    });
    const first = drain(reject, { journal: mortal });
    await until("both letters", () => journal.deadLetters().length === 2);
    await first.stop();
    assert.equal(journal.cursor("sink").id, 0);
    await journal.close();
    journal = openJournal(place.dir);
    drain(reject);
    await settledTo(6);
    assert.deepEqual(
      journal.deadLetters().map(({ consumer, entry }) => [consumer, entry]),
      [
        ["sink", 3],
        ["sink", 5],
      ],
    );
    // Another output has its own word on the same entry.
    drain(reject, { consumer: "other" });
    await until("the other output", () => journal.cursor("other").id === 6);
    assert.equal(journal.deadLetters().length, 4);
  });

  it("keeps what fails, with pauses that double up to the longest, and starts over after a success", async () => {
    await append(1, 2);
    const pauses: unknown[] = [];
    let fails = 4;
    drain(async (batch) => (fails-- > 0 ? none() : all(batch)), {
      firstPauseMs: 4,
      longestPauseMs: 16,
      log: (level, _, detail) => level === "warn" && pauses.push(detail?.pauseMs),
    });
    await settledTo(2);
    assert.deepEqual(pauses, [3, 6, 12, 12]);
    fails = 1;
    await append(3, 3);
    await settledTo(3);
    assert.deepEqual(pauses.slice(4), [3]);
  });

  it("takes Retry-After for seconds, and not for more than ten minutes", async () => {
    await append(1, 1);
    for (const [asked, pause] of [
      [2, 2000],
      [86_400, 600_000],
    ]) {
      const pauses: unknown[] = [];
      const sink = drain(async () => ({ done: 0, rejected: [], kept: { reason: "HTTP 429", retryAfterS: asked } }), {
        random: () => 0,
        log: (_, __, detail) => pauses.push(detail?.pauseMs),
      });
      await until("the pause", () => pauses.length > 0);
      assert.deepEqual(pauses, [pause]);
      await sink.stop();
    }
  });

  it("keeps a batch when the output throws, and says why", async () => {
    await append(1, 1);
    let fails = 1;
    const reasons: unknown[] = [];
    drain(
      async (batch) => {
        if (fails-- > 0) throw new Error("socket hang up");
        return all(batch);
      },
      { log: (_, __, detail) => reasons.push(detail?.reason) },
    );
    await settledTo(1);
    assert.equal(reasons[0], "socket hang up");
  });

  it("shouts when only a person can help, and loses nothing meanwhile", async () => {
    await append(1, 2);
    let refused = true;
    const sink = drain(async (batch) =>
      refused ? { done: 0, rejected: [], kept: { reason: "HTTP 401", needsPerson: true } } : all(batch),
    );
    await until("the state", () => sink.stats().state === "needs-person");
    assert.equal(sink.stats().lastError, "HTTP 401");
    assert.equal(sink.stats().lag, 2);
    assert.ok(sink.stats().stuckMs > 0);
    refused = false;
    await settledTo(2);
  });

  it("never settles past a batch that is kept, though the next one is accepted", async () => {
    await append(1, 4);
    let second = false;
    const write: DrainOptions["write"] = async (batch) => {
      if (seqs(batch)[0] === 1) return none();
      second = true;
      return all(batch);
    };
    const sink = drain(write, { batchSize: 2, inFlight: 2 });
    await until("the second batch", () => second);
    await sink.stop();
    assert.equal(journal.cursor("sink").id, 0);
    const again: number[] = [];
    drain(async (batch) => (again.push(...seqs(batch)), all(batch)));
    await settledTo(4);
    assert.deepEqual(again, [1, 2, 3, 4]);
  });

  it("has no more batches on their way than it may", async () => {
    await append(1, 40);
    let now = 0;
    let most = 0;
    drain(
      async (batch) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 2));
        now--;
        return all(batch);
      },
      { batchSize: 4, inFlight: 2 },
    );
    await settledTo(40);
    assert.equal(most, 2);
  });

  it("waits at stop for the batch on its way", async () => {
    await append(1, 2);
    let accept: (() => void) | undefined;
    const sink = drain((batch) => new Promise((resolve) => (accept = () => resolve(all(batch)))));
    await until("the write", () => accept !== undefined);
    const stopped = sink.stop();
    accept?.();
    await stopped;
    assert.equal(journal.cursor("sink").id, 2);
    assert.equal(sink.stats().state, "stopped");
  });

  it("calls off a write that hangs at stop; the batch stays in the journal", async () => {
    await append(1, 2);
    let hanging = false;
    const sink = drain(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          hanging = true;
          signal.addEventListener("abort", () => reject(new Error("called off")));
        }),
      { stopWithinMs: 10 },
    );
    await until("the write", () => hanging);
    await sink.stop();
    assert.equal(journal.cursor("sink").id, 0);
  });

  it("goes on when the journal could not write for a while", async () => {
    await append(1, 3);
    let full = 3;
    const guarded = {
      head: () => journal.head(),
      cursor: (consumer: string) => journal.cursor(consumer),
      read: (after: number, limit: number) => journal.read(after, limit),
      consumers: () => journal.consumers(),
      removeConsumer: (consumer: string) => journal.removeConsumer(consumer),
      onCommit: journal.onCommit.bind(journal),
      deadLetter: async (letter: Parameters<Journal["deadLetter"]>[0]) => {
        if (full-- > 0) throw new Error("database or disk is full");
        await journal.deadLetter(letter);
      },
      settle: (consumer: string, id: number) => {
        if (full-- > 0) throw new Error("database or disk is full");
        journal.settle(consumer, id);
      },
    };
    drain(async (batch) => ({ done: batch.length, rejected: [{ index: 0, reason: "bad-line" }] }), {
      journal: guarded,
      batchSize: 1,
    });
    await settledTo(3);
    assert.deepEqual(
      journal.deadLetters().map((letter) => letter.entry),
      [1, 2, 3],
    );
  });
});

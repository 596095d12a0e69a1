/** A run with 1,000 packs dropped on purpose: the command names exactly those. */
import assert from "node:assert/strict";
import { EPOCH, HOUR, mm, openRig, START } from "./rig.js";
import type { Rig } from "./rig.js";

const BOARDS = 6;
const PACKS = 300;
const DROPPED = 1000;
const PERIOD = 60_000;

/** Small and seeded, so that a failure can be had again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(list: T[], random: () => number): T[] {
  const out = list.slice();
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

interface Pack {
  board: string;
  boot: number;
  seq: number;
  at: number;
  line: string;
}

/** Every number that the command's table names, with its reason and hour. */
function named(output: string): Map<string, { reason: string; hour: string }> {
  const names = new Map<string, { reason: string; hour: string }>();
  for (const row of output.split("\n").slice(1, -1)) {
    const [board, start, numbers, count, reason, hour] = row.split(/ {2,}/);
    const [first, last = first] = numbers.split("-").map(Number);
    assert.equal(last - first + 1, Number(count));
    for (let seq = first; seq <= last; seq++) {
      const name = `${board} ${start}.${seq}`;
      assert.ok(!names.has(name), `${name} is named twice`);
      names.set(name, { reason, hour });
    }
  }
  return names;
}

describe("aryk ledger after 1,000 dropped packs", () => {
  let r: Rig;
  beforeEach(() => (r = openRig()));
  afterEach(() => r.remove());

  it("names exactly those, each with its reason and hour, whatever came late, twice, or by gap line", async () => {
    const random = seeded(20260301);
    const packs: Pack[] = [];
    for (let b = 0; b < BOARDS; b++) {
      const board = `up-${b}`;
      r.hang(board, `underpass-${b % 4}`);
      for (const boot of [1, 2]) {
        const sealed = r.board(board, boot);
        const begun = START + (boot - 1) * PACKS * PERIOD;
        for (let seq = 1; seq <= PACKS; seq++) {
          const at = begun + seq * PERIOD;
          packs.push({ board, boot, seq, at, line: sealed.pack(mm(2000 + seq), seq * PERIOD, at) });
        }
      }
    }
    r.clock.advance(2 * PACKS * PERIOD + HOUR);
    const nameOf = (p: Pack) => `${p.board} ${EPOCH}.${p.boot}.${p.seq}`;
    // The last number of a start must arrive, or nobody can know that it was given out.
    const droppable = packs.filter((p) => p.seq < PACKS);
    const dropped = new Set(shuffled(droppable, random).slice(0, DROPPED));
    const told = new Set([...dropped].filter(() => random() < 0.4));
    const arriving = packs.filter((p) => !dropped.has(p));
    const late = new Set(arriving.filter((p) => p.seq < PACKS && random() < 0.1));
    // Told as dropped, and arrived all the same: an acknowledgement was lost.
    const mistaken = [...late].slice(0, 25);

    const outcomes = await Promise.all(
      shuffled(
        arriving.filter((p) => !late.has(p)),
        random,
      ).map((p) => r.send(p.line)),
    );
    assert.ok(outcomes.every((one) => one.outcome === "stored"));
    for (let b = 0; b < BOARDS; b++) {
      const board = `up-${b}`;
      const sealed = r.board(board, 3);
      const ranges = [...told, ...mistaken]
        .filter((p) => p.board === board)
        .map((p): [string, number, number] => [`${EPOCH}.${p.boot}`, p.seq, p.seq]);
      for (let i = 0, seq = 1; i < ranges.length; i += 16, seq++) {
        const body = JSON.stringify({ dropped: ranges.slice(i, i + 16) });
        assert.equal((await r.send(sealed.line("gap", seq, seq, "-", body))).outcome, "stored");
      }
    }
    assert.equal(named(await r.command("--missing")).size, DROPPED + late.size);
    await Promise.all([...late].map((p) => r.send(p.line)));
    const again = arriving.filter(() => random() < 0.02);
    assert.ok((await Promise.all(again.map((p) => r.send(p.line)))).every((one) => one.outcome === "duplicate"));
    assert.ok(r.completeness.flush());

    const output = await r.command("--missing");
    const names = named(output);
    assert.match(output, /^1000 numbers are missing\.$/m);
    assert.deepEqual([...names.keys()].sort(), [...dropped].map(nameOf).sort());
    for (const p of dropped) {
      const { reason, hour } = names.get(nameOf(p))!;
      assert.equal(reason, told.has(p) ? "dropped" : "unexplained", nameOf(p));
      assert.equal(hour, new Date(Math.floor(p.at / HOUR) * HOUR).toISOString().slice(0, 16) + "Z", nameOf(p));
    }

    const { total, things } = await r.report();
    assert.equal(total.expected, packs.length);
    assert.equal(total.received, packs.length - DROPPED);
    assert.equal(total.dropped, told.size);
    assert.equal(total.unexplained, DROPPED - told.size);
    assert.equal(total.duplicates, again.length);
    assert.ok(total.late > late.size);
    assert.equal(things.length, BOARDS);
    for (const thing of things) assert.equal(thing.expected, 2 * PACKS);
  });
});

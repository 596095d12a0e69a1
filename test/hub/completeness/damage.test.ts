import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SteppedClock } from "../../../hub/clock.js";
import type { HourReport } from "../../../hub/completeness/counts.js";
import { mendStores } from "../../../hub/store/mend-all.js";
import { Random } from "../../fuzz/random.js";
import { HOUR, mm, openRig, START } from "./rig.js";

const FILE = "completeness.sqlite";
const [BOARDS, HOURS, A_HOUR] = [8, 40, 3];
/** From this hour on the journal keeps everything; of those before, half has left it. */
const KEPT_FROM = START + (HOURS / 2 + 1) * HOUR;

describe("a completeness file that is damaged", function () {
  this.timeout(60_000);
  const clock = new SteppedClock(START + HOURS * HOUR);
  let dir: string;
  let bytes: Buffer;
  let sound: Map<string, HourReport>;
  const whole = (): string => join(dir, "whole");
  const hurt = (): string => join(dir, "hurt");
  const keyOf = ({ board, hour }: HourReport): string => `${board} ${hour}`;

  /** The hours as a hub tells them that is started on the folder. */
  async function hours(folder: string): Promise<HourReport[]> {
    const rig = openRig(folder);
    try {
      rig.clock.advance(HOURS * HOUR);
      assert.ok(rig.completeness.flush());
      return (await rig.report("--hours")).hours;
    } finally {
      await rig.close();
    }
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-ledger-damage-"));
    mkdirSync(whole());
    const rig = openRig(whole());
    const names = Array.from({ length: BOARDS }, (_, i) => `b${i}`);
    for (const name of names) rig.hang(name, `site-${name}`, START);
    const boards = names.map((name) => rig.board(name));
    for (let hour = 0; hour < HOURS; hour++) {
      const lines = boards.flatMap((board) =>
        Array.from({ length: A_HOUR }, (_, i) => board.pack(mm(2000), hour * HOUR + i + 1, rig.clock.now() + i)),
      );
      await Promise.all(lines.map((line, i) => (i === hour ? null : rig.send(line))));
      // A group of its own for each hour, of which the journal later drops the older half.
      rig.completeness.flush();
      rig.clock.advance(HOUR);
    }
    await rig.journal.trim({
      now: rig.clock.now(),
      maxAgeMs: (HOURS / 2) * HOUR,
      maxBytes: Infinity,
      consumers: ["ledger"],
    });
    await rig.close();
    bytes = readFileSync(join(whole(), FILE));
    cpSync(whole(), hurt(), { recursive: true });
    sound = new Map((await hours(hurt())).map((hour) => [keyOf(hour), hour]));
  });
  after(() => rmSync(dir, { recursive: true }));

  function mended(as: Buffer): ReturnType<typeof mendStores> {
    rmSync(hurt(), { recursive: true, force: true });
    cpSync(whole(), hurt(), { recursive: true });
    writeFileSync(join(hurt(), FILE), as);
    const reports = mendStores(hurt(), clock);
    assert.deepEqual(mendStores(hurt(), clock), []);
    return reports;
  }

  it("is found at the start; what the journal keeps is counted anew, what it does not is taken over, nothing is counted twice", async () => {
    const random = new Random(5);
    let mendings = 0;
    for (let i = 0; i < 24; i++) {
      const as = Buffer.from(bytes);
      const page = random.below(Math.floor(as.length / 4096)) * 4096;
      if (i % 3 === 0) as.fill(random.below(256), page === 0 ? 4096 : page, page + 4096);
      else as[page + random.below(i % 3 === 1 ? 16 : 4096)] ^= 1 << random.below(8);
      const reports = mended(as);
      if (reports.length > 0) {
        mendings++;
        assert.deepEqual([reports.length, reports[0]?.store], [1, "completeness"]);
      }
      let found: HourReport[];
      try {
        found = await hours(hurt());
      } catch (error) {
        assert.match(String((error as { code?: string }).code ?? (error as Error).cause), /CORRUPT|malformed/);
        await new Promise(setImmediate);
        // Deep in the hours, where a start does not look: found in use, mended at the next one.
        assert.equal(mendStores(hurt(), clock).length, 1);
        found = await hours(hurt());
        mendings++;
      }
      const of = new Map(found.map((hour) => [keyOf(hour), hour]));
      let astray = 0;
      for (const [key, was] of sound) {
        if (was.received === 0) continue;
        const is = of.get(key);
        if (JSON.stringify(is) === JSON.stringify(was)) continue;
        // A single bit may put one hour in the place of another, or shorten a page: nothing tells that in little time.
        if (i % 3 > 0) astray++;
        else assert.ok(was.hour < KEPT_FROM && (is?.received ?? 0) <= was.received, `turn ${i}, ${key}`);
      }
      assert.ok(astray <= 60, `turn ${i}: ${astray} hours are not what they were`);
    }
    assert.ok(mendings > 8, String(mendings));
  });

  it("loses only hours that stood on the lost page", async () => {
    // All of the file can be read, but its first table's description cannot.
    const as = Buffer.from(bytes);
    as.fill(0, 0, 16);
    const [report] = mended(as);
    assert.equal(report?.store, "completeness");
    const of = new Map((await hours(hurt())).map((hour) => [keyOf(hour), hour]));
    assert.deepEqual(of, sound);
  });

  it("is found by what it says of itself, also where SQLite sees nothing", async () => {
    const at = bytes.indexOf('{"epoch":');
    assert.ok(at > 0);
    const as = Buffer.from(bytes);
    as[at] ^= 1;
    assert.deepEqual(mended(as)[0]?.because, ["its cursor was altered"]);
    assert.deepEqual(new Map((await hours(hurt())).map((hour) => [keyOf(hour), hour])), sound);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { toSerial } from "../../../firmware/wire/line.js";
import { SteppedClock } from "../../../hub/clock.js";
import { startRecording } from "../../../hub/inputs/record.js";
import type { ReplayInput, ReplayOptions } from "../../../hub/inputs/replay.js";
import { startReplay } from "../../../hub/inputs/replay.js";
import type { Door } from "../../rig/sealed.js";
import { memoryDoor, packLine, until } from "../../rig/sealed.js";

const log = pino({ level: "silent" });

describe("hub/inputs/replay and record", () => {
  let dir: string;
  let file: string;
  let door: Door;
  let clock: SteppedClock;
  let input: ReplayInput | undefined;

  async function start(more: Partial<ReplayOptions> = {}): Promise<ReplayInput> {
    input = await startReplay({ file, pace: "fast", clock, retryBaseMs: 1, ...more }, door.accept, log);
    return input;
  }

  const seqs = (): number[] => door.calls.map((call) => Number(call.line.split(" ")[3].split(".")[2]));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-replay-"));
    file = join(dir, "day.tsv");
    door = memoryDoor();
    clock = new SteppedClock(5_000_000);
  });

  afterEach(async () => {
    door.release();
    await input?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it("gives back what was recorded, byte for byte and in order", async () => {
    const recording = await startRecording(file, clock);
    const recorded = memoryDoor();
    const accept = recording.wrap(recorded.accept);
    await accept(packLine("post-1", 1), { source: "mqtt", withCrc: false });
    clock.advance(1500);
    await accept("noise" + toSerial(packLine("post-2", 1)).trimEnd(), { source: "serial", withCrc: true });
    await accept("no line", { source: "mqtt", withCrc: false });
    await recording.stop();
    assert.deepEqual(recording.stats(), { rows: 2, faults: { "not-a-line": 1 } });
    assert.equal(readFileSync(file, "utf8"), `5000000\t${packLine("post-1", 1)}\n5001500\t${packLine("post-2", 1)}\n`);
    assert.equal(recorded.calls.length, 3);
    await (
      await start()
    ).done;
    assert.deepEqual([...door.stored], [...recorded.stored]);
    assert.deepEqual(door.calls[0], { line: packLine("post-1", 1), source: "replay:day.tsv", board: undefined });
  });

  it("keeps the pace of the recording by the hub's clock", async () => {
    const at = [100, 160, 160, 1_000];
    writeFileSync(file, at.map((ms, i) => `${ms}\t${packLine("post-1", i + 1)}\n`).join(""));
    const replay = await start({ pace: "clock" });
    await until("the first row", () => door.calls.length === 1 && replay.stats().rows === 2);
    clock.advance(59);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seqs(), [1]);
    clock.advance(1);
    await until("the next two", () => door.calls.length === 3 && replay.stats().rows === 4);
    clock.advance(840);
    await replay.done;
    assert.deepEqual(seqs(), [1, 2, 3, 4]);
  });

  it("counts malformed rows by name and goes on", async () => {
    const rows = ["no tab", "12x\tline", "\tline", "1\tnonsense", "x".repeat(9000), "", "7\t" + packLine("post-1", 1)];
    writeFileSync(file, rows.join("\r\n") + "\n8\t" + packLine("post-1", 2));
    const replay = await start();
    await replay.done;
    assert.deepEqual(replay.stats().faults, {
      "row:no-tab": 2,
      "row:bad-time": 2,
      "row:overlong": 1,
      "not-a-line": 1,
    });
    assert.equal(door.stored.size, 2);
  });

  it("tries a line again that could not be committed, and waits for the journal", async () => {
    writeFileSync(file, Array.from({ length: 50 }, (_, i) => `${i}\t${packLine("post-1", i + 1)}\n`).join(""));
    door.fail(true);
    const replay = await start({ window: 4 });
    await until("failures", () => replay.stats().failed >= 8);
    assert.equal(replay.stats().inFlight <= 4, true);
    assert.ok(replay.stats().rows <= 5);
    door.fail(false);
    await replay.done;
    assert.equal(door.stored.size, 50);
  });

  it("stops in the middle", async () => {
    writeFileSync(file, `1\t${packLine("post-1", 1)}\n999999\t${packLine("post-1", 2)}\n`);
    const replay = await start({ pace: "clock" });
    await until("the first", () => door.stored.size === 1);
    await replay.stop();
    clock.advance(1_000_000);
    assert.equal(door.calls.length, 1);
  });

  it("says which file it cannot read or write", async () => {
    await assert.rejects(start({ file: join(dir, "absent") }), { code: "REPLAY_FILE" });
    await assert.rejects(startRecording(join(dir, "no", "such"), clock), { code: "RECORD_FILE" });
  });
});

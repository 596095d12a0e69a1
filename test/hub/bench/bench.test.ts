import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DRIVE_MOST_V } from "../../../hardware/bench/wiring.js";
import { planOf } from "../../../hardware/bench/plan.js";
import { siteType } from "../../../hardware/sites.js";
import { openRig } from "../../../hub/bench/rig.js";
import type { BenchDeps, SheetBody } from "../../../hub/bench/run.js";
import { realClock } from "../../../hub/clock.js";
import { Registry } from "../../../hub/registry.js";
import { program } from "../../rig/program.js";
import { until } from "../../rig/sealed.js";
import { failed, firmwareFor, ran, testOn } from "./test-on.js";
import { BOARD, layDesk, SOUND, SPEED } from "./desk.js";
import type { Desk, Faults } from "./desk.js";

const TYPE = siteType("underpass-barrier")!;
const PLAN = planOf(TYPE, TYPE.builds[0]);
describe("aryk bench on real Firmata firmware, before a board that runs its image", function () {
  this.timeout(180_000);
  let desk: Desk;
  let registry: Registry;

  before(async function () {
    const file = await firmwareFor(this);
    desk = await layDesk(file, TYPE.name, TYPE.builds[0], SPEED);
    writeFileSync(desk.config, JSON.stringify({ dataDir: desk.dir }));
    registry = Registry.open(join(desk.dir, "registry.sqlite"), realClock);
  });
  after(async () => {
    registry?.close();
    await desk?.close();
  });
  beforeEach(async () => {
    // A real Uno starts anew whenever its port is opened; this one only with its supply.
    await desk.uno.unplug();
    await desk.uno.plug();
    Object.assign(desk.faults, SOUND);
    desk.wereClosed();
    desk.highestV();
  });
  afterEach(async () => {
    await until(
      "the relays are open",
      () => !desk.closed("supply") && !desk.closed("contact") && !desk.closed("pulse"),
    );
    assert.ok(desk.highestV() <= DRIVE_MOST_V, "no pin of the node may see more than it bears");
  });

  const test = (wrong: Partial<Faults>, more: Partial<BenchDeps> = {}): Promise<SheetBody> =>
    testOn(desk, registry, PLAN, wrong, more);
  const settings = (): (number | null)[] => {
    registry.refresh();
    return [...registry.desired(BOARD).values.values()].map(({ value }) => value);
  };

  /** Runs the command; `heard` is told the process and all that it has said. */
  async function command(
    args: string[],
    heard: (child: ChildProcess, text: string) => void = () => undefined,
  ): Promise<{ code: number | null; text: string }> {
    const child = spawn(process.execPath, [...program("hub/cli/main"), "-c", desk.config, "bench", ...args]);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => heard(child, (text += chunk.toString())));
    const [code] = (await once(child, "exit")) as [number | null];
    return { code, text };
  }

  it("passes a sound board, whose sheet is kept, and has its own settings again", async () => {
    const { code, text } = await command([BOARD, "--port", desk.uno.path, "--type", TYPE.name]);
    assert.equal(code, 0, text);
    assert.deepEqual(desk.wereClosed().sort(), ["contact", "supply"]);
    assert.ok(settings().length > 0 && settings().every((value) => value === null), text);
    registry.refresh();
    const [note] = registry.sheets(BOARD);
    const sheet = registry.sheet(note.number);
    assert.deepEqual([sheet.result, sheet.why, sheet.image], ["pass", "", "underpass-barrier"]);
    assert.match(sheet.rig, /^aryk .*, StandardFirmata\.ino 2\./);
    const step = sheet.steps.find(({ name }) => name === "pressure i2c1 2.5 V current")!;
    assert.ok(Number(step.measured) > 15.5 && Number(step.least) < Number(step.measured) && Number(step.rigV) > 2.35);
    // Another process reads what this one wrote.
    const last = await command([BOARD, "--last", "--json"]);
    assert.equal(last.code, 0, last.text);
    assert.deepEqual(JSON.parse(last.text), { ...sheet, by: note.by });
  });

  it("fails by name a contact that is stuck and a converter that reads a tenth too much", async () => {
    const sheet = await test({ stuck: "contact", gain: 1.1, absent: "sht31" });
    assert.equal(sheet.result, "fail");
    assert.deepEqual(failed(sheet), [
      ...["sht31 i2c1", "tilt i2c1", "pressure i2c1 0.9 V current", "pressure i2c1 0.9 V head"],
      ...["float contact1 closed", "pressure i2c1 2.5 V current", "pressure i2c1 2.5 V head"],
    ]);
    assert.match(sheet.why, /float contact1 closed/);
    assert.match(sheet.steps.find(({ name }) => name === "sht31 i2c1")?.why ?? "", /temperature, humidity/);
  });

  for (const { during, last, dead, steps } of [
    { during: "the board is waited for", last: "rail 3V3", dead: true, steps: 3 },
    { during: "it is at work", last: "flash", dead: false, steps: 5 },
  ])
    it(`is incomplete when the rig is unplugged while ${during}, whatever was good until then`, async () => {
      const sheet = await test({ dead }, { say: ({ name }) => void (name === last && desk.uno.unplug()) });
      await desk.uno.plug();
      assert.equal(sheet.result, "incomplete");
      assert.match(sheet.why, /the rig is lost/);
      assert.deepEqual([ran(sheet), failed(sheet)], [steps, []]);
      registry.close();
      registry = Registry.open(join(desk.dir, "registry.sqlite"), realClock);
      assert.equal(registry.sheets(BOARD).at(-1)?.result, "incomplete");
    });

  it("is incomplete when the rig is not there", async () => {
    const sheet = await test({}, { openRig: () => openRig({ path: "/dev/ttyNone" }) });
    assert.deepEqual([sheet.result, ran(sheet)], ["incomplete", 0]);
    assert.match(sheet.why, /no such port/);
  });

  it("is incomplete when the board is silent", async () => {
    const sheet = await test({ dead: true }, { patienceMs: 1000 });
    assert.equal(sheet.result, "incomplete");
    assert.match(sheet.why, /desk-1 was not heard within 1 s/);
    assert.equal(ran(sheet), 3);
  });

  it("opens the relays and keeps what it has found at Ctrl-C, however often", async () => {
    desk.faults.dead = true;
    const { code, text } = await command([BOARD, "--port", desk.uno.path, "--type", TYPE.name], (child, said) => {
      if (said.includes("rail 3V3") && !said.includes("INCOMPLETE")) child.kill("SIGINT");
    });
    assert.equal(code, 1, text);
    assert.match(text, /INCOMPLETE {2}desk-1 .*: called off/);
    assert.ok(!desk.closed("supply"));
    registry.refresh();
    const note = registry.sheets(BOARD).at(-1)!;
    assert.deepEqual([note.result, note.why, ran(registry.sheet(note.number))], ["incomplete", "called off", 3]);
  });

  it("never feeds a board whose divider is missing", async () => {
    const sheet = await test({ noDivider: true });
    assert.equal(sheet.result, "incomplete");
    assert.match(sheet.why, /the divider's lower resistor is missing/);
    assert.deepEqual(desk.wereClosed(), []);
    assert.ok(desk.highestV() < 0.7);
  });

  it("goes no further with a board that another supply feeds, or whose rail is too high", async () => {
    const fed = await test({ backFeed: true });
    assert.deepEqual([fed.result, failed(fed)], ["fail", ["supply off"]]);
    assert.deepEqual(desk.wereClosed(), []);
    const high = await test({ backFeed: false, rail33: 3.7 });
    assert.deepEqual([high.result, failed(high)], ["fail", ["rail 3V3"]]);
    assert.match(high.why, /nothing further was tried/);
    // Nobody waits for the answer of a board that must not be fed: its supply is off at once.
    const silent = await test({ backFeed: false, rail33: 3.7, dead: true });
    assert.deepEqual([silent.result, failed(silent)], ["fail", ["rail 3V3"]]);
  });

  it("does nothing to a board that hangs at a site: there it would raise alarms", async () => {
    const names = { kk: "a", ru: "a", en: "a" };
    const place = { id: "up-1", type: TYPE.name, names, district: "", lat: 43, lon: 77, settings: {} };
    registry.addSite(place, "anna");
    registry.assign(BOARD, "up-1", Date.now() - 1000, "anna");
    const hanging = await command([BOARD, "--port", desk.uno.path]);
    registry.assign(BOARD, null, Date.now(), "anna");
    assert.equal(hanging.code, 1);
    assert.match(hanging.text, /BOARD_AT_SITE/);
    assert.deepEqual(desk.wereClosed(), []);
  });
});

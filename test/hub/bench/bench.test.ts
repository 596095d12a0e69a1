import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { siteType } from "../../../hardware/sites.js";
import { program } from "../../rig/program.js";
import { BOARD } from "./desk.js";
import { failed, layFor, ran } from "./test-on.js";

const TYPE = siteType("underpass-barrier")!;

describe("aryk bench on real Firmata firmware, before a board that runs its image", function () {
  this.timeout(180_000);
  const laid = layFor(TYPE, TYPE.builds[0]);
  before(() => writeFileSync(laid.desk.config, JSON.stringify({ dataDir: laid.desk.dir })));

  const settings = (): (number | null)[] => {
    laid.registry.refresh();
    return [...laid.registry.desired(BOARD).values.values()].map(({ value }) => value);
  };

  /** Runs the command; `heard` is told the process and all that it has said. */
  async function command(
    args: string[],
    heard: (child: ChildProcess, text: string) => void = () => undefined,
  ): Promise<{ code: number | null; text: string }> {
    const child = spawn(process.execPath, [...program("hub/cli/main"), "-c", laid.desk.config, "bench", ...args]);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => heard(child, (text += chunk.toString())));
    const [code] = (await once(child, "exit")) as [number | null];
    return { code, text };
  }

  it("passes a sound board, whose sheet is kept, and has its own settings again", async () => {
    const { code, text } = await command([BOARD, "--port", laid.desk.uno.path, "--type", TYPE.name]);
    assert.equal(code, 0, text);
    assert.deepEqual(laid.desk.wereClosed().sort(), ["contact", "supply"]);
    assert.ok(settings().length > 0 && settings().every((value) => value === null), text);
    laid.registry.refresh();
    const [note] = laid.registry.sheets(BOARD);
    const sheet = laid.registry.sheet(note.number);
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
    const sheet = await laid.test({ stuck: "contact", gain: 1.1, absent: "sht31" });
    assert.equal(sheet.result, "fail");
    assert.deepEqual(failed(sheet), [
      ...["sht31 i2c1", "tilt i2c1", "pressure i2c1 0.9 V current", "pressure i2c1 0.9 V head"],
      ...["float contact1 closed", "pressure i2c1 2.5 V current", "pressure i2c1 2.5 V head"],
    ]);
    assert.match(sheet.why, /float contact1 closed/);
    assert.match(sheet.steps.find(({ name }) => name === "sht31 i2c1")?.why ?? "", /temperature, humidity/);
  });

  it("opens the relays and keeps what it has found at Ctrl-C, however often", async () => {
    laid.desk.faults.dead = true;
    const { code, text } = await command([BOARD, "--port", laid.desk.uno.path, "--type", TYPE.name], (child, said) => {
      if (said.includes("rail 3V3") && !said.includes("INCOMPLETE")) child.kill("SIGINT");
    });
    assert.equal(code, 1, text);
    assert.match(text, /INCOMPLETE {2}desk-1 .*: called off/);
    assert.ok(!laid.desk.closed("supply"));
    laid.registry.refresh();
    const note = laid.registry.sheets(BOARD).at(-1)!;
    assert.deepEqual([note.result, note.why, ran(laid.registry.sheet(note.number))], ["incomplete", "called off", 3]);
  });

  it("does nothing to a board that hangs at a site: there it would raise alarms", async () => {
    const names = { kk: "a", ru: "a", en: "a" };
    const place = { id: "up-1", type: TYPE.name, names, district: "", lat: 43, lon: 77, settings: {} };
    laid.registry.addSite(place, "anna");
    laid.registry.assign(BOARD, "up-1", Date.now() - 1000, "anna");
    const hanging = await command([BOARD, "--port", laid.desk.uno.path]);
    laid.registry.assign(BOARD, null, Date.now(), "anna");
    assert.equal(hanging.code, 1);
    assert.match(hanging.text, /BOARD_AT_SITE/);
    assert.deepEqual(laid.desk.wereClosed(), []);
  });
});

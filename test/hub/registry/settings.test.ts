import assert from "node:assert/strict";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { SetupError } from "../../../hub/errors.js";
import { importSettingsCsv, settingsToCsv } from "../../../hub/registry/settings-csv.js";
import { askForSettings, settingsOf, settingText } from "../../../hub/registry/settings.js";
import { Registry } from "../../../hub/registry.js";
import { NOW, place, problem, registryRig } from "./rig.js";

/** What is said of a mistake, after its code. */
function mistake(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SetupError, String(error));
    return `${error.code}: ${error.message}`;
  }
  throw new Error("nothing was refused");
}

describe("registry", () => {
  const t = registryRig();
  const ask = (board: string, settings: Record<string, number | null>): number =>
    askForSettings(t.registry, new Map([[board, new Map(Object.entries(settings))]]), NOW, "anna");
  const values = (registry: Registry, board: string) =>
    Object.fromEntries([...registry.desired(board).values].map(([name, { value }]) => [name, value]));
  const fill = (): void => {
    t.registry.addSite(place("canal-1", "canal"), "anna");
    for (const board of ["b1", "b2"]) {
      t.registry.addBoard(board, "anna");
      t.registry.assign(board, "canal-1", NOW - 1, "anna");
    }
  };

  describe("as what boards are asked to be set to", () => {
    it("counts every change, keeps who asked and when, and repeats nothing", () => {
      fill();
      assert.equal(ask("b1", { drySeconds: 600, zeroMm: 4000 }), 2);
      assert.equal(ask("b1", { drySeconds: 600 }), 0);
      assert.equal(ask("b1", { drySeconds: null }), 1);
      assert.equal(ask("b1", { drySeconds: null }), 0);
      assert.equal(t.registry.desired("b1").rev, 3);
      assert.deepEqual(values(t.registry, "b1"), { drySeconds: null, zeroMm: 4000 });
      assert.deepEqual(t.registry.desired("b1").values.get("zeroMm"), { value: 4000, rev: 2, at: NOW, by: "anna" });
      assert.deepEqual(t.registry.desired("b2"), { rev: 0, values: new Map() });
      t.reopen();
      assert.equal(t.registry.desired("b1").rev, 3);
      assert.throws(
        () => t.registry.add([{ kind: "desired", board: "b1", rev: 3, name: "drySeconds", value: 60 }], "anna"),
        /desired.rev/,
      );
    });

    it("refuses what the type of site cannot be set to, names the bounds, and asks for nothing then", () => {
      fill();
      for (const [settings, said] of [
        [{ drySeconds: 1 }, /SETTING_INVALID: b1: drySeconds must be 10 to 86400/],
        [{ zeroMm: 100, drySecond: 60 }, /no setting drySecond .*did you mean drySeconds\?/],
        [{ drySeconds: 100.123456 }, /plain number/],
        [{ drySeconds: NaN }, /must be 10/],
      ] as const)
        assert.match(
          mistake(() => ask("b1", settings)),
          said,
        );
      assert.match(
        mistake(() => ask("b9", { drySeconds: 60 })),
        /^NO_BOARD/,
      );
      t.registry.addBoard("b3", "anna");
      assert.match(
        mistake(() => ask("b3", { drySeconds: 60 })),
        /^BOARD_UNKNOWN_TYPE/,
      );
      assert.equal(t.registry.desired("b1").rev, 0);
    });

    it("knows what each type of site may be set to", () => {
      assert.deepEqual([...settingsOf("eco-post").keys()], ["drySeconds"]);
      assert.deepEqual([...settingsOf("nowhere").keys()], []);
    });

    it("writes values as commands carry them", () => {
      for (const value of [0, -5, 2.5, 86400, 12345678]) assert.equal(settingText(value), String(value));
      for (const value of [NaN, Infinity, 1e21, 1e-7, 123456789, 0.1234567])
        assert.equal(settingText(value), undefined);
    });

    it("goes out as a table and comes in again", () => {
      fill();
      ask("b1", { drySeconds: 600, zeroMm: 4000 });
      ask("b2", { drySeconds: 700 });
      ask("b2", { drySeconds: null });
      const table = settingsToCsv(t.registry.sides());
      assert.equal(table, "board,setting,value\r\nb1,drySeconds,600\r\nb1,zeroMm,4000\r\n");
      assert.equal(importSettingsCsv(t.registry, table, NOW, "carla"), 0);
      const german = "board;setting;value\r\nb1;drySeconds;\r\nb2;zeroMm;4001,5\r\n";
      assert.equal(importSettingsCsv(t.registry, german, NOW, "carla"), 2);
      assert.deepEqual(values(t.registry, "b1"), { drySeconds: null, zeroMm: 4000 });
      assert.equal(values(t.registry, "b2").zeroMm, 4001.5);
      for (const [text, said] of [
        ["board,value\r\n", /line 1/],
        [table + "b1,drySeconds\r\n", /line 4: 2 cells/],
        [table + "b1,drySeconds,soon\r\n", /line 4: soon is no number/],
        [table + "b7,drySeconds,60\r\n", /no board b7/],
      ] as const)
        assert.match(
          mistake(() => importSettingsCsv(t.registry, text, NOW, "carla")),
          said,
        );
    });

    it("goes through a document into another registry, where only what differs is asked for", () => {
      fill();
      ask("b1", { drySeconds: 600, zeroMm: 4000 });
      ask("b1", { zeroMm: null });
      const text = stringify(t.registry.export({ keys: true }));
      const copy = Registry.open(join(t.dir, "copy.sqlite"), t.clock);
      copy.import(parse(text), "carla");
      assert.deepEqual(copy.export({ keys: true }), t.registry.export({ keys: true }));
      assert.deepEqual(values(copy, "b1"), { drySeconds: 600 });
      assert.equal(copy.import(parse(text), "carla"), 0);
      copy.close();
      const document = parse(text) as { boards: { settings?: object }[] };
      document.boards[0].settings = { drySeconds: 5 };
      assert.match(
        problem(() => t.registry.import(document, "carla")),
        /^boards\[0\]\.settings\.drySeconds: drySeconds must be 10/,
      );
    });
  });
});

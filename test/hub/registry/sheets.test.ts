import assert from "node:assert/strict";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Registry } from "../../../hub/registry.js";
import type { SheetStep } from "../../../hub/registry/bench.js";
import type { RowOf } from "../../../hub/registry/rows.js";
import { NOW, problem, registryRig } from "./rig.js";

const STEP: SheetStep = {
  ...{ name: "rail 3V3", did: "supply closed", least: 3.1, most: 3.5, word: null, unit: "V", source: "s", rigV: 3.3 },
  ...{ measured: 3.3, result: "pass", why: "" },
};
const SHEET: RowOf<"bench"> = {
  ...{ kind: "bench", board: "b1", began: NOW, ended: NOW + 60_000, rig: "aryk 1", image: "canal", version: "1" },
  ...{ result: "pass", why: "", steps: [STEP] },
};

describe("sheets of bench tests in the registry", () => {
  const t = registryRig();
  beforeEach(() => void t.registry.addBoard("b1", "anna"));

  it("stay with the board, the newest last, over a reopening", () => {
    t.registry.add([SHEET], "anna");
    const failed: SheetStep = { ...STEP, measured: 3.7, result: "fail" };
    t.registry.add([{ ...SHEET, began: NOW + 1, result: "fail", why: "rail 3V3", steps: [failed] }], "boris");
    t.reopen();
    const notes = t.registry.sheets("b1");
    assert.deepEqual(
      notes.map(({ result, by, began }) => [result, by, began]),
      [
        ["pass", "anna", NOW],
        ["fail", "boris", NOW + 1],
      ],
    );
    assert.deepEqual(t.registry.sheet(notes[0].number), SHEET);
    assert.deepEqual(t.registry.boards()[0].sheets, notes);
  });

  it("are no pass with a step that is none, or without any", () => {
    for (const steps of [[], [STEP, { ...STEP, result: "fail" as const }], [{ ...STEP, result: "not-run" as const }]])
      assert.match(
        problem(() => t.registry.add([{ ...SHEET, steps }], "anna")),
        /bench\.result: is a pass only when every step is one/,
      );
    assert.match(
      problem(() => t.registry.add([{ ...SHEET, ended: NOW - 1 }], "anna")),
      /bench\.ended: must not be before it began/,
    );
    assert.match(
      problem(() => t.registry.add([{ ...SHEET, board: "b2" }], "anna")),
      /no board b2/,
    );
    assert.deepEqual(t.registry.sheets("b1"), []);
  });

  it("go out with the registry and come in again, once, in the name of who made them", () => {
    t.registry.add([SHEET], "anna");
    const text = stringify(t.registry.export({ keys: true }));
    const copy = Registry.open(join(t.dir, "copy.sqlite"), t.clock);
    copy.import(parse(text), "carla");
    assert.deepEqual(copy.export({ keys: true }), t.registry.export({ keys: true }));
    const [note] = copy.sheets("b1");
    assert.deepEqual([copy.sheet(note.number), note.by], [SHEET, "anna"]);
    assert.equal(copy.import(parse(text), "carla"), 0);
    copy.close();
  });

  it("are refused from a document that calls a failed one a pass", () => {
    t.registry.add([SHEET], "anna");
    const document = t.registry.export({ keys: true });
    const [exported] = document.boards![0].sheets!;
    document.boards![0].sheets = [{ ...exported, began: NOW + 5, steps: [] }];
    assert.match(
      problem(() => t.registry.import(document, "carla")),
      /boards\[0\]\.sheets\[0\]\.result/,
    );
    // Nor is one a way to add anything else.
    document.boards![0].sheets = [{ ...exported, began: NOW + 5, kind: "revoke", board: "b1", id: "k1" }];
    assert.match(
      problem(() => t.registry.import(document, "carla")),
      /boards\[0\]\.sheets\[0\].*id/i,
    );
    assert.ok(t.registry.keyOf("b1", "k1") !== undefined);
  });
});

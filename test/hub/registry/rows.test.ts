import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { statSync } from "node:fs";
import { followRuleSites } from "../../../hub/join.js";
import { Registry } from "../../../hub/registry.js";
import { NOW, DAY, place, linear, problem, registryRig } from "./rig.js";

describe("registry", () => {
  const t = registryRig();

  it("numbers sites, and keeps the number of one that is stated anew", () => {
    t.registry.addSite(place("underpass-1"), "anna");
    t.registry.addSite(place("underpass-2"), "anna");
    const moved = t.registry.addSite({ ...place("underpass-1"), lat: 43.3 }, "boris");
    assert.deepEqual([moved.number, moved.lat], [1, 43.3]);
    t.reopen();
    assert.deepEqual(
      t.registry.sites().map((site) => [site.id, site.number, site.lat]),
      [
        ["underpass-1", 1, 43.3],
        ["underpass-2", 2, 43.25],
      ],
    );
    assert.match(
      problem(() => t.registry.addSite(place("underpass-1", "reservoir"), "anna")),
      /site\.type: .*underpass/,
    );
  });

  it("gives every board random keys, rotates and revokes them, and never gives a name twice", () => {
    const first = t.registry.addBoard("b1", "anna");
    t.registry.addBoard("b2", "anna");
    assert.deepEqual([first.keyId, first.key.length], ["k1", 32]);
    assert.notDeepEqual(t.registry.keyOf("b1", "k1"), t.registry.keyOf("b2", "k1"));
    const second = t.registry.addKey("b1", "anna");
    assert.equal(second.keyId, "k2");
    assert.deepEqual(t.registry.keysOf("b1"), [first.key, second.key]);
    t.registry.revokeKey("b1", "k1", "anna");
    t.reopen();
    assert.equal(t.registry.keyOf("b1", "k1"), undefined);
    assert.deepEqual(t.registry.keyOf("b1", "k2"), second.key);
    assert.equal(t.registry.addKey("b1", "anna").keyId, "k3");
    assert.deepEqual(
      [t.registry.boardNumber("b1"), t.registry.boardNumber("b2"), t.registry.boardNumber("b3")],
      [1, 2, 0],
    );
    assert.equal(t.registry.knows("b3"), false);
    assert.match(
      problem(() => t.registry.revokeKey("b1", "k1", "anna")),
      /no key k1 in force/,
    );
    assert.match(
      problem(() => t.registry.addBoard("b1", "anna")),
      /board: board b1 is in the registry already/,
    );
  });

  it("keeps its file, and the files beside it, to its owner", () => {
    t.registry.addBoard("b1", "anna");
    for (const name of [t.file, t.file + "-wal"]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
  });

  it("knows where a board stood at any time, whatever the order in which it was told", () => {
    for (const site of ["underpass-1", "underpass-2"]) t.registry.addSite(place(site), "anna");
    t.registry.addBoard("b1", "anna");
    t.registry.assign("b1", "underpass-2", NOW + 10 * DAY, "anna");
    t.registry.assign("b1", "underpass-1", NOW, "anna");
    t.registry.assign("b1", null, NOW + 5 * DAY, "anna");
    const at = (days: number) => t.registry.siteOf("b1", NOW + days * DAY)?.id;
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(
        [at(-1), at(0), at(4.9), at(5), at(10), at(99)],
        [undefined, "underpass-1", "underpass-1", undefined, "underpass-2", "underpass-2"],
      );
      assert.deepEqual(t.registry.boardsAt("underpass-1", NOW), ["b1"]);
      assert.deepEqual(t.registry.boardsAt("underpass-1", NOW + 11 * DAY), []);
      t.reopen();
    }
    t.registry.assign("b1", "underpass-2", NOW, "boris");
    assert.equal(at(0), "underpass-2");
    assert.match(
      problem(() => t.registry.assign("b1", "nowhere", NOW, "anna")),
      /assign\.site: no site nowhere/,
    );
    assert.match(
      problem(() => t.registry.assign("b9", null, NOW, "anna")),
      /assign\.board: no board b9/,
    );
  });

  it("gives the calibration in force at a time, and refuses one that its model cannot use", () => {
    t.registry.addSite(place("underpass-1"), "anna");
    assert.equal(t.registry.addCalibration(linear("underpass-1", NOW)).number, 1);
    assert.equal(t.registry.addCalibration(linear("underpass-1", NOW + DAY, -1.1)).number, 2);
    t.registry.addCalibration(linear("underpass-1", NOW - DAY, -0.9));
    t.reopen();
    const at = (days: number) => t.registry.calibrationAt("underpass-1", "water-depth", NOW + days * DAY)?.number;
    assert.deepEqual([at(-2), at(-1), at(0), at(0.9), at(1), at(99)], [undefined, 3, 1, 1, 2, 2]);
    assert.deepEqual(t.registry.calibrationAt("underpass-1", "water-depth", NOW), {
      ...linear("underpass-1", NOW),
      number: 1,
    });
    const bad = { ...linear("underpass-1", NOW), params: { input: "distance", gain: "much" } };
    assert.match(
      problem(() => t.registry.addCalibration(bad)),
      /calibration\.params: .*gain/,
    );
    assert.match(
      problem(() => t.registry.addCalibration({ ...linear("underpass-1", NOW), model: "guess" })),
      /calibration\.model: /,
    );
    assert.match(
      problem(() => t.registry.addCalibration({ ...linear("underpass-1", NOW), property: "fill" })),
      /calibration\.property: for sites of type underpass there is: water-depth/,
    );
  });

  it("remembers who said what and when, without the keys, and lets nobody change it", () => {
    t.registry.addSite(place("underpass-1"), "anna");
    t.clock.advance(1000);
    t.registry.addBoard("b1", "boris");
    const key = Buffer.from(t.registry.keyOf("b1", "k1")!).toString("base64url");
    assert.deepEqual(
      t.registry.history().map((row) => [row.number, row.at, row.by, row.kind]),
      [
        [1, NOW, "anna", "site"],
        [2, NOW + 1000, "boris", "board"],
        [3, NOW + 1000, "boris", "key"],
      ],
    );
    assert.ok(!JSON.stringify(t.registry.history()).includes(key));
    assert.deepEqual(
      t.registry.history(1, 1).map((row) => row.number),
      [2],
    );
    const db = new Database(t.file);
    assert.throws(() => db.exec("UPDATE rows SET by = 'x'"), /only added/);
    assert.throws(() => db.exec("DELETE FROM rows"), /only added/);
    db.close();
  });

  it("takes up what another process adds, and tells its listeners", () => {
    let changes = 0;
    const leave = t.registry.onChange(() => changes++);
    const other = Registry.open(t.file, t.clock);
    other.addSite(place("underpass-1"), "anna");
    assert.equal(t.registry.site("underpass-1"), undefined);
    assert.equal(t.registry.refresh(), true);
    assert.equal(t.registry.refresh(), false);
    assert.equal(t.registry.site("underpass-1")?.number, 1);
    other.addSite(place("underpass-2"), "anna");
    other.close();
    assert.equal(t.registry.addSite(place("underpass-3"), "boris").number, 3);
    assert.equal(changes, 2);
    leave();
    t.registry.addBoard("b1", "anna");
    assert.equal(changes, 2);
  });

  it("tells of another process's rows also when they are met by a write of its own that is refused", () => {
    const other = Registry.open(t.file, t.clock);
    try {
      let told = 0;
      t.registry.onChange(() => told++);
      other.addSite(place("underpass-9"), "boris");
      assert.throws(() => t.registry.addSite({ ...place("underpass-10"), lat: 430 }, "anna"));
      assert.equal(told, 1);
      assert.ok(t.registry.site("underpass-9"));
      assert.equal(t.registry.refresh(), false);
    } finally {
      other.close();
    }
  });

  it("gives the rules one list of sites until it changes, by whomever", () => {
    const sites = followRuleSites(t.registry);
    const empty = sites();
    assert.equal(sites(), empty);
    t.registry.addSite(place("underpass-1"), "anna");
    const one = sites();
    assert.deepEqual(
      one.map((site) => site.id),
      ["underpass-1"],
    );
    assert.equal(sites(), one);
    const other = Registry.open(t.file, t.clock);
    other.addSite(place("underpass-2"), "boris");
    other.close();
    t.registry.refresh();
    assert.equal(sites().length, 2);
  });
});

import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SteppedClock } from "../../../hub/clock.js";
import { followRuleSites } from "../../../hub/join.js";
import { Registry } from "../../../hub/registry.js";
import { NOW, DAY, place, linear, problem } from "./rig.js";

describe("registry", () => {
  let dir: string;
  let file: string;
  let clock: SteppedClock;
  let registry: Registry;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-registry-"));
    file = join(dir, "registry.sqlite");
    clock = new SteppedClock(NOW);
    registry = Registry.open(file, clock);
  });
  afterEach(() => {
    registry.close();
    rmSync(dir, { recursive: true });
  });
  const reopen = (): void => {
    registry.close();
    registry = Registry.open(file, clock);
  };

  it("numbers sites, and keeps the number of one that is stated anew", () => {
    registry.addSite(place("underpass-1"), "anna");
    registry.addSite(place("underpass-2"), "anna");
    const moved = registry.addSite({ ...place("underpass-1"), lat: 43.3 }, "boris");
    assert.deepEqual([moved.number, moved.lat], [1, 43.3]);
    reopen();
    assert.deepEqual(
      registry.sites().map((site) => [site.id, site.number, site.lat]),
      [
        ["underpass-1", 1, 43.3],
        ["underpass-2", 2, 43.25],
      ],
    );
    assert.match(
      problem(() => registry.addSite(place("underpass-1", "reservoir"), "anna")),
      /site\.type: .*underpass/,
    );
  });

  it("gives every board random keys, rotates and revokes them, and never gives a name twice", () => {
    const first = registry.addBoard("b1", "anna");
    registry.addBoard("b2", "anna");
    assert.deepEqual([first.keyId, first.key.length], ["k1", 32]);
    assert.notDeepEqual(registry.keyOf("b1", "k1"), registry.keyOf("b2", "k1"));
    const second = registry.addKey("b1", "anna");
    assert.equal(second.keyId, "k2");
    assert.deepEqual(registry.keysOf("b1"), [first.key, second.key]);
    registry.revokeKey("b1", "k1", "anna");
    reopen();
    assert.equal(registry.keyOf("b1", "k1"), undefined);
    assert.deepEqual(registry.keyOf("b1", "k2"), second.key);
    assert.equal(registry.addKey("b1", "anna").keyId, "k3");
    assert.deepEqual([registry.boardNumber("b1"), registry.boardNumber("b2"), registry.boardNumber("b3")], [1, 2, 0]);
    assert.equal(registry.knows("b3"), false);
    assert.match(
      problem(() => registry.revokeKey("b1", "k1", "anna")),
      /no key k1 in force/,
    );
    assert.match(
      problem(() => registry.addBoard("b1", "anna")),
      /board: board b1 is in the registry already/,
    );
  });

  it("keeps its file, and the files beside it, to its owner", () => {
    registry.addBoard("b1", "anna");
    for (const name of [file, file + "-wal"]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
  });

  it("knows where a board stood at any time, whatever the order in which it was told", () => {
    for (const site of ["underpass-1", "underpass-2"]) registry.addSite(place(site), "anna");
    registry.addBoard("b1", "anna");
    registry.assign("b1", "underpass-2", NOW + 10 * DAY, "anna");
    registry.assign("b1", "underpass-1", NOW, "anna");
    registry.assign("b1", null, NOW + 5 * DAY, "anna");
    const at = (days: number) => registry.siteOf("b1", NOW + days * DAY)?.id;
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(
        [at(-1), at(0), at(4.9), at(5), at(10), at(99)],
        [undefined, "underpass-1", "underpass-1", undefined, "underpass-2", "underpass-2"],
      );
      assert.deepEqual(registry.boardsAt("underpass-1", NOW), ["b1"]);
      assert.deepEqual(registry.boardsAt("underpass-1", NOW + 11 * DAY), []);
      reopen();
    }
    registry.assign("b1", "underpass-2", NOW, "boris");
    assert.equal(at(0), "underpass-2");
    assert.match(
      problem(() => registry.assign("b1", "nowhere", NOW, "anna")),
      /assign\.site: no site nowhere/,
    );
    assert.match(
      problem(() => registry.assign("b9", null, NOW, "anna")),
      /assign\.board: no board b9/,
    );
  });

  it("gives the calibration in force at a time, and refuses one that its model cannot use", () => {
    registry.addSite(place("underpass-1"), "anna");
    assert.equal(registry.addCalibration(linear("underpass-1", NOW)).number, 1);
    assert.equal(registry.addCalibration(linear("underpass-1", NOW + DAY, -1.1)).number, 2);
    registry.addCalibration(linear("underpass-1", NOW - DAY, -0.9));
    reopen();
    const at = (days: number) => registry.calibrationAt("underpass-1", "water-depth", NOW + days * DAY)?.number;
    assert.deepEqual([at(-2), at(-1), at(0), at(0.9), at(1), at(99)], [undefined, 3, 1, 1, 2, 2]);
    assert.deepEqual(registry.calibrationAt("underpass-1", "water-depth", NOW), {
      ...linear("underpass-1", NOW),
      number: 1,
    });
    const bad = { ...linear("underpass-1", NOW), params: { input: "distance", gain: "much" } };
    assert.match(
      problem(() => registry.addCalibration(bad)),
      /calibration\.params: .*gain/,
    );
    assert.match(
      problem(() => registry.addCalibration({ ...linear("underpass-1", NOW), model: "guess" })),
      /calibration\.model: /,
    );
    assert.match(
      problem(() => registry.addCalibration({ ...linear("underpass-1", NOW), property: "fill" })),
      /calibration\.property: for sites of type underpass there is: water-depth/,
    );
  });

  it("remembers who said what and when, without the keys, and lets nobody change it", () => {
    registry.addSite(place("underpass-1"), "anna");
    clock.advance(1000);
    registry.addBoard("b1", "boris");
    const key = Buffer.from(registry.keyOf("b1", "k1")!).toString("base64url");
    assert.deepEqual(
      registry.history().map((row) => [row.number, row.at, row.by, row.kind]),
      [
        [1, NOW, "anna", "site"],
        [2, NOW + 1000, "boris", "board"],
        [3, NOW + 1000, "boris", "key"],
      ],
    );
    assert.ok(!JSON.stringify(registry.history()).includes(key));
    assert.deepEqual(
      registry.history(1, 1).map((row) => row.number),
      [2],
    );
    const db = new Database(file);
    assert.throws(() => db.exec("UPDATE rows SET by = 'x'"), /only added/);
    assert.throws(() => db.exec("DELETE FROM rows"), /only added/);
    db.close();
  });

  it("takes up what another process adds, and tells its listeners", () => {
    let changes = 0;
    const leave = registry.onChange(() => changes++);
    const other = Registry.open(file, clock);
    other.addSite(place("underpass-1"), "anna");
    assert.equal(registry.site("underpass-1"), undefined);
    assert.equal(registry.refresh(), true);
    assert.equal(registry.refresh(), false);
    assert.equal(registry.site("underpass-1")?.number, 1);
    other.addSite(place("underpass-2"), "anna");
    other.close();
    assert.equal(registry.addSite(place("underpass-3"), "boris").number, 3);
    assert.equal(changes, 2);
    leave();
    registry.addBoard("b1", "anna");
    assert.equal(changes, 2);
  });

  it("tells of another process's rows also when they are met by a write of its own that is refused", () => {
    const other = Registry.open(file, clock);
    try {
      let told = 0;
      registry.onChange(() => told++);
      other.addSite(place("underpass-9"), "boris");
      assert.throws(() => registry.addSite({ ...place("underpass-10"), lat: 430 }, "anna"));
      assert.equal(told, 1);
      assert.ok(registry.site("underpass-9"));
      assert.equal(registry.refresh(), false);
    } finally {
      other.close();
    }
  });

  it("gives the rules one list of sites until it changes, by whomever", () => {
    const sites = followRuleSites(registry);
    const empty = sites();
    assert.equal(sites(), empty);
    registry.addSite(place("underpass-1"), "anna");
    const one = sites();
    assert.deepEqual(
      one.map((site) => site.id),
      ["underpass-1"],
    );
    assert.equal(sites(), one);
    const other = Registry.open(file, clock);
    other.addSite(place("underpass-2"), "boris");
    other.close();
    registry.refresh();
    assert.equal(sites().length, 2);
  });
});

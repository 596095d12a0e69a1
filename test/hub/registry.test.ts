import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { SteppedClock } from "../../hub/clock.js";
import { SetupError } from "../../hub/errors.js";
import { followRuleSites } from "../../hub/join.js";
import { importSitesCsv, sitesToCsv } from "../../hub/registry/csv.js";
import { registryFromYaml } from "../../hub/registry/yaml.js";
import { Registry } from "../../hub/registry.js";

const NOW = Date.UTC(2026, 2, 1, 8);
const DAY = 86_400_000;

function place(id: string, type = "underpass") {
  const names = { kk: "Өткел", ru: "Проезд", en: "Underpass" };
  const settings: Record<string, number> = type === "underpass" ? { "onMm.3": 150 } : {};
  return { id, type, names, district: "Алмалы", lat: 43.25, lon: 76.93, settings };
}

function linear(site: string, from: number, gain = -1) {
  const params = { input: "distance", gain, offset: 3000 };
  return { site, property: "water-depth", model: "linear", params, from, by: "anna", note: "tape" };
}

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
  const problem = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      assert.ok(error instanceof SetupError, String(error));
      assert.equal(error.code, "REGISTRY_INVALID");
      return error.message;
    }
    throw new Error("nothing was refused");
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

  describe("as a document", () => {
    const fillUp = (): void => {
      registry.addSite(place("underpass-1"), "anna");
      registry.addSite(place("mesh-1", "mesh-container"), "anna");
      registry.addBoard("b1", "anna");
      registry.addBoard("b2", "anna");
      registry.addKey("b2", "anna");
      registry.revokeKey("b2", "k1", "anna");
      registry.assign("b1", "underpass-1", NOW, "anna");
      registry.assign("b1", null, NOW + DAY, "boris");
      registry.addCalibration(linear("underpass-1", NOW));
    };

    it("goes through YAML into another registry whole, and a second time adds nothing", () => {
      fillUp();
      const text = stringify(registry.export({ keys: true }));
      const copy = Registry.open(join(dir, "copy.sqlite"), clock);
      assert.ok(copy.import(parse(text), "carla") > 0);
      assert.deepEqual(copy.export({ keys: true }), registry.export({ keys: true }));
      assert.deepEqual(copy.keyOf("b2", "k2"), registry.keyOf("b2", "k2"));
      assert.equal(copy.keyOf("b2", "k1"), undefined);
      assert.equal(copy.import(parse(text), "carla"), 0);
      copy.close();
      assert.equal(registry.import(parse(text), "carla"), 0);
    });

    it("takes the last time that ISO 8601 writes with four digits of year, and none after it", () => {
      fillUp();
      const last = Date.parse("9999-12-31T23:59:59.999Z");
      registry.addCalibration(linear("underpass-1", last));
      assert.match(
        problem(() => registry.addCalibration(linear("underpass-1", last + 1))),
        /calibration\.from: .*before the year 10000/,
      );
      const copy = Registry.open(join(dir, "copy.sqlite"), clock);
      copy.import(parse(stringify(registry.export({ keys: true }))), "carla");
      assert.deepEqual(copy.export({ keys: true }), registry.export({ keys: true }));
      copy.close();
    });

    it("holds no key unless it is asked for; a new registry then makes new ones", () => {
      fillUp();
      const text = stringify(registry.export());
      assert.ok(!text.includes("key"));
      const copy = Registry.open(join(dir, "copy.sqlite"), clock);
      copy.import(parse(text), "carla");
      assert.equal(copy.keyOf("b1", "k1")?.length, 32);
      assert.notDeepEqual(copy.keyOf("b1", "k1"), registry.keyOf("b1", "k1"));
      copy.close();
    });

    it("is taken over whole or not at all, and every row and field at fault is named", () => {
      fillUp();
      const before = registry.export({ keys: true });
      const rows = registry.history().length;
      const message = problem(() =>
        registry.import(
          {
            format: "aryk-registry/1",
            sites: [
              place("new-1"),
              { ...place("new-2"), lat: 430 },
              { ...place("New 3"), type: "tower" },
              { ...place("new-4"), settings: { "onMM.3": 90 } },
            ],
            boards: [{ board: "b7", assignments: [{ site: "nowhere", from: "2026-03-01T00:00:00+05:00" }] }],
            calibrations: [{ ...linear("new-1", NOW), by: "x", params: {} }],
          },
          "carla",
        ),
      );
      for (const named of [
        /^sites\[1\]\.lat: /m,
        /^sites\[2\]\.id: /m,
        /^sites\[2\]\.type: /m,
        /^sites\[3\]\.settings\.onMM\.3: unknown setting; did you mean onMm\.3\?/m,
        /^boards\[0\]\.assignments\[0\]\.site: no site nowhere/m,
        /^calibrations\[0\]\.params: /m,
      ])
        assert.match(message, named);
      assert.deepEqual(registry.export({ keys: true }), before);
      assert.equal(registry.history().length, rows);
      reopen();
      assert.deepEqual(registry.export({ keys: true }), before);
    });

    it("is refused as text without repeating it, when YAML cannot read it", () => {
      const key = "a".repeat(43);
      for (const text of [
        `boards: [{ key: *${key} }]`,
        `boards: >${key}`,
        `? [${key}]`,
        `&a [*a, ${key}`,
        "}".repeat(9999),
      ]) {
        const message = problem(() => registry.import(registryFromYaml(text), "carla"));
        assert.ok(!message.includes(key) && message.split("\n").length <= 20, message);
      }
      assert.match(
        problem(() => registryFromYaml("&a [*a]")),
        /alias/,
      );
      assert.equal(registry.import(registryFromYaml("format: aryk-registry/1"), "carla"), 0);
    });

    it("is refused when a name stands twice in it, or when it is larger than any city; many names are read at once", () => {
      const twice = problem(() =>
        registryFromYaml("format: aryk-registry/1\nsites:\n  - { id: a, type: b, id: c }\nsites: []"),
      );
      assert.deepEqual(
        twice.split("\n").map((line) => line.slice(0, line.indexOf(":"))),
        ["line 4, column 1", "line 3, column 23"],
      );
      assert.match(
        problem(() => registryFromYaml("#".repeat((16 << 20) + 1))),
        /larger than 16 MiB/,
      );
      // Compared each with each, as many names take longer than this test may.
      const names = Array.from({ length: 100_000 }, (_, i) => `name${i}: 1`);
      assert.equal(Object.keys(registryFromYaml(names.join("\n")) as object).length, names.length);
    });

    it("is refused with its fields named when it has another shape", () => {
      const document = (more: object) => () => registry.import({ format: "aryk-registry/1", ...more }, "carla");
      assert.match(
        problem(() => registry.import({}, "carla")),
        /^format: /,
      );
      assert.match(
        problem(() => registry.import(null, "carla")),
        /^document: /,
      );
      assert.match(problem(document({ sites: [{ id: "a" }] })), /^sites\[0\]\.type: /);
      assert.match(problem(document({ site: [] })), /site/);
      assert.match(
        problem(document({ boards: [{ board: "b1", assignments: [{ site: null, from: "yesterday" }] }] })),
        /boards\[0\]\.assignments\[0\]\.from/,
      );
    });

    it("does not replace a key by another of the same name", () => {
      fillUp();
      const boards = [{ board: "b1", keys: [{ id: "k1", key: Buffer.alloc(32, 1).toString("base64url") }] }];
      assert.match(
        problem(() => registry.import({ format: "aryk-registry/1", boards }, "carla")),
        /boards\[0\]\.keys\[0\]\.id: .*another key k1/,
      );
    });
  });

  describe("as a table of sites", () => {
    const HEAD = "id,type,name_kk,name_ru,name_en,district,lat,lon,settings.onMm.3\r\n";

    it("goes out and comes in again, quotes, commas and line ends included", () => {
      const names = { kk: 'Өткел "Сайран"', ru: "Проезд, южный", en: "Under\npass" };
      registry.addSite({ ...place("underpass-1"), names }, "anna");
      registry.addSite({ ...place("underpass-2"), settings: {} }, "anna");
      const copy = Registry.open(join(dir, "copy.sqlite"), clock);
      assert.equal(importSitesCsv(copy, sitesToCsv(registry.sites()), "carla"), 2);
      assert.deepEqual(copy.sites(), registry.sites());
      copy.close();
    });

    it("comes in as a spreadsheet with semicolons, decimal commas and a byte order mark writes it", () => {
      const row = "underpass-1;underpass;Ө;П;U;Алмалы;43,25;76,93;150\r\n";
      assert.equal(importSitesCsv(registry, "\uFEFF" + HEAD.replaceAll(",", ";") + row, "carla"), 1);
      assert.deepEqual(
        [registry.site("underpass-1")?.lat, registry.site("underpass-1")?.settings],
        [43.25, { "onMm.3": 150 }],
      );
    });

    it("names line and column of a mistake, and takes nothing over", () => {
      const good = "underpass-1,underpass,Ө,П,U,Алмалы,43.25,76.93,\r\n";
      const bad = "underpass-2,underpass,Ө,П,U,Алмалы,north,76.93,\r\n";
      assert.match(
        problem(() => importSitesCsv(registry, HEAD + good + "\r\n" + bad, "carla")),
        /^line 4\.lat: /,
      );
      assert.match(
        problem(() => importSitesCsv(registry, HEAD + good + "underpass-3,x\r\n", "carla")),
        /^line 3: 2 cells/,
      );
      assert.match(
        problem(() => importSitesCsv(registry, HEAD.replace("lat", "breite"), "carla")),
        /no column lat/,
      );
      assert.match(
        problem(() => importSitesCsv(registry, HEAD + '"underpass', "carla")),
        /^line 2: .*never closed/,
      );
      assert.match(
        problem(() => importSitesCsv(registry, "", "carla")),
        /empty/,
      );
      assert.deepEqual(registry.sites(), []);
    });
  });
});

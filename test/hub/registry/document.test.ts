import assert from "node:assert/strict";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { registryFromYaml } from "../../../hub/registry/yaml.js";
import { Registry } from "../../../hub/registry.js";
import { NOW, DAY, place, linear, problem, registryRig } from "./rig.js";

describe("registry", () => {
  const t = registryRig();

  describe("as a document", () => {
    const fillUp = (): void => {
      t.registry.addSite(place("underpass-1"), "anna");
      t.registry.addSite(place("mesh-1", "mesh-container"), "anna");
      t.registry.addBoard("b1", "anna");
      t.registry.addBoard("b2", "anna");
      t.registry.addKey("b2", "anna");
      t.registry.revokeKey("b2", "k1", "anna");
      t.registry.assign("b1", "underpass-1", NOW, "anna");
      t.registry.assign("b1", null, NOW + DAY, "boris");
      t.registry.addCalibration(linear("underpass-1", NOW));
    };

    it("goes through YAML into another registry whole, and a second time adds nothing", () => {
      fillUp();
      const text = stringify(t.registry.export({ keys: true }));
      const copy = Registry.open(join(t.dir, "copy.sqlite"), t.clock);
      assert.ok(copy.import(parse(text), "carla") > 0);
      assert.deepEqual(copy.export({ keys: true }), t.registry.export({ keys: true }));
      assert.deepEqual(copy.keyOf("b2", "k2"), t.registry.keyOf("b2", "k2"));
      assert.equal(copy.keyOf("b2", "k1"), undefined);
      assert.equal(copy.import(parse(text), "carla"), 0);
      copy.close();
      assert.equal(t.registry.import(parse(text), "carla"), 0);
    });

    it("is refused when the parameters of a calibration that is known are nested without end", () => {
      fillUp();
      const document = t.registry.export({ keys: true }) as { calibrations: { params: object }[] };
      let deep: object = {};
      for (let i = 0; i < 50_000; i++) deep = { deep };
      document.calibrations[0].params = deep;
      assert.match(
        problem(() => t.registry.import(document, "carla")),
        /calibrations\[0\]\.params: must not be nested deeper than 16 levels/,
      );
    });

    it("takes the last time that ISO 8601 writes with four digits of year, and none after it", () => {
      fillUp();
      const last = Date.parse("9999-12-31T23:59:59.999Z");
      t.registry.addCalibration(linear("underpass-1", last));
      assert.match(
        problem(() => t.registry.addCalibration(linear("underpass-1", last + 1))),
        /calibration\.from: .*before the year 10000/,
      );
      const copy = Registry.open(join(t.dir, "copy.sqlite"), t.clock);
      copy.import(parse(stringify(t.registry.export({ keys: true }))), "carla");
      assert.deepEqual(copy.export({ keys: true }), t.registry.export({ keys: true }));
      copy.close();
    });

    it("holds no key unless it is asked for; a new registry then makes new ones", () => {
      fillUp();
      const text = stringify(t.registry.export());
      assert.ok(!text.includes("key"));
      const copy = Registry.open(join(t.dir, "copy.sqlite"), t.clock);
      copy.import(parse(text), "carla");
      assert.equal(copy.keyOf("b1", "k1")?.length, 32);
      assert.notDeepEqual(copy.keyOf("b1", "k1"), t.registry.keyOf("b1", "k1"));
      copy.close();
    });

    it("is taken over whole or not at all, and every row and field at fault is named", () => {
      fillUp();
      const before = t.registry.export({ keys: true });
      const rows = t.registry.history().length;
      const message = problem(() =>
        t.registry.import(
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
      assert.deepEqual(t.registry.export({ keys: true }), before);
      assert.equal(t.registry.history().length, rows);
      t.reopen();
      assert.deepEqual(t.registry.export({ keys: true }), before);
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
        const message = problem(() => t.registry.import(registryFromYaml(text), "carla"));
        assert.ok(!message.includes(key) && message.split("\n").length <= 20, message);
      }
      assert.match(
        problem(() => registryFromYaml("&a [*a]")),
        /alias/,
      );
      assert.equal(t.registry.import(registryFromYaml("format: aryk-registry/1"), "carla"), 0);
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
      const document = (more: object) => () => t.registry.import({ format: "aryk-registry/1", ...more }, "carla");
      assert.match(
        problem(() => t.registry.import({}, "carla")),
        /^format: /,
      );
      assert.match(
        problem(() => t.registry.import(null, "carla")),
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
        problem(() => t.registry.import({ format: "aryk-registry/1", boards }, "carla")),
        /boards\[0\]\.keys\[0\]\.id: .*another key k1/,
      );
    });
  });
});

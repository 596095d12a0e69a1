import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SteppedClock } from "../../../hub/clock.js";
import { importSitesCsv, sitesToCsv } from "../../../hub/registry/csv.js";
import { Registry } from "../../../hub/registry.js";
import { NOW, place, problem } from "./rig.js";

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

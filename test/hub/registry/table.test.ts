import assert from "node:assert/strict";
import { join } from "node:path";
import { importSitesCsv, sitesToCsv } from "../../../hub/registry/csv.js";
import { Registry } from "../../../hub/registry.js";
import { place, problem, registryRig } from "./rig.js";

describe("registry", () => {
  const t = registryRig();

  describe("as a table of sites", () => {
    const HEAD = "id,type,name_kk,name_ru,name_en,district,lat,lon,settings.onMm.3\r\n";

    it("goes out and comes in again, quotes, commas and line ends included", () => {
      const names = { kk: 'Өткел "Сайран"', ru: "Проезд, южный", en: "Under\npass" };
      t.registry.addSite({ ...place("underpass-1"), names }, "anna");
      t.registry.addSite({ ...place("underpass-2"), settings: {} }, "anna");
      const copy = Registry.open(join(t.dir, "copy.sqlite"), t.clock);
      assert.equal(importSitesCsv(copy, sitesToCsv(t.registry.sites()), "carla"), 2);
      assert.deepEqual(copy.sites(), t.registry.sites());
      copy.close();
    });

    it("comes in as a spreadsheet with semicolons, decimal commas and a byte order mark writes it", () => {
      const row = "underpass-1;underpass;Ө;П;U;Алмалы;43,25;76,93;150\r\n";
      assert.equal(importSitesCsv(t.registry, "\uFEFF" + HEAD.replaceAll(",", ";") + row, "carla"), 1);
      assert.deepEqual(
        [t.registry.site("underpass-1")?.lat, t.registry.site("underpass-1")?.settings],
        [43.25, { "onMm.3": 150 }],
      );
    });

    it("names line and column of a mistake, and takes nothing over", () => {
      const good = "underpass-1,underpass,Ө,П,U,Алмалы,43.25,76.93,\r\n";
      const bad = "underpass-2,underpass,Ө,П,U,Алмалы,north,76.93,\r\n";
      assert.match(
        problem(() => importSitesCsv(t.registry, HEAD + good + "\r\n" + bad, "carla")),
        /^line 4\.lat: /,
      );
      assert.match(
        problem(() => importSitesCsv(t.registry, HEAD + good + "underpass-3,x\r\n", "carla")),
        /^line 3: 2 cells/,
      );
      assert.match(
        problem(() => importSitesCsv(t.registry, HEAD.replace("lat", "breite"), "carla")),
        /no column lat/,
      );
      assert.match(
        problem(() => importSitesCsv(t.registry, HEAD + '"underpass', "carla")),
        /^line 2: .*never closed/,
      );
      assert.match(
        problem(() => importSitesCsv(t.registry, "", "carla")),
        /empty/,
      );
      assert.deepEqual(t.registry.sites(), []);
    });
  });
});

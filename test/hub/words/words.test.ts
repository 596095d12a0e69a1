import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../hub/root.js";
import { en } from "../../../hub/words/alert.en.js";
import { kk } from "../../../hub/words/alert.kk.js";
import { ru } from "../../../hub/words/alert.ru.js";
import { alertText, districtName, numberText, text, timeText, type AlertFacts } from "../../../hub/words/words.js";

const facts = (more: Partial<AlertFacts>): AlertFacts => ({
  ...{ kind: "flood", step: "raise", level: 3, peak: 3, why: "depth-2-of-3", time: Date.parse("2026-07-01T13:04:00Z") },
  figures: {
    depthMm: 162,
    rateMmPerMin: 21,
    etaMinutes: 3,
    ageMinutes: 4,
    belowMm: 50,
    fillPercent: 97,
    leanDeg: 9.5,
    limitDeg: 3,
    levelMm: 1250,
    limitMm: 1200,
  },
  ...more,
});

describe("words", () => {
  it("has the same keys and the same figures in every language", () => {
    const figures = (said: string): string[] => (said.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      assert.deepEqual(figures(ru[key]), figures(en[key]), key);
      assert.deepEqual(figures(kk[key]), figures(en[key]), key);
    }
    assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
    assert.deepEqual(Object.keys(kk).sort(), Object.keys(en).sort());
  });

  it("writes decimals with a comma in Kazakh and Russian, and Almaty's time", () => {
    assert.equal(numberText("ru", 2.14, 1), "2,1");
    assert.equal(numberText("kk", 2.04, 1), "2");
    assert.equal(numberText("en", 2.14, 1), "2.1");
    assert.equal(timeText(Date.parse("2026-07-01T20:04:00Z")), "01:04");
  });

  it("names districts in every language, and leaves an unknown one alone", () => {
    assert.equal(districtName("kk", "Bostandyk"), "Бостандық");
    assert.equal(districtName("en", "ауэзовский"), "Auezov");
    assert.equal(districtName("ru", "Talgar"), "Talgar");
  });

  it("names every district of the map by its slug", () => {
    const file = join(projectRoot(), "hub", "web", "map", "districts.geojson");
    const map = JSON.parse(readFileSync(file, "utf8")) as {
      features: { properties: { slug: string; name_kk: string; name_ru: string } }[];
    };
    assert.equal(map.features.length, 8);
    for (const { slug, name_kk, name_ru } of map.features.map((feature) => feature.properties)) {
      assert.equal(`${districtName("kk", slug)} ауданы`, name_kk);
      assert.equal(`${districtName("ru", slug)} район`, name_ru);
      assert.match(districtName("en", slug), /^[A-Z]/);
    }
    assert.equal(districtName("en", "jetisu"), "Zhetysu");
  });

  it("says the place first, then what to do, with figures", () => {
    assert.equal(alertText("ru", "Саина", facts({})), "Саина: ЗАКРЫТЬ ПРОЕЗД. Вода 16 см, +2,1 см/мин. Объезжайте.");
    assert.equal(alertText("kk", "Саин", facts({})), "Саин: ЖОЛДЫ ЖАБУ. Су 16 см, +2,1 см/мин. Айналып өтіңіз.");
    assert.equal(alertText("en", "Sain", facts({ level: 2 })), "Sain: water 16 cm, +2.1 cm/min. About 3 min to 15 cm.");
  });

  it("leaves out a rate that is unknown or falling", () => {
    for (const rateMmPerMin of [undefined, -12]) {
      const figures = { depthMm: 110, ...(rateMmPerMin === undefined ? {} : { rateMmPerMin }) };
      assert.equal(alertText("en", "Sain", facts({ level: 2, figures })), "Sain: water 11 cm.");
    }
  });

  it("marks stale evidence with its age", () => {
    const said = alertText("en", "Sain", facts({ why: "stale:depth-2-of-3" }));
    assert.ok(said.endsWith("Measured 4 min ago."), said);
  });

  it("says of a closure that stands since when, and no figure that is old by now", () => {
    const said = (level: 3 | 4) => alertText("en", "S", facts({ level, renewal: 1, why: "stale:depth-2-of-3" }));
    assert.equal(said(3), "S: KEEP THE ROAD CLOSED, flooded since 18:04. Use another way.");
    assert.equal(said(4), "S: STILL DANGER TO LIFE, flooded since 18:04. Do not enter.");
  });

  it("names the sensor that saw the water, or fails, where it was not the echo alone", () => {
    const said = (why: string, more: Partial<AlertFacts> = {}): string => alertText("en", "S", facts({ why, ...more }));
    assert.match(said("float-2-of-3"), /Water 16 cm.*At least, by the float switch\.$/);
    assert.match(said("stale:head-2-of-3"), /By the pressure probe\. Measured 4 min ago\.$/);
    assert.match(said("together"), /Two sensors agree\.$/);
    assert.doesNotMatch(said("float-2-of-3", { renewal: 1 }), /float/);
    assert.match(said("float-denied", { step: "clear" }), /float switch alone .* stays closed/);
    const sensor = { kind: "sensor", level: 0, peak: 0 } as const;
    assert.equal(
      said("echo-missing", sensor),
      "S: no value from the echo sensor for 4 min. The post watches with what is left.",
    );
    assert.match(said("head-contradicts", sensor), /the pressure probe and the echo contradict each other/);
    assert.equal(said("head-contradicts", { ...sensor, step: "clear" }), "S: the pressure probe, in order again.");
  });

  it("says by how much a post leans, and that its levels may be wrong", () => {
    const leans = facts({ kind: "tilt", level: 0, peak: 0, why: "leans", figures: { leanDeg: 12.3, limitDeg: 3 } });
    assert.equal(
      alertText("en", "S", leans),
      "S: leans by 12.3° (3° allowed). Its levels may be wrong. Send a technician.",
    );
    assert.match(alertText("ru", "S", leans), /12,3° .* Направьте техника\.$/);
    assert.match(alertText("kk", "S", leans), /12,3° .* Техник жіберіңіз\.$/);
    const late = { ...leans, why: "stale:leans", figures: { ...leans.figures, ageMinutes: 60 } };
    assert.match(alertText("en", "S", late), /technician\. Measured 60 min ago\.$/);
    assert.equal(alertText("en", "S", { ...leans, step: "clear", why: "upright" }), "S: stands upright again.");
  });

  it("says how an open water stands and moves, and what to look at", () => {
    const high = facts({ kind: "level", level: 0, peak: 0, why: "high", figures: { levelMm: 1254, limitMm: 1200 } });
    assert.equal(
      alertText("en", "K", high),
      "K: water level HIGH, 1.25 m above the site's zero (limit set 1.2 m). Check gates and gratings.",
    );
    const low = { ...high, why: "low", figures: { levelMm: -40, limitMm: 100 } };
    assert.match(alertText("ru", "K", low), /НИЗКИЙ, -0,04 м .* 0,1 м\)/);
    assert.match(alertText("kk", "K", { ...high, step: "clear", why: "back" }), /шекте, 1,25 м\.$/);
    const falls = facts({
      kind: "level-rate",
      level: 0,
      peak: 0,
      why: "falling",
      figures: { levelMm: 800, rateMmPerMin: -25 },
    });
    assert.match(alertText("en", "K", falls), /^K: water FALLS by 2\.5 cm\/min, now 0\.8 m/);
    assert.match(alertText("ru", "K", { ...falls, why: "rising" }), /ПРИБЫВАЕТ на 2,5 см\/мин/);
    assert.match(alertText("kk", "K", { ...falls, step: "clear", why: "back" }), /тоқтады, 0,8 м\.$/);
  });

  it("does not call the road open after a closure, nor water an object that has gone", () => {
    assert.match(alertText("en", "S", facts({ step: "clear" })), /stays closed/);
    assert.match(alertText("en", "S", facts({ step: "reset", level: 0 })), /all clear.* may be opened/);
    assert.match(alertText("en", "S", facts({ step: "clear", level: 1, peak: 2 })), /all clear/);
    const gone = facts({ kind: "suspect", step: "clear", level: 0, peak: 0, why: "moves-like-water" });
    assert.equal(alertText("en", "S", gone), "S: it is water, see the flood alarm.");
  });

  it("leaves no figure unfilled, whatever the alarm", () => {
    for (const language of ["kk", "ru", "en"] as const)
      for (const kind of ["flood", "suspect", "unknown", "silent", "overflow", "tilt", "level", "level-rate"] as const)
        for (const step of ["raise", "escalate", "clear", "reset"] as const)
          for (const level of [0, 1, 2, 3, 4] as const)
            for (const more of [{}, { renewal: 2 }])
              assert.doesNotMatch(
                alertText(language, "x", facts({ kind, step, level, ...more })),
                /[{}]|NaN|undefined/,
              );
    for (const language of ["kk", "ru", "en"] as const)
      for (const part of ["echo", "float", "head"])
        for (const [kind, why] of [
          ["flood", `${part}-2-of-3`],
          ["flood", `${part}-denied`],
          ["sensor", `${part}-missing`],
          ["sensor", `${part}-contradicts`],
        ] as const)
          for (const step of ["raise", "clear", "reset"] as const)
            assert.doesNotMatch(alertText(language, "x", facts({ kind, step, why })), /[{}]|NaN|undefined/);
  });

  it("shows a missing figure instead of hiding it", () => {
    assert.equal(text("en", "storm", { district: "Almaly", n: 6 }).includes("{closed}"), true);
  });

  it("keeps the closing text within two Kazakh SMS parts of 67 letters", () => {
    for (const more of [
      {},
      { renewal: 1 },
      { renewal: 1, level: 4 as const },
      { step: "reset" as const },
      { why: "float-2-of-3" },
    ])
      assert.ok(alertText("kk", "Тимирязев көшесі / Розыбакиев көшесі", facts(more)).length <= 134);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FAULTS } from "../../../firmware/wire/pack.js";
import type { Alarm } from "../../../hub/alerts/protocol.js";
import type { SiteLatest, SiteView } from "../../../hub/api/views.js";
import type { SiteId } from "../../../hub/model.js";
import { projectRoot } from "../../../hub/root.js";
import { age, number, time } from "../../../hub/web/format.js";
import { alarmOrder, byUrgency, reasonsOf, siteState } from "../../../hub/web/state.js";
import { en } from "../../../hub/words/page.en.js";
import { kk } from "../../../hub/words/page.kk.js";
import { ru } from "../../../hub/words/page.ru.js";

const NOW = Date.UTC(2026, 10, 22, 9, 5);
const SITE: SiteView = {
  id: "underpass-1",
  type: "underpass",
  names: { kk: "", ru: "", en: "" },
  district: "almaly",
  lat: 43,
  lon: 77,
  kind: "flood",
  cadenceS: 60,
  silentAfterS: 180,
  stream: null,
};

function depth(value: number | null, flag: 1 | 3 | 4 | 9 = 1, time = NOW - 30_000): SiteLatest {
  return { "water-depth": { time, value, flag, calibration: 1 } };
}

function alarm(kind: Alarm["kind"], level: Alarm["level"], state: Alarm["state"] = "UNACK"): Alarm {
  return {
    ...{
      id: 1,
      site: "underpass-1" as SiteId,
      kind,
      state,
      level,
      peak: level,
      revision: 1,
      raisedAt: NOW,
      goneAt: null,
      changedAt: NOW,
    },
    ...{ reason: "", figures: {}, entry: null, ackedBy: null, ackedAt: null, shelvedUntil: null, shelvedBy: null },
    ...{ shelvedWhy: null, suppressedUntil: null },
  };
}

const judge = (latest: SiteLatest | undefined, ...alarms: Alarm[]) =>
  siteState(SITE, latest, alarms, NOW, "water-depth");

describe("what the page says of a site", () => {
  it("says dry or wet only of fresh, good readings", () => {
    assert.equal(judge(depth(5)).condition, "calm");
    assert.equal(judge(depth(30)).condition, "raised");
    assert.equal(judge(depth(5, 3)).condition, "suspect");
    assert.equal(judge(depth(5, 4)).condition, "failed");
    assert.equal(judge(depth(null, 9)).condition, "failed");
    assert.equal(judge({ distance: { time: NOW, value: 3000, flag: 1, calibration: 0 } }).condition, "uncalibrated");
  });

  it("says unknown of a site that never sent, or is older than three cadences", () => {
    assert.equal(judge(undefined).condition, "silent");
    assert.equal(judge(depth(5, 1, NOW - 180_000)).condition, "calm");
    assert.equal(judge(depth(5, 1, NOW - 180_001)).condition, "silent");
  });

  it("says unknown when the register does, however fresh a reading is, and keeps the level in sight", () => {
    const state = judge(depth(120), alarm("flood", 2), alarm("unknown", 0));
    assert.deepEqual([state.condition, state.level], ["silent", 2]);
  });

  it("shows the standing alarm's level, and not that of one that is over", () => {
    assert.deepEqual(
      [judge(depth(210), alarm("flood", 3)).condition, judge(depth(210), alarm("flood", 3)).level],
      ["alarm", 3],
    );
    assert.equal(judge(depth(5), alarm("flood", 2, "RTN_UNACK")).condition, "calm");
    assert.equal(judge(depth(400, 3), alarm("suspect", 0)).condition, "suspect");
  });

  it("keeps a closure until a person has looked, whatever the readings say", () => {
    for (const state of ["RTN_UNACK", "LATCHED"] as const) {
      const dry = judge(depth(0), alarm("flood", 3, state));
      assert.deepEqual([dry.condition, dry.level, dry.closure?.state], ["closed", 0, state]);
      assert.ok(byUrgency(dry, judge(depth(20))) < 0, "before a dry one");
      assert.ok(byUrgency(dry, judge(undefined)) < 0, "before a blind one");
      assert.equal(judge(depth(null, 9), alarm("flood", 3, state)).condition, "failed");
      assert.equal(judge(undefined, alarm("flood", 4, state)).condition, "silent");
      assert.notEqual(judge(undefined, alarm("flood", 4, state)).closure, null);
    }
    const fallen: Alarm = { ...alarm("flood", 1, "ACKED"), peak: 3 };
    assert.deepEqual([judge(depth(60), fallen).condition, judge(depth(60), fallen).closure], ["alarm", fallen]);
    assert.equal(judge(depth(210), alarm("flood", 3)).closure, null, "it asks for the closure itself");
  });

  it("puts alarms first, then the blind, then the doubtful, then the deepest", () => {
    const states = [
      judge(depth(5)),
      judge(depth(80)),
      judge(undefined),
      judge(depth(400, 3)),
      judge(depth(120), alarm("flood", 2)),
      judge(depth(90)),
      judge(depth(200), alarm("flood", 3)),
    ];
    assert.deepEqual(
      states.sort(byUrgency).map((s) => s.value ?? s.condition),
      [200, 120, "silent", 400, 90, 80, 5],
    );
  });

  it("lists what matters most first: standing before gone, then by level, unknown, the rest", () => {
    const list = [
      alarm("silent", 0),
      alarm("level", 0),
      alarm("tilt", 0),
      alarm("level-rate", 0),
      alarm("overflow", 1),
      alarm("flood", 4, "RTN_UNACK"),
      { ...alarm("flood", 3), shelvedUntil: NOW + 1 },
      alarm("flood", 1),
      alarm("unknown", 0, "ACKED"),
      alarm("suspect", 0),
      alarm("flood", 4, "ACKED"),
      alarm("flood", 2, "RTN_UNACK"),
    ];
    assert.deepEqual(
      list.sort(alarmOrder).map((a) => `${a.kind} ${a.level} ${a.shelvedUntil === null ? a.state : "shelved"}`),
      [
        ...["flood 4 ACKED", "flood 4 RTN_UNACK", "flood 1 UNACK", "unknown 0 ACKED", "suspect 0 UNACK"],
        ...[
          "overflow 1 UNACK",
          "level-rate 0 UNACK",
          "level 0 UNACK",
          "tilt 0 UNACK",
          "silent 0 UNACK",
          "flood 2 RTN_UNACK",
          "flood 3 shelved",
        ],
      ],
    );
  });

  it("lists a closure that stands without its water by its peak, before an overflow and after the same level's flood", () => {
    const fallen = (level: Alarm["level"], state: Alarm["state"]): Alarm => ({
      ...alarm("flood", level, state),
      peak: 3,
    });
    const list = [
      alarm("overflow", 1),
      fallen(0, "LATCHED"),
      alarm("flood", 2),
      fallen(1, "ACKED"),
      fallen(3, "RTN_UNACK"),
      { ...fallen(3, "LATCHED"), shelvedUntil: NOW + 1 },
      alarm("flood", 3, "ACKED"),
    ];
    assert.deepEqual(
      list.sort(alarmOrder).map((a) => `${a.kind} ${a.level} ${a.shelvedUntil === null ? a.state : "shelved"}`),
      [
        ...["flood 3 ACKED", "flood 3 RTN_UNACK", "flood 0 LATCHED", "flood 1 ACKED", "flood 2 UNACK"],
        ...["overflow 1 UNACK", "flood 3 shelved"],
      ],
    );
  });

  it("puts an alarm that nobody has taken before one of the same level that somebody has", () => {
    const taken = { ...alarm("flood", 3, "ACKED"), changedAt: NOW + 5000 };
    assert.deepEqual(
      [taken, alarm("flood", 3)].sort(alarmOrder).map((a) => a.state),
      ["UNACK", "ACKED"],
    );
  });

  it("gives an overflow no flood level", () => {
    const bin = { ...SITE, type: "mesh-container", kind: "waste" };
    const fill = { fill: { time: NOW, value: 99, flag: 1 as const, calibration: 1 } };
    const state = siteState(bin, fill, [alarm("overflow", 1)], NOW, "fill");
    assert.deepEqual([state.condition, state.level], ["alarm", 0]);
    const blind = siteState(bin, undefined, [alarm("overflow", 1)], NOW, "fill");
    assert.deepEqual([blind.condition, blind.stands], ["silent", true]);
    assert.ok(byUrgency(blind, judge(undefined)) < 0, "an overflow that went silent stays in sight");
  });
});

describe("why a reading is not simply good", () => {
  it("is said of a derived value with the reasons of the input that it lacks", () => {
    const latest: SiteLatest = {
      "water-depth": { time: NOW, value: null, flag: 9, calibration: 1, why: ["input:distance"] },
      distance: { time: NOW, value: null, flag: 9, calibration: 0, why: ["no-echo"] },
    };
    assert.deepEqual(judge(latest).why, ["no-echo"]);
    assert.deepEqual(reasonsOf(latest["water-depth"], undefined), ["input:distance"]);
  });

  it("has words for every fault, every quality test and every objection of a calibration", () => {
    const known: Record<string, string> = en.whys;
    const folder = (name: string): string => join(projectRoot(), "hub", name);
    const tests = readdirSync(folder("quality"))
      .filter((file) => file.endsWith(".ts") && !["index.ts", "limits.ts", "memory.ts"].includes(file))
      .map((file) => file.slice(0, -3));
    const objections = readdirSync(folder("calibration"))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(folder("calibration"), file), "utf8"))
      .flatMap((source) => [
        ...source.matchAll(/(?:suspect\(\w+, |why: \[|why\.push\(|missing\(property, \[)"([a-z-]+)"/g),
      ])
      .map((match) => match[1]);
    for (const code of ["factory", "hull", "geometry", "record"]) assert.ok(objections.includes(code), code);
    assert.ok(tests.includes("flat"));
    for (const code of [...FAULTS, ...tests, "settling", "input", ...objections])
      assert.equal(typeof known[code], "string", `no words for "${code}"`);
  });
});

describe("how the page writes", () => {
  it("numbers with the language's comma, thousands apart, a true minus and no minus nought", () => {
    assert.deepEqual(
      [number(48210.4, 1, "ru"), number(-3.4, 1, "en"), number(1234, 0, "kk")],
      ["48\u202f210,4", "\u22123.4", "1234"],
    );
    assert.deepEqual([number(12.34, 1, "ru"), number(12.34, 1, "en"), number(-0.04, 1, "kk")], ["12,3", "12.3", "0,0"]);
  });

  it("times in the city's own zone, with the day when it is not today", () => {
    assert.equal(time(NOW, NOW, 300), "14:05");
    assert.equal(time(NOW - 86_400_000, NOW, 300), "21.11. 14:05");
    assert.equal(time(Date.UTC(2026, 10, 21, 19, 30), NOW, 300), "00:30");
  });

  it("ages in one unit", () => {
    assert.deepEqual(
      [-5, 59_999, 600_000, 7_200_000, 400_000_000].map((ms) => age(ms, en)),
      ["0 s", "59 s", "10 min", "2 h", "4 d"].map((text) => text.replace(" ", "\u00a0")),
    );
  });

  it("the same blanks in every language", () => {
    const blanks = (words: object): unknown =>
      Object.fromEntries(
        Object.entries(words).map(([key, text]) => [
          key,
          typeof text === "string" ? (text.match(/\{\w+\}/g) ?? []).sort() : blanks(text as object),
        ]),
      );
    assert.deepEqual(blanks(ru), blanks(en));
    assert.deepEqual(blanks(kk), blanks(en));
  });
});

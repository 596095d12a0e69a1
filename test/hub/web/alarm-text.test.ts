import assert from "node:assert/strict";
import type { Alarm } from "../../../hub/alerts/protocol.js";
import type { SiteLatest } from "../../../hub/api/views.js";
import type { SiteId } from "../../../hub/model.js";
import { alarmFigures, alarmHead, alarmState, floodLevel } from "../../../hub/web/alarm-text.js";
import { en } from "../../../hub/words/page.en.js";
import { kk } from "../../../hub/words/page.kk.js";
import { ru } from "../../../hub/words/page.ru.js";

const NOW = Date.UTC(2026, 10, 22, 9, 5);
const MOMENT = { now: NOW, zoneMinutes: 300 };
const MINUTE = 60_000;

function alarm(part: Partial<Alarm>): Alarm {
  return {
    ...{ id: 1, site: "underpass-1" as SiteId, kind: "flood", state: "UNACK", level: 3, peak: 3, revision: 1 },
    ...{
      raisedAt: NOW - 60 * MINUTE,
      goneAt: null,
      changedAt: NOW - 20 * MINUTE,
      reason: "",
      figures: {},
      entry: null,
    },
    ...{ ackedBy: null, ackedAt: null, shelvedUntil: null, shelvedBy: null, shelvedWhy: null, suppressedUntil: null },
    ...part,
  };
}

describe("what a row of the alarm list says", () => {
  it("heads a closure that outlived its water with the closure, and gives it no depth", () => {
    const gone = alarm({ state: "RTN_UNACK", level: 1, goneAt: NOW - 20 * MINUTE, figures: { depthMm: 0 } });
    assert.deepEqual(
      [en, ru, kk].map((w) => alarmHead(gone, w)),
      ["Closure stands", "Закрытие в силе", "Жабу күшінде"],
    );
    assert.deepEqual([alarmFigures(gone, undefined, false, en, "en"), floodLevel(gone)], ["", 3]);
    assert.equal(
      alarmState(gone, null, en, MOMENT),
      "water gone by 13:45 · not acknowledged · The road stays closed until a person has looked.",
    );
  });

  it("says when the water went, whenever the closure was acknowledged", () => {
    const taken = alarm({ state: "LATCHED", ackedBy: "A. B.", ackedAt: NOW, goneAt: NOW - 20 * MINUTE });
    assert.match(alarmState(taken, null, en, MOMENT), /^water gone by 13:45 · acknowledged by A\. B\. · /);
    const unknown = { ...taken, goneAt: null };
    assert.match(alarmState(unknown, null, en, MOMENT), /^water gone · acknowledged by A\. B\. · /);
  });

  it("heads a flood whose water is there with its level, and a lesser one that has gone as gone", () => {
    const standing = alarm({ figures: { depthMm: 204 } });
    assert.deepEqual(
      [
        alarmHead(standing, en),
        alarmFigures(standing, undefined, false, en, "en"),
        alarmState(standing, null, en, MOMENT),
      ],
      ["Flooding: closure", "20\u00a0cm", "not acknowledged"],
    );
    const lesser = alarm({ state: "RTN_UNACK", level: 2, peak: 2 });
    assert.deepEqual(
      [alarmHead(lesser, en), alarmState(lesser, null, en, MOMENT)],
      ["Flooding: warning", "gone, not acknowledged"],
    );
  });

  it("says which sensor saw the water, where it was not the echo alone, and which one needs a technician", () => {
    const said = (part: Partial<Alarm>): string => alarmState(alarm(part), null, en, MOMENT).split(" · ")[0];
    assert.equal(said({ reason: "float-2-of-3" }), "seen by: float switch");
    assert.equal(said({ reason: "stale:head-2-of-3" }), "seen by: pressure probe");
    assert.equal(said({ reason: "together" }), "two sensors agree");
    assert.equal(said({ reason: "depth-2-of-3" }), "not acknowledged");
    assert.equal(said({ kind: "sensor", reason: "echo-missing" }), "no value from: echo sensor");
    assert.equal(said({ kind: "sensor", reason: "float-contradicts" }), "contradicts the echo: float switch");
    const handed = { state: "RTN_UNACK" as const, reason: "float-denied", goneAt: NOW };
    assert.equal(said(handed), "water by one sensor alone, which the echo denies: float switch");
    for (const w of [ru, kk]) assert.doesNotMatch(alarmState(alarm(handed), null, w, MOMENT), /[{}]|undefined/);
  });

  it("says of an open water where it stands now, below its zero too, and what it does", () => {
    const figures = { levelMm: 1250, limitMm: 1200 };
    const high = alarm({ kind: "level", level: 0, peak: 0, reason: "high", figures });
    const said = (one: Alarm, latest?: SiteLatest) => [
      alarmHead(one, en),
      alarmFigures(one, latest, false, en, "en"),
      alarmState(one, null, en, MOMENT),
    ];
    assert.deepEqual(said(high), ["Water level", "1.25\u00a0m", "high: check gates and gratings · not acknowledged"]);
    const now: SiteLatest = { "water-level": { time: NOW, value: -130, flag: 1, calibration: 1 } };
    assert.equal(said(high, now)[1], "−0.13\u00a0m");
    const rate = alarm({ kind: "level-rate", level: 0, peak: 0, reason: "rising", figures });
    assert.deepEqual(said(rate).slice(0, 1), ["Water changes fast"]);
    for (const reason of ["high", "low", "rising", "falling"])
      for (const w of [ru, kk]) assert.match(alarmState({ ...rate, reason }, null, w, MOMENT), /: .* · /);
    assert.doesNotMatch(said({ ...rate, state: "RTN_UNACK", reason: "back" })[2], /fast|back/);
  });

  it("says of a post that leans by how much, and what that means, while it does", () => {
    const leans = alarm({ kind: "tilt", level: 0, peak: 0, reason: "leans", figures: { leanDeg: 12.3, limitDeg: 3 } });
    const said = (one: Alarm) => [
      alarmHead(one, en),
      alarmFigures(one, undefined, false, en, "en"),
      alarmState(one, null, en, MOMENT),
    ];
    assert.deepEqual(said(leans), [
      "Not upright",
      "12.3°",
      "its levels may be wrong; send a technician · not acknowledged",
    ]);
    assert.equal(alarmFigures(leans, undefined, true, ru, "ru"), "последнее 12,3°");
    assert.deepEqual(said({ ...leans, state: "RTN_UNACK" }), ["Not upright", "", "gone, not acknowledged"]);
  });

  it("gives a standing alarm the depth of now, not that of its last change, if it is a good one", () => {
    const standing = alarm({ figures: { depthMm: 204 } });
    const of = (one: Alarm, value: number | null, flag: 1 | 2 | 3 | 4 | 9, time = NOW) =>
      alarmFigures(one, { "water-depth": { time, value, flag, calibration: 1 } }, false, en, "en");
    assert.deepEqual(
      [of(standing, 384, 1), of(standing, 384, 2), of(standing, -3, 1)],
      ["38\u00a0cm", "38\u00a0cm", "0\u00a0cm"],
    );
    assert.deepEqual([of(standing, 900, 3), of(standing, 900, 4), of(standing, null, 9)], Array(3).fill("20\u00a0cm"));
    assert.equal(of(standing, 384, 1, NOW - 61 * MINUTE), "20\u00a0cm", "from before the alarm");
    assert.equal(of(alarm({ kind: "suspect", figures: { depthMm: 620 } }), 10, 1), "62\u00a0cm");
    const full = alarm({ kind: "overflow", figures: { fillPercent: 96 } });
    assert.equal(
      alarmFigures(full, { fill: { time: NOW, value: 99, flag: 1, calibration: 1 } }, false, en, "en"),
      "99\u00a0%",
    );
  });

  it("calls the figure of a silent post the last one", () => {
    const standing = alarm({ figures: { depthMm: 204 } });
    assert.equal(alarmFigures(standing, undefined, true, en, "en"), "last 20\u00a0cm");
    const unknown = alarm({ kind: "unknown", figures: { depthMm: 82 } });
    assert.equal(alarmFigures(unknown, undefined, false, en, "en"), "last 8\u00a0cm");
  });

  it("says why UNKNOWN matters, since when, and what to do, until it is over", () => {
    const raisedAt = NOW - 10 * MINUTE;
    const unknown = alarm({ kind: "unknown", level: 0, peak: 0, raisedAt, figures: { ageMinutes: 3, depthMm: 40 } });
    const newest = raisedAt - 3.5 * MINUTE;
    assert.equal(
      alarmState(unknown, newest, en, MOMENT),
      "was wet when last heard of; silent since 13:51; have someone look · not acknowledged",
    );
    for (const w of [ru, kk]) assert.match(alarmState(unknown, newest, w, MOMENT), /13:51.*; .+ · /);
    const faulty = { ...unknown, reason: "no-valid-reading-while-wet" };
    assert.match(alarmState(faulty, NOW, en, MOMENT), /^was wet at the last valid reading; none since 13:52; have/);
    assert.equal(alarmState({ ...unknown, state: "RTN_UNACK" }, NOW, en, MOMENT), "gone, not acknowledged");
  });

  it("says of a closure that was latched because the register was damaged that nobody knows, and no time of the water", () => {
    const latched = alarm({ state: "LATCHED", reason: "register-damaged", raisedAt: null });
    assert.deepEqual(
      [en, ru, kk].map((w) => alarmState(latched, null, w, MOMENT).split(" · ")[0]),
      [en.registerDamaged, ru.registerDamaged, kk.registerDamaged],
    );
    assert.equal(
      alarmState(latched, null, en, MOMENT),
      "The register was damaged: whether the closure stood is not known · The road stays closed until a person has looked.",
    );
  });
});

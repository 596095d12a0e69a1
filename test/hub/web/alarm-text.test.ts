import assert from "node:assert/strict";
import type { Alarm } from "../../../hub/alerts/protocol.js";
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
    ...{ raisedAt: NOW - 60 * MINUTE, changedAt: NOW - 20 * MINUTE, reason: "", figures: {}, entry: null },
    ...{ ackedBy: null, ackedAt: null, shelvedUntil: null, shelvedBy: null, shelvedWhy: null, suppressedUntil: null },
    ...part,
  };
}

describe("what a row of the alarm list says", () => {
  it("heads a closure that outlived its water with the closure, and gives it no depth", () => {
    const gone = alarm({ state: "RTN_UNACK", level: 1, figures: { depthMm: 0 } });
    assert.deepEqual(
      [en, ru, kk].map((w) => alarmHead(gone, w)),
      ["Closure stands", "Закрытие в силе", "Жабу күшінде"],
    );
    assert.deepEqual([alarmFigures(gone, en, "en"), floodLevel(gone)], ["", 3]);
    assert.equal(
      alarmState(gone, en, MOMENT),
      "water gone by 13:45 · not acknowledged · The road stays closed until a person has looked.",
    );
  });

  it("gives no time for the water if the last change was the acknowledgement", () => {
    const ackedAt = NOW - 20 * MINUTE;
    const taken = alarm({ state: "LATCHED", ackedBy: "A. B.", ackedAt });
    assert.match(alarmState(taken, en, MOMENT), /^water gone · acknowledged by A\. B\. · /);
    const takenBefore = alarm({ state: "LATCHED", ackedBy: "A. B.", ackedAt: ackedAt - MINUTE });
    assert.match(alarmState(takenBefore, en, MOMENT), /^water gone by 13:45 · acknowledged by A\. B\. · /);
  });

  it("heads a flood whose water is there with its level, and a lesser one that has gone as gone", () => {
    const standing = alarm({ figures: { depthMm: 204 } });
    assert.deepEqual(
      [alarmHead(standing, en), alarmFigures(standing, en, "en"), alarmState(standing, en, MOMENT)],
      ["Flooding: closure", "20\u00a0cm", "not acknowledged"],
    );
    const lesser = alarm({ state: "RTN_UNACK", level: 2, peak: 2 });
    assert.deepEqual(
      [alarmHead(lesser, en), alarmState(lesser, en, MOMENT)],
      ["Flooding: warning", "gone, not acknowledged"],
    );
  });
});

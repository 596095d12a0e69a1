import assert from "node:assert/strict";
import { COLD_C, MONTHS, dayHours, onThePanel, outsideTheAir } from "../../hardware/climate.js";
import { factsOf } from "../../hardware/facts.js";
import { cellsOf, kitOf, regulatorOf } from "../../hardware/kits.js";
import { figureOf, PARTS, partOf } from "../../hardware/parts.js";
import { asStated, mahPerDay, meanMa, phasesOf } from "../../hardware/power.js";
import type { Fitted, Read, Subject } from "../../hardware/power.js";
import { airTime, dutyShare } from "../../hardware/power/air-time.js";
import { balanceOf, chargingShare, darkDaysOf, yearsOf } from "../../hardware/power/battery.js";
import { heatingKwh, heatingW } from "../../hardware/power/heater.js";
import { effects, figuresBehind, scaled } from "../../hardware/power/sensitivity.js";
import { allSubjects } from "../../hardware/power/subjects.js";
import { budgetText, figuresText, titleOf, totalsOf } from "../../hardware/power/table.js";
import { peaksOf, verdictOf } from "../../hardware/power/target.js";
import { sensorsOf } from "../../hardware/sites.js";

const near = (value: number, expected: number, share: number): void =>
  assert.ok(Math.abs(value - expected) <= share * expected, `${value} is not ${expected}`);

describe("the climate", () => {
  it("has twelve months whose mean is the year's stated 10 °C", () => {
    const mean = MONTHS.reduce((sum, m) => sum + m.meanC.value, 0) / 12;
    assert.ok(Math.abs(mean - 10) < 0.2, String(mean));
  });

  it("never has more sunshine than daylight", () => {
    for (const m of MONTHS) assert.ok(m.sunshineHours.value < m.days * dayHours(43.25, m.day), m.name);
  });

  // Duffie and Beckman, example 1.10.1: Madison, 43° N, 15 April: 33.8 MJ/m².
  it("reckons what falls outside the air as the book's example does", () => {
    near(outsideTheAir(43, 105) * 3.6, 33.8, 0.01);
  });

  // The Russian building climatology (docs.cntd.ru/document/554402860, table 9.1) gives what falls on a wall that faces
  // south at 44° N under a cloudless sky, MJ/m² a month. January and May, the ends of the sun's height.
  for (const [name, expected] of [
    ["January", 655],
    ["March", 650],
    ["May", 440],
  ] as const)
    it(`agrees within 15 % with the building code's cloudless ${name} on a south wall`, () => {
      const month = MONTHS.find((m) => m.name === name);
      assert.ok(month);
      near(onThePanel(44, month.day, 1, 90) * 3.6 * month.days, expected, 0.15);
    });
});

describe("a LoRa message", () => {
  // Semtech's calculator: 64 bytes in all, 125 kHz, 4/5, with header and check.
  it("is as long on the air as its maker's formula says", () => {
    near(airTime(7, 51), 0.118, 0.01);
    near(airTime(9, 51), 0.39, 0.01);
    near(airTime(12, 51), 2.793, 0.01);
  });

  it("every 5 minutes keeps the hour's one per cent even at the edge of a gateway's reach, every minute does not", () => {
    assert.ok(dutyShare(12, 51, 300) < 0.01);
    assert.ok(dutyShare(12, 51, 60) > 0.01);
    assert.ok(dutyShare(9, 51, 60) < 0.01);
  });
});

describe("a list of parts", () => {
  it("names every part once, with all its figures sourced", () => {
    assert.equal(new Set(PARTS.map((p) => p.name)).size, PARTS.length);
    for (const part of PARTS)
      for (const [name, { value, source }] of Object.entries(part.figures)) {
        assert.ok(Number.isFinite(value), `${part.name} ${name}`);
        assert.ok(source.document.length > 4 && source.page.length > 0 && source.page !== "?", `${part.name} ${name}`);
      }
  });

  it("says every label in three languages, Kazakh and Russian in their own letters", () => {
    for (const { name, label } of PARTS) {
      assert.match(label.en, /[a-z]/i, name);
      assert.match(label.ru, /[а-яё]/i, name);
      assert.match(label.kk, /[а-яәғқңөұүһі]/i, name);
    }
  });
});

describe("the energy", () => {
  let subjects: Subject[] = [];
  const ofSupply = (...supplies: string[]): Subject[] => subjects.filter((s) => supplies.includes(s.build.supply));
  before(async () => {
    subjects = await allSubjects();
  });

  it("of every post in the cold is what its site type asks for", () => {
    for (const subject of subjects) {
      const verdict = verdictOf(subject);
      if (verdict !== null) assert.ok(verdict.met, `${titleOf(subject)}: ${verdict.of} ${verdict.value}`);
    }
  });

  it("is borne at its peak by every part that it goes through: cells, fuse, regulator, switch", () => {
    for (const subject of subjects) {
      const peaks = peaksOf(subject);
      for (const { of, value, met } of peaks) assert.ok(met, `${titleOf(subject)}: ${of} ${value}`);
      const named = peaks.map(({ of }) => of.replace("peak, share of ", ""));
      assert.ok(named.includes("fuse-1a"), titleOf(subject));
      const switched = subject.fitted.some((one) => one.switched);
      assert.equal(named.includes("load-switch"), switched, titleOf(subject));
      if (subject.build.supply === "battery") assert.ok(named.includes("pulse-capacitor"), titleOf(subject));
      if (subject.build.supply === "solar") assert.ok(named.includes("lifepo4-32700"), titleOf(subject));
      if (["battery", "solar"].includes(subject.build.supply)) {
        const regulators = named.filter((name) => name.startsWith("regulator"));
        assert.deepEqual(regulators, [regulatorOf(subject.build)], titleOf(subject));
      }
    }
  });

  it("at its peak is too much for a modem behind the small regulator, and for LoRa behind a limit of 100 mA", () => {
    const withMost =
      (part: string, mA: number): Read =>
      (name, figure) =>
        name === `${part} maxMa` ? mA : figure.value;
    const missed = (uplink: string, read: Read): string[] => {
      const subject = subjects.find((s) => s.type.name === "mesh-container" && s.build.uplink === uplink);
      assert.ok(subject);
      return peaksOf(subject, read).flatMap(({ of, met }) => (met ? [] : [of.replace("peak, share of ", "")]));
    };
    const small = figureOf("regulator-3v5", "maxMa").value;
    assert.deepEqual(missed("modem", withMost("regulator-modem", small)), ["regulator-modem"]);
    assert.deepEqual(missed("lora", withMost("regulator-3v5", 100)), ["regulator-3v5"]);
    // A cell alone, without its capacitor.
    assert.deepEqual(missed("modem", withMost("pulse-capacitor", 250)), ["pulse-capacitor"]);
    for (const name of ["regulator-3v5", "regulator-modem"]) assert.doesNotMatch(partOf(name).order, /limit \d/, name);
  });

  it("of a post with a heater counts what that takes in the frost, beside its own", () => {
    for (const subject of subjects) {
      const heated = ["eco-post", "low-emission-post", "purifier"].includes(subject.type.name);
      assert.equal(heatingKwh(subject) > 0, heated, titleOf(subject));
      assert.equal(/; its heating \d\d\.\d W in the frost/.test(budgetText(subject).join()), heated, titleOf(subject));
      if (!heated) continue;
      const { name, figure } = [...figuresBehind((read) => heatingKwh(subject, read))].map(([name, figure]) => ({
        name,
        figure,
      }))[0];
      assert.ok(figure.source.document.length > 4, name);
      // All of its power all the year is the most; a warmer year takes less, and a summer of twelve months nothing.
      assert.ok(heatingKwh(subject) < heatingW(subject) * 8.76);
      const at =
        (celsius: number): Read =>
        (name, { value }) =>
          name.endsWith(" temperature") ? celsius : value;
      assert.equal(heatingKwh(subject, at(20)), 0);
      assert.ok(heatingKwh(subject, at(-10)) > heatingKwh(subject, at(-5)));
      near(
        heatingKwh(subject, at(-60)),
        (heatingW(subject) * 8.76) / (subject.type.name === "purifier" ? 0.85 : 1),
        0.01,
      );
    }
  });

  it("of a post with cells or a panel has a target", () => {
    for (const subject of ofSupply("battery", "solar")) assert.ok(verdictOf(subject), titleOf(subject));
  });

  it("reaches its target though any one assumed figure be wrong by half, in Almaty's year", () => {
    for (const subject of subjects) {
      const { years, darkDays } = subject.build.target ?? {};
      const outcome = (read: Read): number =>
        years !== undefined ? yearsOf(subject, "year", read) : darkDaysOf(subject, COLD_C, read);
      const asked = years ?? darkDays;
      if (asked === undefined) continue;
      for (const { name, low, high } of effects(outcome))
        assert.ok(Math.min(low, high) >= asked, `${titleOf(subject)}: ${name} ${low} … ${high}`);
    }
  });

  // Two boards' sleep have been measured, with the flash chip asleep and without; which one Espruino's is, nobody has.
  it("reaches its target though the board's flash chip never sleep, in Almaty's year", () => {
    const awake: Read = (name, figure) =>
      name === "xiao-ble sleepMa" ? figureOf("xiao-ble", "awakeFlashMa").value : figure.value;
    for (const subject of subjects) {
      const { years, darkDays } = subject.build.target ?? {};
      if (years !== undefined) assert.ok(yearsOf(subject, "year", awake) >= years, titleOf(subject));
      if (darkDays !== undefined) assert.ok(darkDaysOf(subject, COLD_C, awake) >= darkDays, titleOf(subject));
    }
  });

  it("counts a contact that is closed at rest, and a part that draws and is never switched off", () => {
    const lid = subjects.find((s) => s.type.name === "underground-container");
    assert.ok(lid);
    const fitted = (change: (one: Fitted) => Partial<Fitted>): Subject => ({
      ...lid,
      fitted: lid.fitted.map((one) => ({ ...one, ...change(one) })),
    });
    assert.ok(verdictOf(lid)?.met);
    assert.equal(verdictOf(fitted(({ name }) => ({ closedAtRest: name === "contact" })))?.met, false);
    assert.equal(verdictOf(fitted(() => ({ switched: false })))?.met, false);
  });

  it("of a solar post holds through a winter in which it is never charged", () => {
    for (const subject of ofSupply("solar")) {
      const taken = [11, 0, 1].reduce((sum, i) => sum + MONTHS[i].days * balanceOf(subject, MONTHS[i]).outMah, 0);
      const stored = darkDaysOf(subject, -10) * balanceOf(subject, MONTHS[0]).outMah;
      assert.ok(stored > taken, `${titleOf(subject)}: ${stored} against ${taken} mAh`);
    }
  });

  it("comes out at the sum of its phases", () => {
    for (const subject of subjects) {
      const phases = phasesOf(subject);
      assert.ok(phases.every((p) => p.mA >= 0 && p.seconds >= 0 && p.perDay >= 0));
      near(
        meanMa(phases) * 24,
        phases.reduce((sum, p) => sum + mahPerDay(p), 0),
        1e-9,
      );
    }
  });

  it("rests on figures that all name their source, and says which are assumed", () => {
    const lines = figuresText(subjects);
    assert.ok(lines.length > 20);
    assert.ok(lines.every((line) => line.length > 20));
    assert.ok(lines.some((line) => line.startsWith("~ xiao-ble sleepMa")) || ofSupply("battery").length === 0);
  });

  it("is told with what decides it", () => {
    for (const subject of subjects) assert.match(budgetText(subject).join("\n"), /decided by .* \S+…\S+/);
  });

  it("counts its targets", () => {
    const totals = totalsOf(subjects);
    assert.equal(totals.builds, subjects.length);
    assert.equal(totals.met, totals.targets);
    assert.ok(totals.assumed < totals.figures);
  });

  it("falls with a figure that is raised, and only that figure is read anew", () => {
    const subject = ofSupply("battery")[0];
    if (subject === undefined) return;
    const name = `${subject.build.board} sleepMa`;
    assert.ok(figuresBehind((read) => yearsOf(subject, 20, read)).has(name));
    const mean = (read: Read): number => meanMa(phasesOf(subject, read));
    assert.ok(mean(scaled(name, 1.5)) > mean(asStated));
    assert.equal(mean(scaled("no such figure", 1.5)), mean(asStated));
  });

  it("is counted for the cells that the kit lists, and every part of a kit is in the list of parts", async () => {
    for (const { type, build } of subjects) {
      const facts = await Promise.all(sensorsOf(type, build).map(({ sensor }) => factsOf(sensor)));
      const kit = kitOf(
        type.name,
        facts.flatMap(({ outside }) => outside ?? []),
        build,
      );
      assert.equal(new Set(kit.map((i) => i.part)).size, kit.length);
      for (const { part, count } of kit) assert.ok(partOf(part) && count > 0, part);
      const cells = kit.find((i) => i.part === "li-socl2-d")?.count;
      if (build.supply === "battery") assert.equal(cells, cellsOf(type.name, build));
    }
  });

  it("is never charged into a frozen cell", () => {
    assert.equal(chargingShare(-30), 0);
    assert.equal(chargingShare(20), 1);
  });
});

import assert from "node:assert/strict";
import { sensorKind } from "../../firmware/sensors/list.js";
import { planOf } from "../../hardware/bench/plan.js";
import {
  backAfterBench,
  DRIVE,
  DRIVE_MOST_V,
  driveRatio,
  offOnBench,
  POINTS,
  RELAYS,
  SUPPLY_V,
} from "../../hardware/bench/wiring.js";
import { boardOf } from "../../hardware/boards.js";
import { optionsOf } from "../../hardware/ports.js";
import { sensorsOf, SITE_TYPES } from "../../hardware/sites.js";
import { namesOf } from "../../hub/bench/sheet.js";

const BUILDS = SITE_TYPES.flatMap((type) => type.builds.map((build) => ({ type, build, plan: planOf(type, build) })));

describe("the bench rig", () => {
  it("brings no pin of any node more than it bears, with every part at the wrong end of its tolerance", () => {
    const { topOhms, bottomOhms, ohmsTolerance: off } = DRIVE;
    const worst = (SUPPLY_V.most * bottomOhms * (1 + off)) / (bottomOhms * (1 + off) + topOhms * (1 - off));
    assert.ok(Math.abs(worst - DRIVE_MOST_V) < 1e-9);
    for (const { build, plan } of BUILDS) {
      const logicV = boardOf(build.board)!.logicV;
      for (const { rig, mostV, through } of plan.wires) {
        // A pin of the Uno that is an output goes nowhere but through the divider.
        if (/^D\d/.test(rig)) assert.ok(mostV !== null && mostV <= logicV && through.includes("6.8 kΩ"), rig);
        else assert.equal(mostV, null);
      }
      for (const { volts } of plan.rounds)
        assert.ok(volts <= SUPPLY_V.least * driveRatio(), `${volts} V of a weak port`);
    }
  });

  it("uses each of its pins once, and not the one that blinks at every start", () => {
    const digital = [DRIVE.pin, ...Object.values(RELAYS)];
    assert.equal(new Set(digital).size, digital.length);
    for (const pin of digital) assert.ok(pin >= 2 && pin <= 12);
    assert.ok([3, 5, 6, 9, 10, 11].includes(DRIVE.pin), "a pin of an Uno that can do PWM");
    const channels = Object.values(POINTS).map(({ channel }) => channel);
    assert.equal(new Set(channels).size, channels.length);
  });

  for (const { type, build, plan } of BUILDS)
    it(`covers every sensor of ${plan.image}, each step by a name of its own`, () => {
      const steps = plan.rounds.flatMap((round) => round.steps);
      const judged = [
        ...steps.map(({ property }) => property),
        ...plan.sensors.flatMap(({ properties }) => properties),
      ];
      for (const fitted of sensorsOf(type, build))
        for (const { name } of sensorKind(fitted.sensor)!.make(optionsOf(type, fitted)).properties)
          assert.ok(judged.includes(name + (fitted.suffix ?? "")), `${fitted.sensor}: ${name}`);
      const names = namesOf(plan);
      assert.deepEqual(names, [...new Set(names)]);
      // As a row of the registry takes them.
      for (const name of names) assert.ok(name.length <= 60, name);
      for (const { did, steps: some } of plan.rounds)
        for (const { source, unit } of some) assert.ok(did.length <= 120 && source.length <= 160 && unit.length <= 10);
      // Whatever hangs on a contact, a pulse or a converter's input is driven, not only asked.
      for (const fitted of sensorsOf(type, build)) {
        const kind = boardOf(build.board)!.pins[fitted.port]?.kind;
        const relay = kind === "digital" ? RELAYS.contact : kind === "pulse" ? RELAYS.pulse : null;
        if (relay === null) continue;
        assert.ok(plan.wires.some(({ rig, node }) => rig === `relay on D${relay}` && node.startsWith(fitted.port)));
      }
      assert.equal(
        plan.driven,
        plan.wires.some(({ rig }) => rig === `D${DRIVE.pin}`),
      );
      assert.equal(
        plan.switched,
        plan.wires.some(({ rig }) => rig === "A3"),
      );
    });

  it("says in three languages what is off meanwhile, and leaves the node's USB off behind the test", () => {
    for (const { type, build } of BUILDS) {
      const [off, back] = [offOnBench(type, build), backAfterBench(type, build)];
      for (const { en, ru, kk } of off) {
        assert.doesNotMatch(en, /[а-яёәғқңөұүһі]/i);
        assert.match(ru, /[а-яё]/i);
        assert.doesNotMatch(ru, /[әғқңөұүһі]/i);
        assert.match(kk, /[а-яәғқңөұүһі]/i);
      }
      assert.equal(off[0].en, "USB of the node");
      assert.deepEqual(back, off.slice(1));
      assert.equal(new Set(off.map(({ en }) => en)).size, off.length, "the second of a kind is named as such");
    }
  });

  it("expects of a contact the opposite when it is closed, and never in two rounds the same of a voltage", () => {
    for (const { plan } of BUILDS) {
      const volts = plan.rounds.map((round) => round.volts);
      if (plan.driven) assert.equal(new Set(volts).size, volts.length, plan.image);
      const closed = plan.rounds.map((round) => round.closed);
      if (closed.includes(true)) assert.deepEqual(closed, [false, true, false], plan.image);
    }
  });
});

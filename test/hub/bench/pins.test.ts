/** For every build, which pins of the rig its test uses: those that its wiring lists, each of them, and no other. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planOf } from "../../../hardware/bench/plan.js";
import type { Plan } from "../../../hardware/bench/plan.js";
import { DRIVE, POINTS, RELAYS, wiringOf } from "../../../hardware/bench/wiring.js";
import type { PointName } from "../../../hardware/bench/wiring.js";
import { sensorsOf, SITE_TYPES } from "../../../hardware/sites.js";
import type { Answer, NodeSide, Said } from "../../../hub/bench/node-side.js";
import type { Rig } from "../../../hub/bench/rig.js";
import { runBench } from "../../../hub/bench/run.js";
import type { SheetBody } from "../../../hub/bench/run.js";
import { realClock } from "../../../hub/clock.js";
import { Registry } from "../../../hub/registry.js";
import { ran } from "./test-on.js";

interface Used {
  sheet: SheetBody;
  /** By the names that the wiring gives them. */
  pins: Set<string>;
}

const analog = (point: PointName): string => `A${POINTS[point].channel}`;

/** A rig that writes down what is asked of it, before a node that says what it should. */
function watched(plan: Plan, registry: Registry, board: string): { rig: Rig; node: NodeSide; pins: Set<string> } {
  // Ground is joined before all, and the reference is read whenever a rig is opened.
  const pins = new Set(["GND", analog("reference")]);
  let [fed, drivenV, asked] = [false, 0, 0];
  const last = new Map<string, Said>();
  const rig: Rig = {
    firmware: "none",
    relay(name, closed) {
      // One that is open already is only told to stay so.
      if (closed) pins.add(`relay on D${RELAYS[name]}`);
      if (name === "supply") fed = closed;
    },
    drive(volts) {
      pins.add(`D${DRIVE.pin}`).add(analog("drive"));
      drivenV = volts;
      return Promise.resolve();
    },
    volts(point) {
      pins.add(analog(point));
      const rails: { [name: string]: number } = { rail33: 3.4, rail5: 5 };
      return Promise.resolve(point === "drive" ? drivenV : fed ? rails[point] : 0);
    },
    range(point) {
      pins.add(analog(point));
      return { least: 0, most: 5 };
    },
    rest: () => Promise.resolve(true),
    lost: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
  const node: NodeSide = {
    ask(): Promise<Answer> {
      // It is asked once before its first round.
      const round = plan.rounds[Math.max(0, asked++ - 1)];
      const readings = new Map<string, Said>(plan.properties.map((name) => [name, { value: 0 }]));
      for (const { property, expect } of round.steps) {
        const was = last.get(property);
        const wanted = expect({
          mV: 1000 * round.volts,
          before: was !== undefined && "value" in was ? was.value : null,
        });
        readings.set(property, "fault" in wanted ? wanted : { value: (wanted.least + wanted.most) / 2 });
      }
      for (const [name, said] of readings) last.set(name, said);
      return Promise.resolve({ report: { flash: "ok" }, readings });
    },
    hello: () => ({ image: plan.image, version: "1", reset: "power", waiting: 0, set: registry.desired(board).rev }),
    close: () => undefined,
  };
  return { rig, node, pins };
}

const PLANS = SITE_TYPES.flatMap((type) => type.builds.map((build) => ({ type, build, plan: planOf(type, build) })));

describe("the bench test of every build", function () {
  this.timeout(60_000);
  let dir: string;
  let registry: Registry;
  const found = new Map<string, Used>();

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-pins-"));
    registry = Registry.open(join(dir, "registry.sqlite"), realClock);
    const test = async (plan: Plan, board: string): Promise<void> => {
      const { rig, node, pins } = watched(plan, registry, board);
      const sheet = await runBench({
        ...{ registry, clock: realClock, node, board, plan, by: "anna", version: "test", patienceMs: 1000 },
        ...{ signal: new AbortController().signal, say: () => undefined, note: () => undefined },
        openRig: () => Promise.resolve(rig),
      });
      found.set(plan.image, { sheet, pins });
    };
    PLANS.forEach(({ plan }, i) => {
      registry.addBoard(`b-${i}`, "anna");
      registry.add([{ kind: "reported", board: `b-${i}`, image: plan.image, version: "1" }], "hub");
    });
    await Promise.all(PLANS.map(({ plan }, i) => test(plan, `b-${i}`)));
  });
  after(() => {
    registry.close();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const { type, build, plan } of PLANS)
    it(`of ${plan.image} runs every step by the pins that are wired, and leaves none of them out`, () => {
      const { sheet, pins } = found.get(plan.image)!;
      assert.deepEqual([sheet.result, sheet.why, ran(sheet)], ["pass", "", sheet.steps.length]);
      assert.deepEqual([...pins].sort(), [...new Set(plan.wires.map(({ rig }) => rig))].sort());
      // What leads to a sensor's port is there for steps of that very sensor, and such steps for such a wire.
      const steps = plan.rounds.flatMap((round) => round.steps.map(({ name }) => name));
      const sensors = sensorsOf(type, build);
      const led = sensors.flatMap((fitted) => {
        const { sensor, port, suffix = "" } = fitted;
        const own = wiringOf({ ...type, sensors: [fitted] }, { ...build, sensors: [] }).filter(({ node }) =>
          node.startsWith(port),
        );
        const stepped = steps.some((name) => name.startsWith(`${sensor}${suffix} ${port} `));
        assert.equal(own.length > 0, stepped, `${sensor} ${port}`);
        return own;
      });
      const ports = plan.wires.filter(({ node }) => sensors.some(({ port }) => node.startsWith(port)));
      assert.deepEqual(ports, led);
    });
});

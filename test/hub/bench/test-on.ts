/** A bench test on a desk, as the command runs it, and what its sheet says. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { planOf } from "../../../hardware/bench/plan.js";
import { DRIVE_MOST_V } from "../../../hardware/bench/wiring.js";
import type { Plan } from "../../../hardware/bench/plan.js";
import type { Build, SiteType } from "../../../hardware/sites.js";
import { openNodeSide } from "../../../hub/bench/node-side.js";
import { openRig } from "../../../hub/bench/rig.js";
import { runBench } from "../../../hub/bench/run.js";
import type { BenchDeps, SheetBody } from "../../../hub/bench/run.js";
import { realClock } from "../../../hub/clock.js";
import { Registry } from "../../../hub/registry.js";
import { BOARD, layDesk, SOUND, SPEED } from "./desk.js";
import type { Desk, Faults } from "./desk.js";
import { standardFirmata } from "../../rig/firmata-hex.js";
import { needSocat } from "../../rig/pty.js";
import { until } from "../../rig/sealed.js";

/** The desk of a suite, while it runs. */
export interface Laid {
  desk: Desk;
  registry: Registry;
  /** The registry as another process would find it. */
  reopen(): void;
  /** Runs a test of the board with these faults, and keeps the sheet. */
  test(wrong: Partial<Faults>, more?: Partial<BenchDeps>): Promise<SheetBody>;
}

/** Lays a desk for the suite in which this is called. Each test finds everything sound, and must leave the relays open. */
export function layFor(type: SiteType, build: Build): Laid {
  const plan = planOf(type, build);
  const open = (desk: Desk): Registry => Registry.open(join(desk.dir, "registry.sqlite"), realClock);
  const laid = {
    reopen() {
      laid.registry.close();
      laid.registry = open(laid.desk);
    },
    test: (wrong, more = {}) => testOn(laid, plan, wrong, more),
  } as Laid;
  before(async function () {
    const file = await firmwareFor(this);
    laid.desk = await layDesk(file, type.name, build, SPEED);
    laid.registry = open(laid.desk);
  });
  after(async () => {
    laid.registry?.close();
    await laid.desk?.close();
  });
  beforeEach(async () => {
    const { desk } = laid;
    // A real Uno starts anew whenever its port is opened; this one only with its supply.
    await desk.uno.unplug();
    await desk.uno.plug();
    Object.assign(desk.faults, SOUND);
    desk.wereClosed();
    desk.highestV();
  });
  afterEach(async () => {
    const { desk } = laid;
    await until(
      "the relays are open",
      () => !desk.closed("supply") && !desk.closed("contact") && !desk.closed("pulse"),
    );
    assert.ok(desk.highestV() <= DRIVE_MOST_V, "no pin of the node may see more than it bears");
  });
  return laid;
}

async function testOn(
  { desk, registry }: Laid,
  plan: Plan,
  wrong: Partial<Faults>,
  more: Partial<BenchDeps>,
): Promise<SheetBody> {
  Object.assign(desk.faults, SOUND, wrong);
  const node = openNodeSide(registry, join(desk.dir, "journal.sqlite"), BOARD, plan.properties, "anna");
  try {
    const sheet = await runBench({
      ...{ registry, clock: realClock, node, board: BOARD, plan, by: "anna", version: "test" },
      ...{ patienceMs: 60_000, signal: new AbortController().signal, say: () => undefined, note: () => undefined },
      openRig: () => openRig({ path: desk.uno.path }),
      ...more,
    });
    registry.add([sheet], "anna");
    return sheet;
  } finally {
    node.close();
  }
}

export const failed = ({ steps }: SheetBody): string[] =>
  steps.filter(({ result }) => result === "fail").map(({ name }) => name);

/** How many steps were run. */
export const ran = ({ steps }: SheetBody): number => steps.filter(({ result }) => result !== "not-run").length;

/** The firmware; skips the suite where it cannot be had. */
async function firmwareFor(context: Mocha.Context): Promise<string> {
  needSocat(context);
  const firmware = await standardFirmata();
  if (firmware.ok) return firmware.file;
  if (process.env.CI) throw new Error(firmware.reason);
  console.log(`      skipped: ${firmware.reason}`);
  return context.skip();
}

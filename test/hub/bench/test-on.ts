/** A bench test on a desk, as the command runs it, and what its sheet says. */
import { join } from "node:path";
import type { Plan } from "../../../hardware/bench/plan.js";
import { openNodeSide } from "../../../hub/bench/node-side.js";
import { openRig } from "../../../hub/bench/rig.js";
import { runBench } from "../../../hub/bench/run.js";
import type { BenchDeps, SheetBody } from "../../../hub/bench/run.js";
import { realClock } from "../../../hub/clock.js";
import type { Registry } from "../../../hub/registry.js";
import { BOARD, SOUND } from "./desk.js";
import type { Desk, Faults } from "./desk.js";
import { standardFirmata } from "../../rig/firmata-hex.js";
import { needSocat } from "../../rig/pty.js";

/** Runs it with these faults, and keeps the sheet. */
export async function testOn(
  desk: Desk,
  registry: Registry,
  plan: Plan,
  wrong: Partial<Faults>,
  more: Partial<BenchDeps> = {},
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
export async function firmwareFor(context: Mocha.Context): Promise<string> {
  needSocat(context);
  const firmware = await standardFirmata();
  if (firmware.ok) return firmware.file;
  if (process.env.CI) throw new Error(firmware.reason);
  console.log(`      skipped: ${firmware.reason}`);
  return context.skip();
}

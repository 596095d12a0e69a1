/** A post on the real interpreter at a hub that asks something of it, whose supply fails in the middle of taking it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage } from "../../hardware/image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { Accept } from "../../hub/model.js";
import { startOrders } from "../../hub/orders/start.js";
import { createPipeline } from "../../hub/pipeline.js";
import type { PipelineStats } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { KEY, layBench } from "./bench.js";
import { interpreterFrom } from "./espruino.js";
import { needSocat } from "./pty.js";
import { until } from "./sealed.js";

/** Milliseconds after the command at which the supply fails; the board needs some to check it and to write. */
export const CUTS_MS = [0, 4, 12, 30];

export interface OrderedBench {
  board: string;
  registry: Registry;
  stats(): PipelineStats;
  /** Replaces every command by what somebody on the wire makes of it; null leaves them alone. */
  forge(how: ((command: string) => string) | null): void;
  /** The supply fails so long after the next command, and comes back. The interpreter has not complained until then. */
  cutAfterCommand(cutMs: number): Promise<void>;
  until(what: string, condition: () => boolean): Promise<void>;
  /** Ends the run: the interpreter has not complained, and every line is accepted or waits in the board's flash. */
  endWhole(): Promise<void>;
  dispose(): Promise<void>;
}

/** Skips the test where there is no interpreter, or no socat. For `before`. */
export function needInterpreter(context: Mocha.Context): void {
  if (interpreterFrom("ESPRUINO_BIN") === null) {
    console.log("      skipped: ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");
    context.skip();
  }
  needSocat(context);
}

/** Lays a post of that type of site, with power, and a hub with its registry. `boundMs` is the longest wait. */
export async function layOrdered(name: string, boundMs: number): Promise<OrderedBench> {
  const bin = interpreterFrom("ESPRUINO_BIN");
  assert.ok(bin);
  const dir = mkdtempSync(join(tmpdir(), "aryk-ordered-"));
  const type = SITE_TYPES.find((one) => one.name === name)!;
  const registry = Registry.open(join(dir, "registry.sqlite"), realClock);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const board = `${name}-1`;
  registry.add(
    [
      { kind: "board", board },
      { kind: "key", board, id: "k1", key: KEY.toString("base64url") },
    ],
    "test",
  );
  const { orders, stop } = startOrders(registry, realClock, (error) => {
    throw error;
  });
  const quality = createQuality();
  const deps = { clock: realClock, journal, registry, orders, quality, derive, derivedOf: () => [] };
  const pipeline = createPipeline(deps);
  let commanded: () => void = () => undefined;
  let forged: ((command: string) => string) | null = null;
  const accept: Accept = async (line, from) => {
    const accepted = await pipeline.accept(line, from);
    if (accepted.outcome === "refused" || accepted.command === undefined) return accepted;
    if (forged !== null) accepted.command = forged(accepted.command);
    setImmediate(commanded);
    return accepted;
  };
  const bench = await layBench(type, await buildImage(name), bin, { real: accept, metered: false });
  await bench.listen(true);
  let running = bench.power();
  const waitFor = (what: string, condition: () => boolean): Promise<void> => until(what, condition, boundMs);
  const content = (): void => assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught|MEMORY/);
  return {
    ...{ board, registry, until: waitFor },
    stats: () => pipeline.stats(),
    forge: (how) => (forged = how),
    async cutAfterCommand(cutMs) {
      let sent = false;
      const now = new Promise<void>((resolve) => (commanded = resolve)).then(() => (sent = true));
      await Promise.race([now, waitFor("the command", () => sent)]);
      commanded = () => undefined;
      await new Promise((resolve) => setTimeout(resolve, cutMs));
      content();
      await bench.cut();
      running = bench.power();
    },
    async endWhole() {
      content();
      await bench.cut();
      const { refused, dead } = pipeline.stats();
      assert.deepEqual({ refused, dead }, { refused: {}, dead: {} });
      // What the ledger misses must still wait in the board's flash.
      const missing = journal.ranges(board).reduce((sum, stream) => sum + stream.counts.missing, 0);
      assert.ok(missing <= bench.waiting().length, `${missing} missing, ${bench.waiting().length} waiting`);
    },
    async dispose() {
      await bench.dispose();
      stop();
      await journal.close();
      registry.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

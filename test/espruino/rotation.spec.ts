/**
 * A new key over the wire on the real interpreter, of the largest image and of a small one: taken, kept through a
 * supply that fails at any moment, and nothing lost on the way.
 */
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
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { startOrders } from "../../hub/orders/start.js";
import { askForKey } from "../../hub/registry/rotation.js";
import { KEY, layBench } from "../rig/bench.js";
import { interpreterFrom } from "../rig/espruino.js";
import { needSocat } from "../rig/pty.js";

const BOUND_MS = 180_000;
/** Milliseconds after the command at which the supply fails; the board needs some to check it, derive and write. */
const CUTS_MS = [0, 4, 12, 30];

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain: " + what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const name of ["eco-post", "underpass"])
  describe(`a new key over the wire for ${name} on the interpreter`, function () {
    this.timeout(10 * BOUND_MS);
    const bin = interpreterFrom("ESPRUINO_BIN");
    let dir: string;

    before(function () {
      if (bin === null) {
        console.log("      skipped: ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");
        return this.skip();
      }
      needSocat(this);
    });
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), "aryk-rotation-"));
    });
    afterEach(() => rmSync(dir, { recursive: true, force: true }));

    it("is taken and kept, wherever the supply fails, and no pack is lost", async () => {
      assert.ok(bin);
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
      const accept: Accept = async (line, from) => {
        const accepted = await pipeline.accept(line, from);
        if (accepted.outcome !== "refused" && accepted.command !== undefined) setImmediate(commanded);
        return accepted;
      };
      const bench = await layBench(type, await buildImage(name), bin, { real: accept, metered: false });
      const current = () => registry.currentKey(board)?.id;
      try {
        await bench.listen(true);
        let running = bench.power();
        await until("a first pack", () => pipeline.stats().stored >= 2);
        for (const [round, cutMs] of CUTS_MS.entries()) {
          const { id } = askForKey(registry, board, "test");
          assert.equal(id, `k${round + 2}`);
          let sent = false;
          const now = new Promise<void>((resolve) => (commanded = resolve)).then(() => (sent = true));
          await Promise.race([now, until("the command", () => sent)]);
          commanded = () => undefined;
          await new Promise((resolve) => setTimeout(resolve, cutMs));
          assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught|MEMORY/);
          await bench.cut();
          running = bench.power();
          await until(`hello with ${id} after a cut at ${cutMs} ms`, () => current() === id);
        }
        const packs = pipeline.stats().stored;
        await until("packs under the last key", () => pipeline.stats().stored >= packs + 2);
        // Once more without a cut: the key changes in a post that goes on measuring.
        const { id } = askForKey(registry, board, "test");
        await until("the last key", () => current() === id);
        await until("the keys before revoked", () => registry.keysBefore(board, id).length === 0);
        assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught|MEMORY/);
        await bench.cut();
        const { refused, dead } = pipeline.stats();
        assert.deepEqual({ refused, dead }, { refused: {}, dead: {} });
        // What the ledger misses must still wait in the board's flash.
        const missing = journal.ranges(board).reduce((sum, stream) => sum + stream.counts.missing, 0);
        assert.ok(missing <= bench.waiting().length, `${missing} missing, ${bench.waiting().length} waiting`);
      } finally {
        await bench.dispose();
        stop();
        await journal.close();
        registry.close();
      }
    });
  });

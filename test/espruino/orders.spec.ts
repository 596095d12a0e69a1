/**
 * What the hub asks of a post, on the real interpreter: settings are taken and kept through a supply that fails at any
 * moment, nothing forged is, and the post reports on itself.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seal } from "../../firmware/wire/line.js";
import { buildImage } from "../../hardware/image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { Accept } from "../../hub/model.js";
import { askBoard } from "../../hub/orders/asks.js";
import { startOrders } from "../../hub/orders/start.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { askForSettings } from "../../hub/registry/settings.js";
import { Registry } from "../../hub/registry.js";
import { KEY, layBench } from "../rig/bench.js";
import { interpreterFrom } from "../rig/espruino.js";
import { needSocat } from "../rig/pty.js";
import { macWith } from "../rig/sealed-board.js";

const BOUND_MS = 300_000;
/** Milliseconds after the command at which the supply fails; the board needs some to check it and to write. */
const CUTS_MS = [0, 4, 12, 30];

/** What somebody on the wire could make of a command, and of the first one, which was withheld. */
function forgeries(first: string, command: string): string[] {
  const head = command.slice(0, command.lastIndexOf(" ") + 1);
  const sealed = (text: string): string => seal(text, "k1", macWith(KEY));
  return [
    "",
    command.slice(0, -1) + (command.endsWith("0") ? "1" : "0"),
    command.slice(0, command.length >> 1),
    command.replace("=601", "=602"),
    seal(head, "k1", macWith(Buffer.alloc(32, 1))),
    sealed(head.replace(/ command \S+ /, " command other-1 ")),
    sealed(head.replace("=601", "=601" + ",wetMm=40".repeat(20))),
    sealed(head.replace("set,", "sat,")),
    sealed(head.replace(/set,\d+,/, "set,0,")),
    first,
  ];
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain: " + what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const name of ["eco-post", "underpass"])
  describe(`orders to ${name} on the interpreter`, function () {
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
      dir = mkdtempSync(join(tmpdir(), "aryk-orders-"));
    });
    afterEach(() => rmSync(dir, { recursive: true, force: true }));

    it("are carried out and kept, wherever the supply fails, and only the hub's own are", async () => {
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
      let forge: ((command: string) => string) | null = null;
      const accept: Accept = async (line, from) => {
        const accepted = await pipeline.accept(line, from);
        if (accepted.outcome === "refused" || accepted.command === undefined) return accepted;
        if (forge !== null) accepted.command = forge(accepted.command);
        setImmediate(commanded);
        return accepted;
      };
      const bench = await layBench(type, await buildImage(name), bin, { real: accept, metered: false });
      const set = (drySeconds: number): number =>
        askForSettings(registry, new Map([[board, new Map([["drySeconds", drySeconds]])]]), Date.now(), "test");
      const has = (): number | undefined => registry.reported(board)?.set;
      try {
        await bench.listen(true);
        let running = bench.power();
        await until("a first hello", () => has() === 0);
        set(601);
        let tried = 0;
        let first = "";
        forge = (command) => {
          first ||= command;
          return forgeries(first, command)[tried++] ?? "";
        };
        // A command goes out with each line: enough for the image that measures quickly.
        const wanted = name === "underpass" ? forgeries("", "").length : 2;
        await until("every forgery", () => tried > wanted);
        assert.equal(has(), 0, "nothing forged was taken");
        forge = null;
        await until("the settings", () => has() === 1);
        for (const [round, cutMs] of CUTS_MS.entries()) {
          set(700 + round);
          let sent = false;
          const now = new Promise<void>((resolve) => (commanded = resolve)).then(() => (sent = true));
          await Promise.race([now, until("the command", () => sent)]);
          commanded = () => undefined;
          await new Promise((resolve) => setTimeout(resolve, cutMs));
          assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught|MEMORY/);
          await bench.cut();
          running = bench.power();
          await until(`change ${round + 2} after a cut at ${cutMs} ms`, () => has() === round + 2);
        }
        askBoard(registry, board, "test", "test");
        await until("the report", () => registry.asks(board)[0].answer !== null);
        const report = registry.asks(board)[0].answer!.report as { flash: string; heap: number[]; readings: object };
        console.log(`      heap free ${report.heap[0]} of ${report.heap[1]}`);
        assert.equal(report.flash, "ok");
        assert.ok(report.heap[0] > 50 && report.heap[0] < report.heap[1]);
        assert.ok(Object.values(report.readings).length >= 3);
        const packs = pipeline.stats().stored;
        await until("packs afterwards", () => pipeline.stats().stored >= packs + 2);
        assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught|MEMORY/);
        await bench.cut();
        const { refused, dead } = pipeline.stats();
        assert.deepEqual({ refused, dead }, { refused: {}, dead: {} });
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

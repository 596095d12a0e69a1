/**
 * What the hub asks of a post, on the real interpreter: settings are taken and kept through a supply that fails at any
 * moment, nothing forged is, and the post reports on itself.
 */
import assert from "node:assert/strict";
import { seal } from "../../firmware/wire/line.js";
import { askBoard } from "../../hub/orders/asks.js";
import { askForSettings } from "../../hub/registry/settings.js";
import { KEY } from "../rig/bench.js";
import { CUTS_MS, layOrdered, needInterpreter } from "../rig/ordered-bench.js";
import { macWith } from "../rig/sealed-board.js";

const BOUND_MS = 300_000;

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

for (const name of ["eco-post", "underpass"])
  describe(`orders to ${name} on the interpreter`, function () {
    this.timeout(10 * BOUND_MS);

    before(function () {
      needInterpreter(this);
    });

    it("are carried out and kept, wherever the supply fails, and only the hub's own are", async () => {
      const post = await layOrdered(name, BOUND_MS);
      const { board, registry, stats, until } = post;
      const set = (drySeconds: number): number =>
        askForSettings(registry, new Map([[board, new Map([["drySeconds", drySeconds]])]]), Date.now(), "test");
      const has = (): number | undefined => registry.reported(board)?.set;
      try {
        await until("a first hello", () => has() === 0);
        set(601);
        let tried = 0;
        let first = "";
        post.forge((command) => {
          first ||= command;
          return forgeries(first, command)[tried++] ?? "";
        });
        // A command goes out with each line: enough for the image that measures quickly.
        const wanted = name === "underpass" ? forgeries("", "").length : 2;
        await until("every forgery", () => tried > wanted);
        assert.equal(has(), 0, "nothing forged was taken");
        post.forge(null);
        await until("the settings", () => has() === 1);
        for (const [round, cutMs] of CUTS_MS.entries()) {
          set(700 + round);
          await post.cutAfterCommand(cutMs);
          await until(`change ${round + 2} after a cut at ${cutMs} ms`, () => has() === round + 2);
        }
        askBoard(registry, board, "test", "test");
        await until("the report", () => registry.asks(board)[0].answer !== null);
        const report = registry.asks(board)[0].answer!.report as { flash: string; heap: number[]; readings: object };
        console.log(`      heap free ${report.heap[0]} of ${report.heap[1]}`);
        assert.equal(report.flash, "ok");
        assert.ok(report.heap[0] > 50 && report.heap[0] < report.heap[1]);
        assert.ok(Object.values(report.readings).length >= 3);
        const packs = stats().stored;
        await until("packs afterwards", () => stats().stored >= packs + 2);
        await post.endWhole();
      } finally {
        await post.dispose();
      }
    });
  });

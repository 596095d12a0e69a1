/** The wire's code on the interpreter gives what it gives on Node, to the character. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { buildScript } from "../../hardware/bundle.js";
import { projectRoot } from "../../hub/root.js";
import { boardFolder, interpreterFrom, startInterpreter } from "../rig/espruino.js";
import { wireReport } from "../rig/wire-cases.js";

const DONE = "@@done";
const ENTRY = `import { wireReport } from "./test/rig/wire-cases.js";
  declare const print: (text: string) => void;
  declare const require: (name: string) => { SHA256(data: Uint8Array): ArrayBuffer };
  const crypto = require("crypto");
  wireReport((text) => print("@@" + text), (data) => new Uint8Array(crypto.SHA256(data)));
  print("${DONE}");`;

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`the wire on the interpreter of ${variable}`, () => {
    it("writes, seals and reads as Node does", async function () {
      const bin = interpreterFrom(variable);
      if (bin === null) {
        console.log(`      skipped: ${variable} names no interpreter`);
        return this.skip();
      }
      const expected: string[] = [];
      wireReport(
        (text) => expected.push(text),
        (data) => createHash("sha256").update(data).digest(),
      );
      assert.ok(expected.length > 1000);
      const board = boardFolder({ ".bootcde": await buildScript("wire", ENTRY, projectRoot(), true) });
      const interpreter = startInterpreter(bin, board.folder);
      try {
        await interpreter.printed(/@@done\r?\n/);
        const found = [...interpreter.output().matchAll(/@@(.*?)\r?\n/g)].map((m) => m[1]);
        assert.deepEqual(found.slice(0, -1), expected);
      } finally {
        await interpreter.kill();
        board.remove();
      }
    });
  });

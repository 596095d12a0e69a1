/** A question to a time server from the real interpreter: the datagrams of its own network code, on this machine. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { buildScript } from "../../hardware/bundle.js";
import { projectRoot } from "../../hub/root.js";
import { boardFolder, interpreterFrom, startInterpreter } from "../rig/espruino.js";

const FROM_1900_S = 2_208_988_800;

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`a time server, asked by the interpreter of ${variable}`, function () {
    this.timeout(120_000);
    const bin = interpreterFrom(variable);
    before(function () {
      if (bin !== null) return;
      console.log(`      skipped: ${variable} does not name an Espruino interpreter (see firmware/README.md)`);
      this.skip();
    });

    it("answers, and the time is right within the way there and back", async () => {
      assert.ok(bin);
      const server = createSocket("udp4");
      const asked = new Promise<void>((resolve) =>
        server.on("message", (question, from) => {
          const answer = Buffer.alloc(48);
          answer[0] = 0x24;
          answer[1] = 1;
          question.copy(answer, 24, 40, 48);
          for (const at of [32, 40]) {
            const now = Date.now();
            answer.writeUInt32BE(Math.floor(now / 1000) + FROM_1900_S, at);
            answer.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), at + 4);
          }
          server.send(answer, from.port, from.address);
          resolve();
        }),
      );
      await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
      const { port } = server.address();
      const entry = `
        import { askServer } from "./firmware/node/sntp.js";
        import { udpBoard } from "./firmware/node/udp-board.js";
        const hal = { uptimeMs: () => Math.round(getTime() * 1000), after: (ms, fn) => { const id = setTimeout(fn, ms); return () => clearTimeout(id); }, random: () => Math.random() };
        const send = (host, port, bytes, answer) => udpBoard(host, ${port}, bytes, answer);
        setTimeout(() => askServer(hal, send, "127.0.0.1", (unixMs, atMs) => print("told " + Math.round(unixMs) + " at " + atMs)), 500);`;
      const board = boardFolder({ ".bootcde": await buildScript("sntp", entry, projectRoot(), false) });
      const running = startInterpreter(bin, board.folder);
      try {
        // Output comes in pieces.
        await running.printed(/told \d+ at \d+\s/);
        await asked;
        const told = Number(/told (\d+)/.exec(running.output())?.[1]);
        assert.ok(Math.abs(told - Date.now()) < 5000, `${told} against ${Date.now()}`);
      } finally {
        await running.kill();
        server.close();
        board.remove();
      }
    });
  });

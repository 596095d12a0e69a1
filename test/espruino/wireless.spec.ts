/**
 * The strength of a wireless network, asked by the real interpreter. Its build for Linux has no wireless: a module of
 * that name answers as the ESP32's does (libs/network/esp32 of Espruino's sources, `getStatus`).
 */
import assert from "node:assert/strict";
import { buildScript } from "../../hardware/bundle.js";
import { projectRoot } from "../../hub/root.js";
import { boardFolder, interpreterFrom, startInterpreter } from "../rig/espruino.js";

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`a wireless network, at the interpreter of ${variable}`, function () {
    this.timeout(60_000);
    const bin = interpreterFrom(variable);
    before(function () {
      if (bin !== null) return;
      console.log(`      skipped: ${variable} does not name an Espruino interpreter (see firmware/README.md)`);
      this.skip();
    });

    it("has a strength while the board is in it, and none else", async () => {
      assert.ok(bin);
      const entry = `
        import { wifiDbm } from "./firmware/node/wifi-board.js";
        import { createSelfTest } from "./firmware/node/selftest.js";
        const store = { create: () => true, read: () => "", erase: () => undefined, free: () => 1, total: () => 2 };
        const hal = { store: store, uptimeMs: () => 0, heap: () => [1, 2] };
        const report = () => createSelfTest({ hal: hal, waiting: () => 0, signal: () => ({ signalDbm: wifiDbm() }) }, "n").report();
        setTimeout(() => { print(report()); global.away = true; print(report()); print("end" + " of it"); }, 100);`;
      const wifi = `exports.getStatus = () => away ? { station: "off", mode: "off" } : { station: "connected", ssid: "canal", rssi: -71 };`;
      const board = boardFolder({
        ".boot0": `var away = false; Modules.addCached("Wifi", ${JSON.stringify(wifi)});`,
        ".bootcde": await buildScript("wireless", entry, projectRoot(), false),
      });
      const running = startInterpreter(bin, board.folder);
      try {
        await running.printed(/end of it\s/);
        const said = [...running.output().matchAll(/"signalDbm":(-?\d+|null)/g)].map(([, value]) => value);
        assert.deepEqual(said, ["-71", "null"], running.output());
      } finally {
        await running.kill();
        board.remove();
      }
    });
  });

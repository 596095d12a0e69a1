/** What the driver of the SDS011 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { kind as sds011 } from "../../../firmware/sensors/sds011/driver.js";
import { COMMAND as SDS } from "../../../firmware/sensors/sds011/frame.js";
import { createSds011Sim } from "../../../firmware/sensors/sds011/sim.js";
import { bytes } from "../captures.js";
import { onUart } from "./desk.js";

describe("the driver of the SDS011", () => {
  const air = (): { pm25: number; pm10: number } => ({ pm25: 18.4, pm10: 31.5 });

  it("has the maker's commands", () => {
    assert.equal(SDS.read, bytes("aa b4 04 00 00 00 00 00 00 00 00 00 00 00 00 ff ff 02 ab"));
    assert.equal(SDS.sleep, bytes("aa b4 06 01 00 00 00 00 00 00 00 00 00 00 00 ff ff 05 ab"));
    assert.equal(SDS.work, bytes("aa b4 06 01 01 00 00 00 00 00 00 00 00 00 00 ff ff 06 ab"));
  });

  it("hears one that sends by itself, and asks one that waits", () => {
    for (const active of [true, false]) {
      const on = onUart(() => createSds011Sim(air, () => "none", active));
      for (let i = 0; i < 2; i++) assert.deepEqual(on.round(sds011, { samples: 3 }), Array(3).fill([18.4, 31.5]));
    }
  });

  it("writes nothing but work, read and sleep: its modes are kept in flash that wears", () => {
    const on = onUart(() => createSds011Sim(air));
    on.round(sds011, { samples: 2 });
    assert.deepEqual(
      on.sent.map((hex) => hex.slice(4, 10)),
      ["060101", "040000", "040000", "060100"],
    );
  });

  it("does not take the nothing of a dead laser for clean air", () => {
    assert.deepEqual(onUart(() => createSds011Sim(air, () => "laser-out")).round(sds011), [["device", "device"]]);
  });
});

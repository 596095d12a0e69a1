/** What cells behind one converter promise beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { createCellSim } from "../../../firmware/sensors/ads1115/sim.js";
import { kind as no2B43f } from "../../../firmware/sensors/no2-b43f/driver.js";
import { kind as oxB431 } from "../../../firmware/sensors/ox-b431/driver.js";
import type { Options } from "../../../firmware/sensors/sensor.js";
import type { SteppedClock } from "../../../hub/clock.js";
import { onI2c } from "./desk.js";

describe("cells behind one converter", () => {
  const cell = (options: Options, weMv: number, aeMv: number) => (clock: SteppedClock) =>
    createCellSim(
      options,
      () => ({ weMv, aeMv }),
      () => clock.now(),
    );

  it("are told apart by their inputs", () => {
    const on = onI2c(cell(no2B43f.defaults, 255, 235), cell(oxB431.defaults, 262.5, 240));
    assert.deepEqual(on.round(no2B43f), [[255, 235]]);
    assert.deepEqual(on.round(oxB431), [[262.5, 240]]);
  });

  it("or stand behind another by its address", () => {
    const outlet = { ...no2B43f.defaults, address: 0x49 };
    const on = onI2c(cell(no2B43f.defaults, 255, 235), cell(outlet, 230, 234));
    assert.deepEqual(on.round(no2B43f), [[255, 235]]);
    assert.deepEqual(on.round(no2B43f, { options: { address: 0x49 } }), [[230, 234]]);
    assert.deepEqual(on.round(no2B43f, { options: { address: 0x4a } }), [["bus", "bus"]]);
  });

  it("are converted and sampled as often as the site says", () => {
    const few = no2B43f.make({ ...no2B43f.defaults, conversions: 2, samples: 3 });
    const usual = no2B43f.make(no2B43f.defaults);
    assert.equal(few.samples, 3);
    assert.ok(few.sampleTimeoutMs < usual.sampleTimeoutMs);
    const on = onI2c(cell(no2B43f.defaults, 255, 235));
    assert.deepEqual(on.round(no2B43f, { options: { conversions: 2 } }), [[255, 235]]);
  });
});

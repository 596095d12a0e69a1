/** What the driver of the MiCS-4514 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { kind as mics4514 } from "../../../firmware/sensors/mics4514/driver.js";
import { createMics4514Sim } from "../../../firmware/sensors/mics4514/sim.js";
import { onI2c } from "./desk.js";

describe("the driver of the MiCS-4514", () => {
  it("switches its heaters on, reports the round in which they were off as a fault, and leaves them on", () => {
    const on = onI2c(() => createMics4514Sim(() => ({ ox: 240, red: 610 })));
    assert.deepEqual(on.round(mics4514, { samples: 2 }), Array(2).fill(["device", "device"]));
    assert.deepEqual(on.round(mics4514, { samples: 2 }), Array(2).fill([240, 610]));
  });
});

/** What the driver of the PMS3003 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { kind as pms3003 } from "../../../firmware/sensors/pms3003/driver.js";
import { createPms3003Sim } from "../../../firmware/sensors/pms3003/sim.js";
import { onUart } from "./desk.js";

describe("the driver of the PMS3003", () => {
  it("hears it without a word", () => {
    const on = onUart(() => createPms3003Sim(() => ({ pm1: 5, pm25: 9, pm10: 12 })));
    assert.deepEqual(on.round(pms3003, { samples: 2 }), Array(2).fill([5, 9, 12, 5, 9, 12]));
    assert.deepEqual(on.sent, []);
  });
});

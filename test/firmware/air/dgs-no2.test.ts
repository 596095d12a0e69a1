/** What the driver of the DGS-NO2 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { kind as dgsNo2 } from "../../../firmware/sensors/dgs-no2/driver.js";
import { createDgsSim } from "../../../firmware/sensors/dgs-no2/sim.js";
import { onUart } from "./desk.js";

describe("the driver of the DGS-NO2", () => {
  it("takes both kinds of line, and a figure below zero as it is", () => {
    for (const short of [false, true])
      assert.deepEqual(onUart(() => createDgsSim(() => -17, undefined, short)).round(dgsNo2, { samples: 2 }), [
        [-17],
        [-17],
      ]);
  });

  it("says range for what it says before it has settled", () => {
    assert.deepEqual(
      onUart(() =>
        createDgsSim(
          () => 20,
          () => "unsettled",
        ),
      ).round(dgsNo2),
      [["range"]],
    );
  });
});

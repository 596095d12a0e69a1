/** What the driver of the SHT31 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { kind as sht31 } from "../../../firmware/sensors/sht31/driver.js";
import { createSht31Sim } from "../../../firmware/sensors/sht31/sim.js";
import { onI2c } from "./desk.js";

describe("the driver of the SHT31", () => {
  it("finds a second one by its address", () => {
    const air = (temperatureC: number) => () => ({ temperatureC, humidityPercent: 50 });
    const on = onI2c(
      (clock) => createSht31Sim(air(20), () => clock.now()),
      (clock) =>
        createSht31Sim(
          air(-20),
          () => clock.now(),
          () => "none",
          0x45,
        ),
    );
    assert.ok(Math.abs((on.round(sht31)[0]![0] as number) - 20) < 0.01);
    assert.ok(Math.abs((on.round(sht31, { options: { address: 0x45 } })[0]![0] as number) + 20) < 0.01);
  });
});

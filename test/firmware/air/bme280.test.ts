/** What the driver of the BME280 promises beyond what test/firmware/sensors.test.ts asks of every sensor. */
import assert from "node:assert/strict";
import { kind as bme280 } from "../../../firmware/sensors/bme280/driver.js";
import { constantsOf, decodeBme280 } from "../../../firmware/sensors/bme280/frame.js";
import { createBme280Sim, EXAMPLE, type Bme280Trouble } from "../../../firmware/sensors/bme280/sim.js";
import type { I2c } from "../../../firmware/sensors/sensor.js";
import { desk, onI2c } from "./desk.js";
import type { Said } from "./desk.js";

describe("the driver of the BME280", () => {
  const run = (trouble: Bme280Trouble, raw = EXAMPLE): Said =>
    onI2c((clock) =>
      createBme280Sim(
        () => raw,
        () => clock.now(),
        () => trouble,
      ),
    ).round(bme280)[0]!;

  it("gives what the datasheet's example gives", () => {
    const [temperature, humidity, pressure] = run("none") as [number, number, number];
    assert.equal(temperature.toFixed(2), "25.08");
    assert.equal(pressure.toFixed(4), "1006.5327");
    // The datasheet's other formula, in integers, gives 54.997 for the same figures.
    assert.ok(Math.abs(humidity - 54.997) < 0.01, String(humidity));
  });

  it("reads frost as below zero and holds humidity within what there is", () => {
    const [temperature] = run("none", { ...EXAMPLE, temperature: 380000 }) as [number];
    assert.ok(temperature < -10 && temperature > -40, String(temperature));
    assert.equal(run("none", { ...EXAMPLE, humidity: 50000 })[1], 100);
    assert.equal(run("none", { ...EXAMPLE, humidity: 1 })[1], 0);
  });

  it("does not call a temperature that it cannot measure a reading", () => {
    assert.equal(run("none", { ...EXAMPLE, temperature: 900000 })[0], "range");
  });

  it("tells its sister, which knows no humidity, from an open bus", () => {
    assert.deepEqual(run("bmp280"), ["device", "device", "device"]);
    for (const byte of [0x00, 0xff]) {
      const open: I2c = { write: () => true, read: (_address, count) => new Uint8Array(count).fill(byte) };
      assert.deepEqual(desk(() => ({ i2c: open })).round(bme280), [["bus", "bus", "bus"]]);
    }
  });

  it("takes the four bits that two constants share apart, with their signs", () => {
    const first = new Uint8Array(26);
    first[25] = 75;
    const { h } = constantsOf(first, Uint8Array.of(0x6a, 0x01, 0, 0xff, 0x21, 0xff, 0xe2));
    assert.deepEqual(h, [75, 362, 0, -15, -14, -30]);
  });

  it("has no answer for constants of nothing, and for an answer of the wrong length", () => {
    const nothing = constantsOf(new Uint8Array(26), new Uint8Array(7));
    assert.deepEqual(decodeBme280(new Uint8Array(8), nothing), { ok: false, fault: "device" });
    assert.deepEqual(decodeBme280(new Uint8Array(7), nothing), { ok: false, fault: "checksum" });
  });
});

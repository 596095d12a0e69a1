/** What a usual pack of a build says. */
import assert from "node:assert/strict";
import { sensorKind } from "../../firmware/sensors/list.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { optionsOf } from "../../hardware/ports.js";
import { sensorsOf } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { SteppedClock } from "../../hub/clock.js";
import { partsOf } from "./parts.js";

/** Every property of every sensor, sensor by sensor, with the values of its simulated part. */
export async function usualReadings(type: SiteType, build: Build): Promise<Reading[][]> {
  const { expect } = await partsOf(type, new SteppedClock(0), build);
  return sensorsOf(type, build).map((fitted) => {
    const sensor = sensorKind(fitted.sensor)?.make(optionsOf(type, fitted));
    assert.ok(sensor, fitted.sensor);
    const { properties, spread } = sensor;
    const all = [...properties, ...(spread === null ? [] : [spread.as])];
    return all.map((p): Reading => {
      const name = p.name + (fitted.suffix ?? "");
      const property = PROPERTIES.find((one) => one.name === name);
      assert.ok(property, name);
      return { property, ok: true, value: expect[name] ?? 0 };
    });
  });
}

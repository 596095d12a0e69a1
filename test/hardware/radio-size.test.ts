/** What a narrow radio can carry, for every site type that is built with one. */
import assert from "node:assert/strict";
import { binaryForm, onAir } from "../../firmware/node/form-binary.js";
import { sensorKind } from "../../firmware/sensors/list.js";
import { RADIO_MAX } from "../../firmware/wire/binary.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { optionsOf } from "../../hardware/ports.js";
import { sensorsOf, SITE_TYPES } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { SteppedClock } from "../../hub/clock.js";
import { partsOf } from "../rig/parts.js";

/** A board that has been up for four months, on its 300th start, with 65,000 packs behind it. */
const form = binaryForm({ epoch: "fe5c951e", boot: 300 });
const SEQ = 65_000;
const UPTIME_MS = 1e10;

/** The readings of a usual pack: every property of every sensor, with the values of its simulated part. */
async function usualReadings(type: SiteType, build: Build): Promise<Reading[]> {
  const { expect } = await partsOf(type, new SteppedClock(0), build);
  const names = sensorsOf(type, build).flatMap((fitted) => {
    const sensor = sensorKind(fitted.sensor)?.make(optionsOf(type, fitted));
    assert.ok(sensor, fitted.sensor);
    const { properties, spread } = sensor;
    return [...properties, ...(spread === null ? [] : [spread.as])].map((p) => p.name + (fitted.suffix ?? ""));
  });
  return names.map((name) => {
    const property = PROPERTIES.find((one) => one.name === name);
    assert.ok(property, name);
    return { property, ok: true, value: expect[name] ?? 0 };
  });
}

describe("a pack on a narrow radio", () => {
  const posts = SITE_TYPES.flatMap((type) =>
    type.builds.filter(({ uplink }) => uplink === "lora").map((build) => ({ type, build })),
  );

  for (const { type, build } of posts)
    it(`of ${type.name} fits the slowest data rate in the usual case`, async () => {
      const record = form.pack(SEQ, UPTIME_MS, form.parts(await usualReadings(type, build)));
      const { length } = onAir(record);
      assert.ok(length <= RADIO_MAX, `${length} bytes`);
      assert.ok(record.length <= form.longest);
    });

  it("is in use, by some site types", () => {
    assert.ok(posts.length >= 3, posts.map(({ type }) => type.name).join());
  });
});

/** What a narrow radio can carry, for every site type that is built with one. */
import assert from "node:assert/strict";
import { binaryForm, onAir } from "../../firmware/node/form-binary.js";
import { RADIO_MAX } from "../../firmware/wire/binary.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import { usualReadings } from "../rig/usual-readings.js";

/** A board that has been up for four months, on its 300th start, with 65,000 packs behind it. */
const form = binaryForm({ epoch: "fe5c951e", boot: 300 });
const SEQ = 65_000;
const UPTIME_MS = 1e10;

describe("a pack on a narrow radio", () => {
  const posts = SITE_TYPES.flatMap((type) =>
    type.builds.filter(({ uplink }) => uplink === "lora").map((build) => ({ type, build })),
  );

  for (const { type, build } of posts)
    it(`of ${type.name} fits the slowest data rate in the usual case`, async () => {
      const record = form.pack(SEQ, UPTIME_MS, form.parts((await usualReadings(type, build)).flat()));
      const { length } = onAir(record);
      assert.ok(length <= RADIO_MAX, `${length} bytes`);
      assert.ok(record.length <= form.longest);
    });

  it("is in use, by some site types", () => {
    assert.ok(posts.length >= 3, posts.map(({ type }) => type.name).join());
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { BoardId, Observation, PackEntry, SiteId } from "../../../hub/model.js";
import {
  createPackEncoder,
  escapeKey,
  escapeMeasurement,
  fieldName,
  pointTimeNs,
  seriesKey,
  type PointSite,
} from "../../../hub/outputs/line-protocol.js";
import { packEntry, START } from "./entries.js";

const about: PointSite = { kind: "flood", type: "underpass", district: "Almaly" };
const places = { pointSite: () => about, boardNumber: () => 7 };
const at = (change: Partial<PackEntry>) => packEntry(12, { time: START, ...change }) as PackEntry & { site: SiteId };
const observed = (value: number | null, more: Partial<Observation> = {}): Observation[] => [
  { property: "distance", value, flag: 1, calibration: 0, ...more },
];

describe("line protocol", () => {
  it("writes a pack as one point with values, flags, calibration numbers and the board", () => {
    const encoded = createPackEncoder(places)(at({}));
    assert.deepEqual(encoded, {
      ok: true,
      line:
        "flood,district=Almaly,kind=underpass,site=underpass-1 " +
        "board=7,distance=1012,distance_flag=1,water_depth=2997,water_depth_flag=2,water_depth_cal=5 " +
        `${START}000012`,
    });
  });

  it("writes a reading without a value as its flag alone", () => {
    const encoded = createPackEncoder(places)(at({ observations: observed(null, { flag: 9, why: ["timeout"] }) }));
    assert.ok(encoded.ok);
    assert.match(encoded.line, / board=7,distance_flag=9 /);
  });

  it("never writes NaN or infinity", () => {
    for (const value of [NaN, Infinity, -Infinity])
      assert.deepEqual(createPackEncoder(places)(at({ observations: observed(value) })), {
        ok: false,
        reason: "bad-number",
      });
  });

  it("refuses times that InfluxDB cannot hold, and sites that the registry does not know", () => {
    for (const time of [0, -1, 0.5, NaN, 9_223_372_036_854, 2 ** 60])
      assert.deepEqual(createPackEncoder(places)(at({ time })), { ok: false, reason: "bad-time" });
    const encode = createPackEncoder({ ...places, pointSite: () => undefined });
    assert.deepEqual(encode(at({})), { ok: false, reason: "unknown-site" });
  });

  it("keeps packs of one millisecond apart by their number", () => {
    assert.equal(pointTimeNs(START, 1), `${START}000001`);
    assert.equal(pointTimeNs(START, 999_999), `${START}999999`);
    assert.equal(pointTimeNs(START, 1_000_002), `${START}000002`);
  });

  it("follows a change of the site's district at once", () => {
    let district = "Almaly";
    const encode = createPackEncoder({ ...places, pointSite: () => ({ ...about, district }) });
    encode(at({}));
    district = "Auezov";
    const encoded = encode(at({}));
    assert.ok(encoded.ok && encoded.line.startsWith("flood,district=Auezov,"));
  });

  it("escapes what has a meaning of its own, and only that", () => {
    assert.equal(escapeMeasurement("a b,c=d"), "a\\ b\\,c=d");
    assert.equal(escapeKey("a b,c=d"), "a\\ b\\,c\\=d");
    assert.equal(escapeKey("Алмалы №1 \"x\" 'y'"), "Алмалы\\ №1\\ \"x\"\\ 'y'");
    assert.equal(escapeKey("back\\slash\\"), "back_slash_");
    assert.equal(escapeKey("two\nlines\r\0"), "two_lines__");
    assert.equal(fieldName("pm25-cf1"), "pm25_cf1");
  });

  it("leaves out an empty tag", () => {
    assert.equal(seriesKey("u-1", { ...about, district: "" }), "flood,kind=underpass,site=u-1");
  });

  it("makes lines that read back as what went in, whatever names and numbers it is given", () => {
    const text = fc.string({ unit: "binary", maxLength: 12 });
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    fc.assert(
      fc.property(text, text, text, value, (site, district, property, v) => {
        const encode = createPackEncoder({ pointSite: () => ({ ...about, district }), boardNumber: () => 1 });
        const encoded = encode(
          at({ site: site as SiteId, board: "b" as BoardId, observations: observed(v, { property }) }),
        );
        assert.ok(encoded.ok);
        assert.doesNotMatch(encoded.line, /[\n\r]/);
        // The three parts are parted by spaces that no backslash stands before.
        const parts = encoded.line.split(/(?<!\\) /);
        assert.equal(parts.length, 3);
        const [key, fields, time] = parts;
        const plain = (escaped: string): string => escaped.replace(/\\([,= ])/g, "$1");
        const written = (given: string): string => given.replace(/[\u0000-\u001f\u007f\\]/g, "_");
        const tags = new Map(key.split(/(?<!\\),/).map((tag) => tag.split(/(?<!\\)=/).map(plain) as [string, string]));
        assert.equal(tags.get("site") ?? "", written(site));
        assert.equal(tags.get("district") ?? "", written(district));
        const values = fields.split(/(?<!\\),/).map((field) => field.split(/(?<!\\)=/).map(plain));
        assert.equal(values[1][0], written(property.replaceAll("-", "_")));
        assert.equal(Number(values[1][1]), v === 0 ? 0 : v);
        assert.equal(time, `${START}000012`);
      }),
      { numRuns: 500 },
    );
  });
});

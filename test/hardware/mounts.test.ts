import assert from "node:assert/strict";
import { MOUNTS, mountOf } from "../../hardware/mounts/index.js";
import { PARTS, partOf } from "../../hardware/parts.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import type { Text } from "../../hardware/text.js";

/** Every text below a value, with the path to it. */
function texts(value: unknown, path: string): [string, Text][] {
  if (value === null || typeof value !== "object") return [];
  if ("en" in value && "ru" in value && "kk" in value) return [[path, value as Text]];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe("a mount", () => {
  it("is there for every site type, and for no other", () => {
    for (const { name } of SITE_TYPES) assert.ok(mountOf(name), `${name} has no mount`);
    for (const { site } of MOUNTS)
      assert.ok(
        SITE_TYPES.some(({ name }) => name === site),
        `${site} is no site type`,
      );
    assert.equal(new Set(MOUNTS.map((m) => m.site)).size, MOUNTS.length);
  });

  for (const mount of MOUNTS)
    it(`of ${mount.site} says everything in three languages, each in its own letters`, () => {
      const all = texts(mount, mount.site);
      assert.ok(all.length > 40, String(all.length));
      for (const [path, { en, ru, kk }] of all) {
        assert.doesNotMatch(en, /[а-яёәғқңөұүһі]/i, path);
        assert.match(ru, /[а-яё]|^\d/i, path);
        assert.doesNotMatch(ru, /[әғқңөұүһі]/i, path);
        assert.match(kk, /[а-яәғқңөұүһі]|^\d/i, path);
        assert.notEqual(kk, ru, path);
        for (const one of [en, ru, kk]) assert.doesNotMatch(one, /\s$|^\s|!|  /, path);
      }
    });

  it("leaves the sensor room above its dead zone, and asks for checks that can fail", () => {
    for (const { site, heightMm, deadZoneMm, checks, steps, failures, settings } of MOUNTS) {
      assert.ok(heightMm[0] > deadZoneMm && heightMm[1] > heightMm[0], site);
      assert.ok(checks.filter((c) => c.limit !== undefined).length >= 3, site);
      for (const { limit } of checks)
        if (limit) {
          assert.ok(limit.min !== undefined || limit.max !== undefined, site);
          if (limit.min !== undefined && limit.max !== undefined) assert.ok(limit.min <= limit.max, site);
        }
      assert.ok(steps.length >= 9 && failures.length >= 5 && settings.length >= 2, site);
    }
  });

  it("asks only for parts that are in the list of parts", () => {
    for (const { extras } of MOUNTS) for (const { part, count } of extras) assert.ok(partOf(part) && count > 0);
    assert.throws(() => partOf("glue"), /no part is called glue/);
    assert.ok(PARTS.length > 30);
  });

  it("checks the height and tilt that it asks for", () => {
    const underpass = mountOf("underpass");
    assert.ok(underpass);
    const height = underpass.checks.find((c) => c.text.en.startsWith("height"));
    const tilt = underpass.checks.find((c) => c.text.en.startsWith("tilt"));
    assert.deepEqual([height?.limit?.min, height?.limit?.max], underpass.heightMm);
    assert.equal(tilt?.limit?.max, underpass.tiltMaxDeg);
  });
});

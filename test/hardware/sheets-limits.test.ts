import assert from "node:assert/strict";
import { FLOOD_DEFAULTS } from "../../hub/alerts/flood/settings.js";
import { seesFromMm } from "../../hub/calibration/index.js";
import type { Mount } from "../../hardware/mounts/mount.js";
import { mountOf } from "../../hardware/mounts/index.js";
import { recordsOf } from "../../hardware/sheets/commission.js";
import { postsOf, type Post } from "../../hardware/sheets/of-build.js";
import { SITE_TYPES } from "../../hardware/sites.js";

const CLOSING_MM = FLOOD_DEFAULTS.onMm[2];

const limitOf = (mount: Mount, start: string): { min?: number; max?: number } => {
  const limit = mount.checks.find(({ text }) => text.en.startsWith(start))?.limit;
  assert.ok(limit, `${mount.site} has no check "${start}…"`);
  return limit;
};
const within = (value: unknown, { min = -Infinity, max = Infinity }: { min?: number; max?: number }, what: string) =>
  assert.ok(typeof value === "number" && value >= min && value <= max, `${what}: ${String(value)} in ${min}…${max}`);

describe("limits of a sheet", () => {
  const posts: [Post, Mount][] = [];
  before(async () => {
    for (const type of SITE_TYPES) {
      const mount = mountOf(type.name);
      assert.ok(mount);
      for (const post of await postsOf(type)) posts.push([post, mount]);
    }
  });

  it("hold its own example records: what a reader copies must not be refused by the checklist below", () => {
    let heights = 0;
    for (const [post, mount] of posts)
      for (const { property, params } of recordsOf(post)) {
        const what = `${post.name}, ${property}`;
        const { mountHeightMm, tiltDeg, tank } = params;
        if (mountHeightMm !== undefined) {
          within(mountHeightMm, { min: mount.heightMm[0], max: mount.heightMm[1] }, what);
          heights += 1;
        }
        if (tiltDeg !== undefined) within(tiltDeg, { min: 0, max: mount.tiltMaxDeg }, what);
        if (tank !== undefined) {
          const { heightMm } = tank as { heightMm: number };
          within(mountHeightMm, { min: heightMm + mount.deadZoneMm }, `${what}, above the full mark`);
        }
      }
    assert.ok(heights >= 8, String(heights));
  });

  it("hold the example records of underpasses: offset, least water seen, and where the float switches", () => {
    const flooded = posts.filter(([{ type }]) => type.rules.includes("flood"));
    for (const [post, mount] of flooded) {
      const params = new Map(recordsOf(post).map((record) => [record.property, record.params]));
      const { lowPointOffsetMm, noiseFloorMm } = params.get("water-depth") ?? {};
      within(lowPointOffsetMm, limitOf(mount, "offset to the lowest point"), post.name);
      if (post.type.derived.length === 1)
        within(Number(lowPointOffsetMm) + Number(noiseFloorMm), limitOf(mount, "lowPointOffsetMm +"), post.name);
      const float = params.get("water-depth-float");
      if (float !== undefined)
        within(
          Number(float.switchHeightMm) + Number(float.lowPointOffsetMm),
          limitOf(mount, "float: switchHeightMm"),
          post.name,
        );
    }
    assert.ok(flooded.length >= 4);
  });

  it("let no post pass that is alone with its echo and cannot see the closing depth", () => {
    const alone = posts.filter(([{ type }]) => type.rules.includes("flood") && type.derived.length === 1);
    assert.ok(alone.length > 0);
    for (const [{ name, type }, mount] of alone) {
      const { max: offset } = limitOf(mount, "offset to the lowest point");
      assert.ok(offset !== undefined, name);
      for (const mountHeightMm of mount.heightMm) {
        // Of the first day; what the scatter makes of it later is held by the sum's own check.
        const noiseFloorMm = Math.max(30, mountHeightMm / 100);
        const sees = seesFromMm({
          model: "level-depth",
          params: { mountHeightMm, tiltDeg: 0, lowPointOffsetMm: offset, noiseFloorMm },
        });
        assert.ok(sees !== null && sees < CLOSING_MM, `${name} at ${mountHeightMm} mm sees from ${sees} mm`);
      }
      const { max: sum } = limitOf(mount, "lowPointOffsetMm +");
      assert.ok(sum !== undefined && sum < CLOSING_MM, `${type.name}: ${sum} mm`);
      // The widest offset must leave room for the noise floor of the first day, or nobody could sign.
      assert.ok(sum >= offset + Math.max(30, mount.heightMm[1] / 100), type.name);
    }
  });
});

import assert from "node:assert/strict";
import { mountOf } from "../../hardware/mounts/index.js";
import { partOf } from "../../hardware/parts.js";
import { BOX, boxLayoutOf, boxPicture, endOf } from "../../hardware/sheets/box-layout.js";
import { postsOf } from "../../hardware/sheets/of-build.js";
import { partsList } from "../../hardware/sheets/parts-list.js";
import { SMALLEST_MM, WIDTH_MM, widthOf } from "../../hardware/sheets/svg.js";
import { SITE_TYPES } from "../../hardware/sites.js";

describe("the box of a post on mains", () => {
  it("holds what is on its rail, and has a hole for each gland that is ordered, the mains apart from the rest", async () => {
    let boxes = 0;
    for (const type of SITE_TYPES) {
      const mount = mountOf(type.name);
      assert.ok(mount);
      for (const post of await postsOf(type)) {
        const lines = partsList(post, mount);
        const layout = boxLayoutOf(post, lines);
        assert.equal(layout !== null, post.build.supply === "mains", post.name);
        if (layout === null) continue;
        boxes += 1;
        const { rail, partition, holes } = layout;
        assert.ok(endOf(layout) <= (BOX.width + BOX.rail) / 2, `${post.name} ends at ${endOf(layout)} mm`);
        for (const [i, one] of rail.entries()) {
          if (i > 0) assert.ok(one.x >= rail[i - 1].x + rail[i - 1].width, post.name);
          const live = /mains|breaker|thermostat/.test(one.part);
          assert.equal(one.x < partition, live, `${post.name}: ${one.part}`);
          assert.ok(!live || one.x + one.width <= partition, `${post.name}: ${one.part}`);
        }
        for (const kind of ["gland-m12", "gland-m16", "vent"] as const)
          assert.equal(
            holes.filter(({ gland }) => gland === kind).length,
            lines.find(({ part }) => part === kind)?.count ?? 0,
            `${post.name}: ${kind}`,
          );
        const xs = holes.map(({ x }) => x);
        for (const [i, x] of xs.entries()) {
          assert.ok(x >= 15 && x <= BOX.width - 15, `${post.name}: hole at ${x} mm`);
          if (i > 0) assert.ok(x - xs[i - 1] >= 30, `${post.name}: holes ${x - xs[i - 1]} mm apart`);
        }
        assert.deepEqual(
          xs.filter((x) => x < partition),
          [xs[0]],
          post.name,
        );
        const picture = boxPicture(layout, post, mount, lines);
        for (const [, size] of picture.matchAll(/font-size="([\d.]+)"/g)) assert.ok(Number(size) >= SMALLEST_MM);
        for (const [, x, size, text] of picture.matchAll(
          /<text x="(-?[\d.]+)" y="[\d.]+" font-size="([\d.]+)">([^<]*)</g,
        ))
          assert.ok(Number(x) + widthOf(text, { size: Number(size) }) <= WIDTH_MM + 1, text);
        assert.doesNotMatch(picture, /undefined/);
      }
    }
    assert.ok(boxes >= 8, String(boxes));
  });

  it("is ordered as large as it is drawn", () => {
    const { order } = partOf("box-large");
    assert.ok(order.includes(`${BOX.width} × ${BOX.height} ×`) && order.includes(`DIN rail ${BOX.rail} mm`), order);
  });
});

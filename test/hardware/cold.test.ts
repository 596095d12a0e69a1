import assert from "node:assert/strict";
import { borneOf, exceptionFor, tooCold } from "../../hardware/cold.js";
import { COLD_EXCEPTIONS } from "../../hardware/cold-exceptions.js";
import { COLD_C } from "../../hardware/climate.js";
import { mountOf } from "../../hardware/mounts/index.js";
import { liftK } from "../../hardware/power/heater.js";
import { postsOf, type Post } from "../../hardware/sheets/of-build.js";
import { sheetOf } from "../../hardware/sheets/sheet.js";
import { SITE_TYPES } from "../../hardware/sites.js";

describe("the cold of Almaty", () => {
  const posts: Post[] = [];
  before(async () => {
    for (const type of SITE_TYPES) posts.push(...(await postsOf(type)));
  });

  it("is borne by every part where it stands, or the sheet says in three languages what then", () => {
    for (const post of posts) {
      const mount = mountOf(post.type.name);
      assert.ok(mount);
      for (const { part, bearsC, coldestC } of tooCold(post)) {
        const known = exceptionFor(post.type, part);
        assert.ok(known, `${post.name}: ${part} bears ${bearsC} °C, its place has ${coldestC}`);
        for (const language of ["en", "ru", "kk"] as const)
          assert.ok(JSON.stringify(sheetOf([post], mount, language)).includes(known.means[language]), post.name);
      }
    }
  });

  it("is told of no part that bears it", () => {
    for (const one of COLD_EXCEPTIONS)
      assert.ok(
        posts.some(
          (post) => exceptionFor(post.type, one.part) === one && tooCold(post).some((p) => p.part === one.part),
        ),
        one.part,
      );
  });

  it("reaches a sensor out of doors in full, and one in a heated box or head less by what its heater lifts", () => {
    const coldest = (name: string, sensor: string): number | undefined => {
      const post = posts.find(({ type }) => type.name === name);
      assert.ok(post);
      return borneOf(post).find(({ part }) => part === sensor)?.coldestC;
    };
    assert.equal(coldest("eco-post", "sht31"), COLD_C);
    assert.equal(coldest("eco-post", "pms5003"), COLD_C + liftK("heater"));
    assert.equal(coldest("purifier", "pms5003"), COLD_C + liftK("heater-head"));
    assert.equal(coldest("mobile-eco-post", "sps30"), COLD_C);
    assert.equal(coldest("eco-station", "a02yyuw"), COLD_C);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../hub/root.js";
import { healthText } from "../../../hub/web/health-text.js";
import { en } from "../../../hub/words/page.en.js";
import { kk } from "../../../hub/words/page.kk.js";
import { ru } from "../../../hub/words/page.ru.js";

describe("what is not well with the hub", () => {
  it("is said in the page's language, with the hub's own message for the figures", () => {
    const stepped = { code: "stepped", message: "the hub's clock was set by 90 s" };
    assert.equal(healthText(stepped, en, "en"), stepped.message);
    assert.equal(healthText(stepped, ru, "ru"), `${ru.health.stepped} (${stepped.message})`);
    const damaged = { code: "damaged-history", message: "m" };
    assert.equal(healthText(damaged, kk, "kk"), `${kk.health.damaged} (m)`);
    assert.equal(healthText({ code: "something-new", message: "m" }, kk, "kk"), "m");
  });

  it("has words for every code that a component of the hub gives", () => {
    const files = readdirSync(join(projectRoot(), "hub"), { recursive: true, encoding: "utf8" });
    const codes = files
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(projectRoot(), "hub", file), "utf8"))
      .flatMap((source) => [...source.matchAll(/status: "(?:degraded|down)", code: ["`]([a-z-]+)/g)])
      .map((match) => match[1]!.replace(/-$/, ""));
    for (const code of ["unsure", "damaged", "lag"]) assert.ok(codes.includes(code), code);
    const known: Record<string, string> = en.health;
    for (const code of codes) assert.equal(typeof known[code], "string", `no words for "${code}"`);
  });
});

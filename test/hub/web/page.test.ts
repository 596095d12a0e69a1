/** The page in a real browser, over a real hub's server. */
import assert from "node:assert/strict";
import type { Browser, Locator, Page } from "playwright-core";
import { en } from "../../../hub/words/page.en.js";
import { reading, startBench, until } from "../api/setup.js";
import type { Bench } from "../api/setup.js";
import { assertFits, assertReadable, launchBrowser, needBrowser, pictureOf } from "./browser.js";
import { focusOf, outlineOf } from "./measures.js";
import { CITY, fillCity, raise } from "./page-city.js";

describe("the live page in a browser", function () {
  this.timeout(120_000);
  let bench: Bench;
  let browser: Browser;
  let page: Page;
  const foreign: string[] = [];
  const problems: string[] = [];

  before(async function () {
    needBrowser(this);
    bench = await startBench({ sites: CITY });
    await fillCity(bench);
    await bench.access.add("Айгүл Сейіт", "operator", "a long password");
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: "en-GB" });
    page = await context.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith(bench.url) && !request.url().startsWith("data:")) foreign.push(request.url());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/40[01]|EventSource|ERR_/.test(message.text())) problems.push(message.text());
    });
  });
  after(async () => {
    await browser?.close();
    await bench?.stop();
  });

  const picture = (name: string, fullPage = false): Promise<void> => pictureOf(page, name, fullPage);
  const readable = (what: string): Promise<void> => assertReadable(page, what);
  const card = (id: string) => page.locator(`[data-site="${id}"]`);
  const look = (id: string) => lookOf(card(id));
  const lookOf = (one: Locator) =>
    one.evaluate((element) => {
      const style = element.ownerDocument.defaultView?.getComputedStyle(element);
      return {
        ground: `${style?.backgroundImage} ${style?.backgroundColor}`,
        border: `${style?.borderStyle} ${style?.borderColor}`,
      };
    });

  it("asks for a login first, and shows the city after it", async () => {
    await page.goto(bench.url);
    await page.getByLabel("Name").fill("Айгүл Сейіт");
    await page.getByLabel("Password").fill("not this one");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("Name or password is wrong.").waitFor();
    await readable("the login");
    await picture("login");
    await page.getByLabel("Password").fill("a long password");
    await page.getByRole("button", { name: "Log in" }).click();
    await card("underpass-1").waitFor();
  });

  it("shows a flood first, with its level in words and its depth", async () => {
    const first = page.locator("section.underpasses li").first();
    assert.equal(await first.getAttribute("data-site"), "underpass-1");
    assert.match((await first.textContent()) ?? "", /closure.*Raiymbek Ave \/ Pushkin St.*20\u00a0cm/);
  });

  it("shows a silent post quite unlike a dry one, and says what it does not know", async () => {
    await page.getByRole("button", { name: /Show all \(102\)/ }).click();
    const dry = (await card("underpass-4").textContent()) ?? "";
    const silent = (await card("underpass-3").textContent()) ?? "";
    assert.match(dry, /dry/);
    assert.match(silent, /no data since 13:34, state unknown.*watch.*last 8\u00a0cm/);
    assert.doesNotMatch(silent, /dry/);
    assert.equal(await card("underpass-3").locator("s").textContent(), "last 8\u00a0cm");
    assert.match((await card("underpass-9").textContent()) ?? "", /no data yet, state unknown/);
    const [a, b, c] = [await look("underpass-4"), await look("underpass-3"), await look("underpass-2")];
    assert.match(b.ground, /repeating-linear-gradient/);
    assert.notEqual(a.ground, b.ground);
    assert.notDeepEqual(a, c, "a suspect one differs from a dry one");
    assert.match((await card("underpass-2").textContent()) ?? "", /suspect.*62\u00a0cm.*jump/);
    await readable("the whole city");
    await picture("desktop", true);
    await page.getByRole("button", { name: "Show fewer" }).first().click();
  });

  it("shows containers by fill, and readings that are missing, doubtful or old as such", async () => {
    const first = page.locator("section.containers li").first();
    assert.equal(await first.getAttribute("data-site"), "container-4");
    assert.match((await first.textContent()) ?? "", /99\u00a0% 143\u00a0kg.*overflowing/);
    const alarm = (await page.locator('[data-alarm="container-4/overflow"]').textContent()) ?? "";
    assert.match(alarm, /^Overflowing(?!:)/, "the levels' words are about water");
    assert.match(
      (await card("eco-2").textContent()) ?? "",
      /no value sensor does not answer.*12\.5 not evaluated: factory values/,
    );
    assert.equal(await card("eco-2").locator(".suspect").count(), 0, "not evaluated is not suspect");
    assert.match((await card("eco-1").textContent()) ?? "", /38\.1 +suspect outside the calibrated conditions/);
    assert.match((await card("reservoir-1").textContent()) ?? "", /48\u202f210(?!\.)/);
    assert.match((await card("reservoir-2").textContent()) ?? "", /no data since 11:05/);
    const map = page.locator('section.map svg[role="img"]');
    assert.equal(await map.locator("path.dot").count(), 1106);
    assert.ok((await map.locator("path.dot.silent").count()) > 0);
    assert.equal(
      await map.locator("path.dot.silent + path.query").count(),
      await map.locator("path.dot.silent").count(),
    );
    assert.deepEqual(await page.locator(".legend li").allTextContents(), Object.values(en.marks));
    await page.getByText("© OpenStreetMap contributors").waitFor();
  });

  it("lets an age tick and a new reading come in by itself", async () => {
    const ageOf = (id: string) => card(id).locator(".age").textContent();
    const before = await ageOf("underpass-1");
    bench.clock.advance(7000);
    await until("the age has ticked", async () => (await ageOf("underpass-1")) !== before);
    await bench.pack("underpass-1", bench.clock.now(), [reading("water-depth", 312)]);
    raise(bench, "underpass-1", "flood", 4, { depthMm: 312 });
    await card("underpass-1").getByText("danger to life").waitFor();
    await card("underpass-1").getByText(/31.cm/).waitFor();
    await bench.pack("underpass-1", bench.clock.now() + 1, [reading("water-depth", 384)]);
    await page.locator('[data-alarm="underpass-1/flood"]').getByText(/38.cm/).waitFor();
  });

  it("lets an operator take an alarm, and shelve one with a reason", async () => {
    const flood = page.locator('[data-alarm="underpass-1/flood"]');
    await flood.getByRole("button", { name: "Acknowledge" }).click();
    await flood.getByText("acknowledged by Айгүл Сейіт").waitFor();
    const suspect = page.locator('[data-alarm="underpass-2/suspect"]');
    await suspect.getByRole("button", { name: "Shelve …" }).click();
    await page.getByLabel("Reason").fill("crew on its way");
    await readable("a dialog");
    await picture("dialog");
    await page.getByRole("button", { name: "Shelve", exact: true }).click();
    await page.getByText("Done: Shelve, Seifullin Ave / railway").waitFor();
    await suspect.getByText(/shelved until 14:3\d: crew on its way/).waitFor();
  });

  it("can be worked by keyboard alone, with the focus always in sight", async () => {
    const wanted = "Acknowledge (Flooding, Zhandosov St / Abay Ave)";
    await page.locator("h1").click();
    const met: string[] = [];
    while (met.at(-1) !== wanted && met.length < 40) {
      await page.keyboard.press("Tab");
      const focus = await page.locator(":focus").evaluate(focusOf);
      met.push(focus.name);
      assert.ok(focus.ring, `no ring around ${focus.name}`);
      assert.ok(focus.inSight, `${focus.name} has the focus and cannot be seen`);
    }
    assert.equal(met.at(-1), wanted, met.join(", "));
    assert.ok(met.includes("BUTTON Log out") && met.some((name) => name.startsWith("SUMMARY")), met.join(", "));
    await picture("focus");
    await page.keyboard.press("Enter");
    await page.locator('[data-alarm="underpass-3/flood"]').getByText("acknowledged by Айгүл Сейіт").waitFor();
    const next = page.getByRole("button", { name: "Shelve … (Flooding, Zhandosov St / Abay Ave)" });
    await until("the focus stays in the row", () => next.evaluate((one) => one.ownerDocument.activeElement === one));
    await page.keyboard.press("Enter");
    await page.getByLabel("Reason").waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Reason").waitFor({ state: "detached" });
  });

  it("keeps a closure in sight when the water has gone, until an operator has looked and said so", async () => {
    const closed = card("underpass-5");
    const dry = page.locator('section.underpasses [data-condition="calm"]').first();
    assert.match(
      (await closed.textContent()) ?? "",
      /closure stands.*2\u00a0cm.*stays closed until a person has looked/,
    );
    assert.notDeepEqual(await lookOf(closed), await lookOf(dry), "unlike a dry one");
    const row = (await page.locator('[data-alarm="underpass-5/flood"]').textContent()) ?? "";
    assert.match(row, /^Closure stands.*water gone by 14:0\d · not acknowledged · .*closed until a person has looked/);
    await readable("a standing closure");
    await picture("closed");
    const outline = await page.locator('[data-alarm="underpass-5/flood"]').evaluate(outlineOf);
    assert.equal(outline, "solid", "marked like every alarm that nobody has taken");
    await closed.getByRole("button", { name: "Confirm all clear" }).click();
    await page.getByText("Only when somebody has looked.").waitFor();
    await page.getByLabel("Reason").fill("looked, road is clean");
    await readable("the question before an all clear");
    await page.getByRole("button", { name: "Confirm all clear", exact: true }).click();
    await page.getByText("Done: Confirm all clear, Underpass 5").waitFor();
    await closed.getByText("dry").waitFor();
    await page.locator('[data-alarm="underpass-5/flood"]').waitFor({ state: "detached" });
  });

  it("speaks Kazakh and Russian", async () => {
    await page.getByRole("button", { name: "Қазақша" }).click();
    await page.getByText("Жолөткел асты").first().waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "kk");
    await picture("kk");
    await page.getByRole("button", { name: "Русский" }).click();
    await card("underpass-1").getByText("угроза жизни").waitFor();
  });

  it("fits every screen from a phone of 360 pixels up in every language, and cuts nothing off", async () => {
    for (const language of ["Қазақша", "Русский", "English"]) {
      await page.getByRole("button", { name: language }).click();
      for (const width of [1280, 1000, 360]) {
        await assertFits(page, width, language);
        if (width === 1280) await readable(language);
        await picture(`${language}-${width}`, true);
      }
    }
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  it("does not look alive when it is blind: says since when, and greys what is old", async () => {
    await page.getByRole("button", { name: "English" }).click();
    await page.context().setOffline(true);
    bench.app.server.closeAllConnections();
    await page.getByText(/CONNECTION TO THE HUB LOST at 14:\d\d:\d\d/).waitFor();
    const filter = await page
      .locator("main")
      .evaluate((main) => main.ownerDocument.defaultView?.getComputedStyle(main).filter);
    assert.match(filter ?? "", /grayscale/);
    await page.getByText("Hub: no connection").waitFor();
    const button = page.locator(".alarms .acts button").first();
    assert.equal(await button.isDisabled(), true, "nothing can be acknowledged blindly");
    await readable("the page without a line");
    await picture("blind");
    await page.context().setOffline(false);
    await page.getByText(/CONNECTION TO THE HUB LOST/).waitFor({ state: "detached", timeout: 30_000 });
  });

  it("shows a technician the boards, what differs from what they were asked for, and asks them", async () => {
    bench.registry.addBoard("up-0001", "test");
    bench.registry.assign("up-0001", "underpass-1", 0, "test");
    const said = { image: "underpass", version: "1.2.3", set: 0 };
    bench.registry.add([{ kind: "reported", board: "up-0001", ...said }], "hub");
    await bench.access.add("Ерлан", "technician", "a long password");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Name").fill("Ерлан");
    await page.getByLabel("Password").fill("a long password");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Boards" }).click();
    const row = page.locator('[data-board="up-0001"]');
    await row.getByText("underpass 1.2.3").waitFor();
    await row.getByText("as asked").waitFor();
    await row.getByText("Settings").click();
    await row.getByLabel("Usual period, s").fill("600");
    await row.getByRole("button", { name: "Set", exact: true }).click();
    await row.getByText("waits for the board").waitFor();
    assert.deepEqual(bench.registry.desired("up-0001").values.get("drySeconds")?.by, "Ерлан");
    await row.getByLabel("Usual period, s").fill("1");
    await row.getByRole("button", { name: "Set", exact: true }).click();
    await row.getByText(/Not done: .*drySeconds must be 10 to 86400/).waitFor();
    await row.getByRole("button", { name: "Self-test" }).click();
    await row.getByText(/Self-test: asked .* no answer yet/).waitFor();
    const { nonce } = bench.registry.asks("up-0001")[0];
    const report = { flash: "ok", heap: [900, 2600], readings: { distance: 2345 } };
    bench.registry.add([{ kind: "answer", board: "up-0001", nonce, report }], "hub");
    await page.reload();
    await row.getByText("distance: 2345").waitFor();
    for (const language of ["Қазақша", "Русский", "English"]) {
      await page.getByRole("button", { name: language }).click();
      for (const width of [1280, 360]) {
        await assertFits(page, width, language);
        await readable(`boards, ${language} at ${width}`);
        await picture(`boards-${language}-${width}`, true);
      }
    }
  });

  it("asked nobody but the hub, and broke no rule of the page's policy", () => {
    assert.deepEqual(foreign, []);
    assert.deepEqual(problems, []);
  });
});

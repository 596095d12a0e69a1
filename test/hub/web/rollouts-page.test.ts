/** The page of rollouts in a real browser, over a real hub's server. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type { RowBody } from "../../../hub/registry/rows.js";
import { site, START, startBench, until } from "../api/setup.js";
import type { Bench } from "../api/setup.js";
import { assertFits, assertReadable, launchBrowser, needBrowser, pictureOf } from "./browser.js";
import { focusOf } from "./measures.js";

const FLEET = 120;
const boardOf = (kind: string, i: number): string => `${kind}-${String(i).padStart(4, "0")}`;

/** Three kinds of boards, and a rollout for each: one goes on, one stopped by itself, one that is taken back. */
function fill({ registry, images, clock }: Bench): void {
  const HUB = "hub";
  const ids: Record<string, string> = {};
  for (const kind of ["underpass", "mesh-container", "eco-post"]) {
    const facts = { image: kind, version: "1.4.0", added: START, by: "Ерлан" };
    ids[kind] = images.add(`run("${kind}");`, facts).id;
    const rows: RowBody[] = [];
    for (let i = 1; i <= FLEET; i++) {
      rows.push({ kind: "board", board: boardOf(kind, i) });
      const runs = { image: kind, version: i <= 4 ? "1.4.0" : "1.3.2", runs: i <= 4 ? ids[kind]! : "0a0a0a0a" };
      rows.push({ kind: "reported", board: boardOf(kind, i), ...runs });
    }
    registry.add(rows, HUB);
  }
  registry.assign(boardOf("underpass", 1), "u-1", START - 1, "t");
  const begin = (kind: string, rollout: string, offers: number, good: number): void => {
    registry.add([{ kind: "rollout", rollout, image: ids[kind]!, does: "start", why: "" }], "Ерлан");
    for (let i = 1; i <= offers; i++) registry.add([{ kind: "offer", board: boardOf(kind, i), rollout }], HUB);
    for (let i = 1; i <= good; i++)
      registry.add([{ kind: "outcome", board: boardOf(kind, i), rollout, outcome: "good", why: "" }], HUB);
  };
  clock.advance(-3_600_000);
  begin("eco-post", "0e0e0e0e", FLEET, 4);
  registry.add(
    [{ kind: "rollout", rollout: "0e0e0e0e", image: ids["eco-post"]!, does: "back", why: "шумные показания PM" }],
    "Айгүл Сейіт",
  );
  begin("mesh-container", "0c5d11aa", 6, 4);
  registry.add(
    [
      { kind: "outcome", board: boardOf("mesh-container", 5), rollout: "0c5d11aa", outcome: "back", why: "crash" },
      { kind: "outcome", board: boardOf("mesh-container", 6), rollout: "0c5d11aa", outcome: "refused", why: "flash" },
      {
        ...{ kind: "rollout", rollout: "0c5d11aa", image: ids["mesh-container"]!, does: "stop" },
        why: "mesh-container-0005: back, crash",
      },
    ],
    HUB,
  );
  begin("underpass", "0b0b0b0b", 6, 4);
  clock.advance(3_600_000);
}

describe("the page of rollouts in a browser", function () {
  this.timeout(120_000);
  let bench: Bench;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const card = (id: string) => page.locator(`[data-rollout="${id}"]`);

  before(async function () {
    needBrowser(this);
    bench = await startBench({ sites: [site("u-1", "underpass", "Raiymbek / Pushkin")] });
    fill(bench);
    await bench.access.add("Ерлан", "technician", "a long password");
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 740 }, locale: "en-GB" });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/40[0-9]|EventSource|ERR_/.test(message.text())) problems.push(message.text());
    });
    await page.goto(bench.url);
    await page.getByLabel("Name").fill("Ерлан");
    await page.getByLabel("Password").fill("a long password");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Firmware" }).click();
    await card("0b0b0b0b").waitFor();
  });
  after(async () => {
    await browser?.close();
    await bench?.stop();
  });

  it("shows how far each is, the newest first, and why one stopped", async () => {
    const going = (await card("0b0b0b0b").textContent()) ?? "";
    assert.match(going, /^underpass 1\.4\.0rollout 0b0b0b0b, image [0-9a-f]{8}goes on, begun 13:05 by Ерлан/);
    assert.match(going, /1 boardreached5 % \(6\)at workall \(120\)waits/);
    assert.match(going, /Offered6 of 120Run it well4Under way2Gone wrong0Run it now4/);
    const stopped = (await card("0c5d11aa").textContent()) ?? "";
    assert.match(stopped, /stopped 13:05 by the hub: mesh-container-0005: went back: crashed/);
    assert.match(stopped, /5 % \(6\)stopped.*1 went back: crashed1 refused: flash worn or full/);
    const back = (await card("0e0e0e0e").textContent()) ?? "";
    assert.match(back, /being taken back since 13:05, by Айгүл Сейіт: шумные показания PM/);
    assert.deepEqual(await page.locator(".rollout").evaluateAll((all) => all.map((one) => one.dataset.rollout)), [
      "0b0b0b0b",
      "0c5d11aa",
      "0e0e0e0e",
    ]);
  });

  it("shows the boards when asked, those first at which it went wrong", async () => {
    const stopped = card("0c5d11aa");
    await stopped.getByText("Board by board").click();
    await stopped.locator('[data-board="mesh-container-0001"]').waitFor();
    const rows = await stopped.locator("[data-board]").allTextContents();
    assert.equal(rows.length, 6);
    assert.match(rows[0] ?? "", /^mesh-container-0005 in the store.*went back: crashed13:05.*13:05.*1\.3\.2 0a0a0a0a$/);
    const back = card("0e0e0e0e");
    await back.getByText("Board by board").click();
    await back.getByRole("button", { name: `Show all (${FLEET})` }).waitFor();
    assert.equal(await back.locator("[data-board]").count(), 50);
  });

  it("fits every screen from a phone of 360 pixels up in every language, and can be read", async () => {
    for (const language of ["Қазақша", "Русский", "English"]) {
      await page.getByRole("button", { name: language }).click();
      for (const width of [1280, 1000, 360]) {
        await assertFits(page, width, `rollouts, ${language}`);
        await assertReadable(page, `rollouts, ${language} at ${width}`);
        await pictureOf(page, `rollouts-${language}-${width}`, true);
      }
    }
    await page.setViewportSize({ width: 1280, height: 740 });
  });

  it("stops one and goes on with it, in the person's name, by keyboard as well", async () => {
    const going = card("0b0b0b0b");
    const wanted = "Stop (underpass 1.4.0, 0b0b0b0b)";
    await page.locator("h1").click();
    const met: string[] = [];
    while (met.at(-1) !== wanted && met.length < 20) {
      await page.keyboard.press("Tab");
      const focus = await page.locator(":focus").evaluate(focusOf);
      met.push(focus.name);
      assert.ok(focus.ring && focus.inSight, focus.name);
    }
    assert.equal(met.at(-1), wanted, met.join(", "));
    await page.keyboard.press("Enter");
    await going.getByText(/stopped 14:05 by Ерлан/).waitFor();
    await page.getByText("Done: Stop, underpass 1.4.0").waitFor();
    const { does, by } = bench.registry.rollout("0b0b0b0b")!;
    assert.deepEqual([does, by], ["stop", "Ерлан"]);
    await until("the focus stays in the rollout", async () =>
      /^Resume/.test((await page.locator(":focus").getAttribute("aria-label")) ?? ""),
    );
    await page.keyboard.press("Enter");
    await going.getByText(/goes on, resumed 14:05 by Ерлан/).waitFor();
  });

  it("takes one back in two steps: how many boards it is, and why", async () => {
    const going = card("0b0b0b0b");
    await going.getByRole("button", { name: "Take back" }).click();
    await page.getByText(/goes back to the one before: 4 of them now/).waitFor();
    assert.equal(bench.registry.rollout("0b0b0b0b")?.does, "resume");
    await assertReadable(page, "the question before taking back");
    await pictureOf(page, "rollouts-dialog");
    await page.setViewportSize({ width: 360, height: 740 });
    await pictureOf(page, "rollouts-dialog-360");
    await page.setViewportSize({ width: 1280, height: 740 });
    // Without a reason nothing is sent.
    await page.getByRole("button", { name: "Take back from 4 boards" }).click();
    await page.keyboard.press("Escape");
    await page.getByLabel("Reason").waitFor({ state: "detached" });
    assert.equal(bench.registry.rollout("0b0b0b0b")?.does, "resume");
    await going.getByRole("button", { name: "Take back" }).click();
    await page.getByLabel("Reason").fill("readings jump");
    await page.getByRole("button", { name: "Take back from 4 boards" }).click();
    await going.getByText(/being taken back since 14:05, by Ерлан: readings jump/).waitFor();
    const { does, by, why } = bench.registry.rollout("0b0b0b0b")!;
    assert.deepEqual([does, by, why], ["back", "Ерлан", "readings jump"]);
  });

  it("says that a rollout has changed meanwhile, and does nothing", async () => {
    bench.clock.advance(1000);
    const { image } = bench.registry.rollout("0c5d11aa")!;
    bench.registry.add([{ kind: "rollout", rollout: "0c5d11aa", image, does: "resume", why: "" }], "Айгүл Сейіт");
    await card("0c5d11aa").getByRole("button", { name: "Resume" }).click();
    await card("0c5d11aa").getByText("The rollout has changed meanwhile.").waitFor();
    assert.equal(bench.registry.rollout("0c5d11aa")?.by, "Айгүл Сейіт");
  });

  it("lets nobody act when the line to the hub is cut", async () => {
    await page.context().setOffline(true);
    bench.app.server.closeAllConnections();
    await page.getByText(/CONNECTION TO THE HUB LOST/).waitFor({ timeout: 30_000 });
    assert.equal(await card("0c5d11aa").locator(".acts button").first().isDisabled(), true);
    await assertReadable(page, "rollouts without a line");
    await page.context().setOffline(false);
    await page.getByText(/CONNECTION TO THE HUB LOST/).waitFor({ state: "detached", timeout: 30_000 });
  });

  it("broke no rule of the page's policy", () => {
    assert.deepEqual(problems, []);
  });
});

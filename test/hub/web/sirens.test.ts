/** The sirens on the page, in a real browser, with real Firmata firmware behind them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pino } from "pino";
import type { Browser, Page } from "playwright-core";
import type { Sirens } from "../../../hub/siren/start.js";
import { createSirens } from "../../../hub/siren/start.js";
import { enter, reading, site, startBench, START, until } from "../api/setup.js";
import type { Bench } from "../api/setup.js";
import { QUICK, startSirenBoard, type SirenBoard } from "../siren/siren-board.js";
import { launchBrowser, needBrowser, PICTURES } from "./browser.js";
import { lowContrast } from "./contrast.js";
import { cutOff, focusOf, textsOf } from "./measures.js";
import { raise } from "./page-city.js";

const LONG = 60_000;
const PLACE = "Raiymbek Ave / Pushkin St";

describe("the sirens on the live page in a browser", function () {
  this.timeout(180_000);
  let board: SirenBoard;
  let bench: Bench;
  let sirens: Sirens;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    needBrowser(this);
    board = await startSirenBoard(this);
    const away = { ...board.settings("underpass-2")[0]!, path: "/dev/no-such-siren" };
    const settings = [...board.settings("underpass-1"), away];
    bench = await startBench({
      sites: [site("underpass-1", "underpass", PLACE), site("underpass-2", "underpass", "Seifullin Ave / railway")],
      sirens({ clock, register }) {
        const log = pino({ level: "silent" });
        const parts = { sirens: settings, clock, log, knows: () => true, relays: QUICK };
        return (sirens = createSirens({ ...parts, book: register.sirens() }));
      },
    });
    await sirens.start();
    await board.plug();
    await bench.pack("underpass-1", START - 20_000, [reading("water-depth", 204)]);
    raise(bench, "underpass-1", "flood", 3, { depthMm: 204 });
    await until("the relays answer", () => sirens.list()[0]?.state === "safe", LONG);
    await bench.access.add("Айгүл Сейіт", "operator", "a long password");
    await bench.access.add("Look Only", "viewer", "a long password");
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: "en-GB" });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
  });
  after(async () => {
    await browser?.close();
    await sirens?.stop();
    await bench?.stop();
    await board?.dispose();
  });

  async function login(name: string): Promise<void> {
    await page.goto(bench.url);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill("a long password");
    await page.getByRole("button", { name: "Log in" }).click();
    await siren("underpass-1").waitFor();
  }
  const siren = (id: string) => page.locator(`[data-siren="${id}"]`);
  const is = (state: string) => page.locator(`[data-siren="underpass-1"][data-state="${state}"]`).waitFor();
  const press = (name: string, id = "underpass-1") => siren(id).getByRole("button", { name }).click();
  async function looksRight(what: string): Promise<void> {
    const texts = await page.locator("html").evaluate(textsOf);
    assert.deepEqual(lowContrast(texts, 4.5), [], what);
    assert.deepEqual(await page.locator("body").evaluate(cutOff), [], what);
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `siren-${what}.png`), fullPage: true });
  }

  it("show a viewer how they are, and nothing to press", async () => {
    await login("Look Only");
    assert.match((await siren("underpass-1").textContent()) ?? "", /ready, silent.*Raiymbek/);
    assert.match(
      (await siren("underpass-2").textContent()) ?? "",
      /state unknown.*Seifullin.*relays do not answer.*Switch it off on the spot/,
    );
    await page.getByText("0 sounding · 1 out of order or unknown").waitFor();
    assert.equal(await page.locator(".sirens button").count(), 0);
    await looksRight("viewer");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Name").waitFor();
  });

  it("are sounded in two steps, and silenced in one, each told in words", async () => {
    await login("Айгүл Сейіт");
    await press("Arm the siren");
    await is("armed");
    assert.match(
      (await siren("underpass-1").textContent()) ?? "",
      /armed, silent.*Айгүл Сейіт, since 14:05.*beacon flashes.*\d+.s left/,
    );
    await until("the beacon is on", () => board.beacon(), LONG);
    assert.equal(board.siren(), false);
    await looksRight("armed");
    bench.clock.advance(20_000);
    await siren("underpass-1")
      .getByText(/(40|[123]\d).s left/)
      .waitFor();
    await press("Sound the siren");
    await is("firing");
    await until("the siren is on", () => board.siren(), LONG);
    await siren("underpass-1").getByText("SOUNDING").waitFor();
    await looksRight("firing");
    await press("Silence the siren");
    await is("safe");
    await until("both are off", () => !board.siren() && !board.beacon(), LONG);
  });

  it("are not sounded by a tap too many: where one armed it, the next takes that back", async () => {
    for (const width of [1360, 360]) {
      await page.setViewportSize({ width, height: 900 });
      const box = await siren("underpass-1").getByRole("button").boundingBox();
      assert.ok(box !== null);
      // Wherever on the button the finger is.
      for (const part of [0.1, 0.5, 0.9]) {
        await press("Arm the siren");
        await is("armed");
        const fire = await siren("underpass-1").getByRole("button", { name: "Sound the siren" }).boundingBox();
        assert.ok(fire !== null);
        const x: number = box.x + box.width * part;
        const y: number = box.y + box.height * part;
        const met: boolean = x >= fire.x && x <= fire.x + fire.width && y >= fire.y && y <= fire.y + fire.height;
        assert.equal(met, false, `the second step is under the finger of the first, at ${width}`);
        await press("Take back");
        await is("safe");
      }
    }
    await page.setViewportSize({ width: 1360, height: 900 });
    const acts = sirens.acts(undefined, 2).map(({ act, state }) => `${act} ${state}`);
    assert.deepEqual(acts, ["silence safe", "arm armed"]);
  });

  it("say when somebody else was quicker, and what is out of order", async () => {
    await press("Arm the siren");
    await is("armed");
    const other = await enter(bench, "operator");
    await page.route("**/fire", async (route) => {
      await other.send("POST", "/api/v1/sirens/underpass-1/arm", {});
      await route.continue();
    });
    await press("Sound the siren");
    await siren("underpass-1").getByText("Not done: somebody has armed it anew: look, then decide").waitFor();
    await page.unroute("**/fire");
    assert.equal(board.siren(), false);

    board.circuit = "dead";
    await press("Sound the siren");
    await is("firing");
    bench.clock.advance(2000);
    await is("fault");
    await siren("underpass-1")
      .getByText(/had no power.*Have someone look/)
      .waitFor();
    await looksRight("fault");
    board.circuit = "follows";
    await press("Reset the fault");
    await is("safe");
  });

  it("can be worked by keyboard, and the focus stays in the row", async () => {
    const arm = siren("underpass-1").getByRole("button", { name: "Arm the siren" });
    await arm.focus();
    const inFocus = (name: string) =>
      until(`the focus is on ${name}`, () =>
        siren("underpass-1")
          .getByRole("button", { name })
          .evaluate((one) => one.ownerDocument.activeElement === one),
      );
    await page.keyboard.press("Enter");
    await inFocus("Take back");
    await page.keyboard.press("Tab");
    const focus = await page.locator(":focus").evaluate(focusOf);
    assert.deepEqual(focus, { name: `Sound the siren (${PLACE})`, ring: true, inSight: true });
    await page.keyboard.press("Enter");
    await is("firing");
    await inFocus("Silence the siren");
    await page.keyboard.press("Enter");
    await is("safe");
  });

  it("fit a phone in every language, in every state", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const [language, arm, fire, silence] of [
      ["Қазақша", "Сиренаны дайындау", "Сиренаны қосу", "Сиренаны өшіру"],
      ["Русский", "Подготовить сирену", "Включить сирену", "Выключить сирену"],
      ["English", "Arm the siren", "Sound the siren", "Silence the siren"],
    ] as const) {
      await page.getByRole("button", { name: language }).click();
      await looksRight(`${language}-safe`);
      await press(arm);
      await is("armed");
      await looksRight(`${language}-armed`);
      await press(fire);
      await is("firing");
      await looksRight(`${language}-firing`);
      await press(silence);
      await is("safe");
    }
  });

  it("can be silenced, not sounded, while the page's line to the hub is cut", async () => {
    // Orders of one person are bounded in a minute.
    await bench.access.add("Ерлан", "operator", "a long password");
    await page.getByRole("button", { name: "Log out" }).click();
    await login("Ерлан");
    await press("Arm the siren");
    await is("armed");
    await press("Sound the siren");
    await is("firing");
    await page.route("**/api/v1/live", (route) => route.abort());
    bench.app.server.closeAllConnections();
    await page.getByText(/CONNECTION TO THE HUB LOST/).waitFor();
    assert.equal(await siren("underpass-1").getByRole("button").isDisabled(), false);
    await press("Silence the siren");
    await until("it is off", () => !board.siren() && sirens.list()[0]?.state === "safe", LONG);
    await page.unroute("**/api/v1/live");
    await is("safe");
  });

  it("broke no rule of the page", () => {
    assert.deepEqual(problems, []);
  });
});

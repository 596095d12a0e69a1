/** The editor as a technician uses it: a real browser, the hub's real login and proxy, the real Node-RED. About 8 s. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { startFlowsProcess, type FlowsProcess } from "../../hub/flows-process.js";
import { projectRoot } from "../../hub/root.js";
import { startBench, type Bench } from "../hub/api/setup.js";
import { processOptions, TOKEN, until } from "./rig.js";

const CHROMIUM = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const QUIET = ["--disable-background-networking", "--disable-component-update"];

/** What is used here of the editor's own interface in the browser. */
interface Editor {
  workspaces: { show(id: string): void };
  nodes: { node(id: string): Record<string, unknown> };
  editor: { edit(node: object): void };
}

describe("the editor in a browser", function () {
  this.timeout(120_000);
  let dir: string;
  let bench: Bench;
  let flows: FlowsProcess;
  let browser: Browser;
  let page: Page;
  const lines: string[] = [];
  const foreign: string[] = [];
  const problems: string[] = [];

  before(async function () {
    if (!existsSync(CHROMIUM)) {
      assert.ok(process.env["CI"] === undefined, `no browser at ${CHROMIUM}`);
      console.log(`      skipped: no browser at ${CHROMIUM} (set CHROMIUM_BIN)`);
      this.skip();
    }
    dir = await mkdtemp(join(tmpdir(), "aryk-editor-"));
    bench = await startBench({ flowsToken: TOKEN });
    await bench.access.add("Technician", "technician", "a long password");
    flows = startFlowsProcess({ ...processOptions({ dir, url: bench.url }, lines), mode: "editor" });
    await until("the flows run", () => flows.state() === "running");
    bench.editor = flows.address();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...ARGS, ...QUIET] });
    page = await (await browser.newContext({ viewport: { width: 1500, height: 900 }, locale: "en-GB" })).newPage();
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(bench.url)) foreign.push(request.url());
    });
    page.on("pageerror", (error) => problems.push(error.message));
  });
  after(async function () {
    if (problems.length > 0) console.log(problems.join("\n"));
    await browser?.close();
    await flows?.stop();
    await bench?.stop();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });

  /** Opens the dialog of a node by the editor's own interface, as a double click does. */
  const openDialog = (tab: string, id: string) =>
    page.evaluate(
      ([shown, node]) => {
        const { RED } = globalThis as unknown as { RED: Editor };
        RED.workspaces.show(shown);
        RED.editor.edit(RED.nodes.node(node));
      },
      [tab, id],
    );
  const closeDialog = async () => {
    await page.click("#node-dialog-ok");
    await page.waitForSelector("#node-dialog-ok", { state: "detached" });
  };
  const cityTab = async (name: string) =>
    JSON.parse(await readFile(join(dir, "flows", "tabs", name), "utf8")) as Record<string, unknown>[];
  const packagedTab = async (name: string) =>
    JSON.parse(await readFile(join(projectRoot(), "flows", "tabs", name), "utf8")) as Record<string, unknown>[];

  it("opens after the hub's login, and asks nobody but the hub", async () => {
    await page.goto(bench.url);
    await page.getByLabel("Name").fill("Technician");
    await page.getByLabel("Password").fill("a long password");
    await page.getByRole("button", { name: "Log in" }).click();
    await until("the hub knows her", async () => (await page.context().cookies()).length > 0);
    await page.goto(`${bench.url}/flows/editor/`);
    await page.waitForSelector(".red-ui-flow-node");
    assert.deepEqual([foreign, problems], [[], []]);
  });

  it("saves a threshold and a line of the roster as they were typed, and nothing else", async () => {
    await openDialog("tab-flood", "flood-rule");
    await page.fill("#aryk-setting-holdS", "600");
    await page.fill("#aryk-setting-onMm", "[40, 90, 150, 300]");
    await closeDialog();
    await openDialog("tab-notify", "roster");
    await page.locator(".roster-districts").nth(1).fill("medeu, almaly");
    await closeDialog();
    await page.click("#red-ui-header-button-deploy");
    await until("the deploy is done", () => lines.some((line) => line.includes("Updated flows")));

    const flood = (await packagedTab("20-flood.json")).map((node) =>
      node["id"] === "flood-rule" ? { ...node, settings: { holdS: 600, onMm: [40, 90, 150, 300] } } : node,
    );
    assert.deepEqual(await cityTab("20-flood.json"), flood);
    const notify = (await packagedTab("50-notify.json")).map((node) => {
      const lines = node["roster"] as object[] | undefined;
      if (lines === undefined) return node;
      return { ...node, roster: lines.map((l, i) => (i === 1 ? { ...l, districts: ["medeu", "almaly"] } : l)) };
    });
    assert.deepEqual(await cityTab("50-notify.json"), notify);
    for (const name of ["00-shared.json", "10-intake.json", "30-waste.json", "40-health.json", "90-errors.json"])
      assert.deepEqual(await cityTab(name), await packagedTab(name), name);
    assert.deepEqual([foreign, problems], [[], []]);
    assert.deepEqual(
      lines.filter((line) => line.startsWith("error")),
      [],
    );
  });
});

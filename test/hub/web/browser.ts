/** A real browser for the tests of the page, and what every page of it must keep. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { lowContrast } from "./contrast.js";
import { cutOff, textsOf } from "./measures.js";

const CHROMIUM = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
/** Set to keep pictures of the page. */
export const PICTURES = process.env.PAGE_PICTURES;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Skips the running suite where there is no browser. */
export function needBrowser(context: Mocha.Context): void {
  if (existsSync(CHROMIUM)) return;
  console.log(`      skipped: no browser at ${CHROMIUM} (set CHROMIUM_BIN)`);
  context.skip();
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

export async function pictureOf(page: Page, name: string, fullPage = false): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage });
}

/** Every text that is to be seen now has enough contrast. */
export async function assertReadable(page: Page, what: string): Promise<void> {
  const texts = await page.locator("html").evaluate(textsOf);
  assert.ok(texts.length > 3, what);
  assert.deepEqual(lowContrast(texts, 4.5), [], what);
}

/** On a screen so wide nothing lies beside it, and nothing is cut off. */
export async function assertFits(page: Page, width: number, what: string): Promise<void> {
  await page.setViewportSize({ width, height: 740 });
  const wide = await page.locator("html").evaluate((html) => html.scrollWidth);
  assert.ok(wide <= width, `${what}: the page is ${wide} pixels wide of ${width}`);
  assert.deepEqual(await page.locator("body").evaluate(cutOff), [], `${what} at ${width}`);
}

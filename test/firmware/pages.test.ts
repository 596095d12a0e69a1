import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KEY_FILE } from "../../firmware/node/keys.js";
import { LABEL_BYTES, LEAST_PAGES, PAGE_BYTES, pageNames } from "../../firmware/node/pages.js";
import { pageOfFile, pagesIn, PLACE_FILE, pageStore, REGION_FILE } from "../../firmware/node/pages.js";
import { noteReset, takeReset } from "../../firmware/node/reset.js";
import { projectRoot } from "../../hub/root.js";
import { VmFlash } from "../rig/vm-flash.js";
import { PowerCut } from "../rig/vm-storage.js";

const PAGES = LEAST_PAGES + 2;
const nothing = () => undefined;
const storeOn = (flash: VmFlash) => pageStore(flash, PAGES, nothing);

/** Runs what may be cut; false if it was. */
function survives(fn: () => void): boolean {
  try {
    fn();
    return true;
  } catch (error) {
    if (error instanceof PowerCut) return false;
    throw error;
  }
}

describe("files in pages of their own", () => {
  it("have their size from the start, read as 0xFF where they were not written, and take each byte once", () => {
    const store = storeOn(VmFlash.blank(PAGES));
    assert.equal(store.read(KEY_FILE, 0, 8), undefined);
    assert.equal(store.append(KEY_FILE, "x", 8), false);
    assert.ok(store.create(KEY_FILE, "head", 20));
    assert.equal(store.read(KEY_FILE, 0, 100), "head" + "\xff".repeat(16));
    assert.ok(store.append(KEY_FILE, "tail", 16));
    assert.equal(store.append(KEY_FILE, "once", 16), false);
    assert.equal(store.append(KEY_FILE, "over", 18), false);
    assert.equal(store.read(KEY_FILE, 16, 4), "tail");
    assert.equal(store.read(KEY_FILE, 20, 4), "");
    store.erase(KEY_FILE);
    assert.equal(store.read(KEY_FILE, 0, 8), undefined);
  });

  it("end where they end: a short one is read back as it was written", () => {
    const store = storeOn(VmFlash.blank(PAGES));
    noteReset(store, "error");
    assert.equal(takeReset(store), "error");
    assert.equal(takeReset(store), "power");
  });

  it("are refused where they have no page, or more bytes than one", () => {
    const store = storeOn(VmFlash.blank(PAGES));
    assert.equal(store.create("aryk.other", "x", 1), false);
    assert.equal(store.create(KEY_FILE, "x", PAGE_BYTES - 3), false);
    assert.ok(store.create(KEY_FILE, "x", PAGE_BYTES - 4));
    assert.equal(store.create(KEY_FILE, "xyz", 2), false);
    assert.ok(store.create("aryk.q04", "00000001", PAGE_BYTES));
    assert.equal(store.create("aryk.q05", "00000001", PAGE_BYTES), false);
    assert.equal(pageStore(VmFlash.blank(PAGES), PAGES, (name) => name).read("aryk.cfg", 0, 9), "aryk.cfg");
  });

  it("are all that the firmware names: a file without a page could be neither written nor read", () => {
    const folder = join(projectRoot(), "firmware/node");
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("");
    const named = new Set([...text.matchAll(/"(aryk\.[a-z0-9]+)"/g)].map(([, name]) => name));
    for (const front of ["aryk.cfg", PLACE_FILE, REGION_FILE, "aryk.q"]) assert.ok(named.delete(front), front);
    assert.ok(named.size >= 5);
    for (const name of named) assert.ok(pageNames(PAGES).includes(name), name);
  });

  it("cost no page but their own an erasure", () => {
    const flash = VmFlash.blank(PAGES);
    const store = storeOn(flash);
    for (let i = 0; i < 50; i++) store.create("aryk.q01", "00000001", PAGE_BYTES);
    const busy = flash.wear.map((count, page) => (count > 0 ? page : -1)).filter((page) => page >= 0);
    assert.equal(busy.length, 1);
    assert.equal(flash.wear[busy[0]], 50);
    assert.equal(pagesIn(flash.read(0, LABEL_BYTES)), PAGES);
  });

  it("are whole or not there, wherever the power goes while one is made in place of another", () => {
    let cut = 0;
    for (; ; cut++) {
      const flash = VmFlash.blank(PAGES);
      const before = storeOn(flash);
      before.create("aryk.b0", "before", 12);
      before.create("aryk.b1", "beside", 12);
      flash.cutAfter(cut);
      const whole = survives(() => before.create("aryk.b0", "after!", 12));
      flash.cutAfter(Infinity);
      const store = storeOn(flash);
      const text = store.read("aryk.b0", 0, 6);
      assert.ok(text === undefined || text === "after!" || (cut === 0 && text === "before"), `${cut}: ${text}`);
      assert.equal(store.read("aryk.b1", 0, 6), "beside");
      if (whole) break;
    }
    assert.ok(cut > 10, `${cut} cuts`);
  });

  it("take a size that was torn for none", () => {
    const flash = VmFlash.blank(PAGES);
    flash.write(pageOfFile("aryk.b0"), "00\xff\xfftext");
    assert.equal(storeOn(flash).read("aryk.b0", 0, 4), undefined);
  });
});

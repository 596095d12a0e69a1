import assert from "node:assert/strict";
import { keepSettings, SET_BYTES, SET_FILE, takeSettings } from "../../firmware/node/settings.js";
import type { Numbers, Settings } from "../../firmware/node/settings.js";
import { flashHal } from "../rig/vm-hal.js";
import { PowerCut, VmStorage } from "../rig/vm-storage.js";

const OWN: Numbers = { drySeconds: 300, wetSeconds: 60, wetMm: 30 };
const BOARD = "up-0001";

/** A post's settings in a flash; `start` is what it has after its supply came back. */
function post(storage = new VmStorage(64 * 1024), board = BOARD) {
  const hal = flashHal(storage);
  const now: Numbers = {};
  const settings: Settings = { rev: 0, refused: "" };
  takeSettings(hal, board, OWN, now, settings);
  const set = (text: string): boolean => keepSettings(hal, board, OWN, now, settings, text.split(","));
  const start = (name = board) => {
    storage.cutAfter(Infinity);
    return post(storage, name);
  };
  return { storage, now, settings, set, start };
}

describe("settings of a post", () => {
  it("are the image's own at first; what is set is in force at once and after every start", () => {
    const p = post();
    assert.deepEqual([p.now, p.settings], [OWN, { rev: 0, refused: "" }]);
    assert.equal(p.set("set,3,drySeconds=600,wetMm=45"), true);
    const wanted = { drySeconds: 600, wetSeconds: 60, wetMm: 45 };
    assert.deepEqual([p.now, p.settings.rev], [wanted, 3]);
    const again = p.start();
    assert.deepEqual([again.now, again.settings.rev], [wanted, 3]);
  });

  it("go back to the image's own, one by one or all together", () => {
    const p = post();
    p.set("set,2,drySeconds=600,wetMm=45");
    p.set("set,3,wetMm=");
    assert.deepEqual(p.start().now, { drySeconds: 600, wetSeconds: 60, wetMm: 30 });
    p.set("set,5,*=,wetSeconds=90");
    assert.deepEqual(p.start().now, { drySeconds: 300, wetSeconds: 90, wetMm: 30 });
  });

  it("are refused by name beyond their bounds, and where the site has none of that name; the rest is taken", () => {
    const p = post();
    assert.equal(p.set("set,4,drySeconds=2,wetMm=45,fastSeconds=10,constructor=1"), true);
    assert.deepEqual(p.now, { ...OWN, wetMm: 45 });
    assert.deepEqual(p.settings, { rev: 4, refused: "drySeconds,fastSeconds,constructor" });
    assert.deepEqual(p.start().settings, p.settings);
    p.set("set,5,drySeconds=20,fastSeconds=,constructor=");
    assert.deepEqual(p.settings, { rev: 5, refused: "" });
  });

  it("do not change by an order that comes again, or is not whole", () => {
    const p = post();
    p.set("set,7,drySeconds=600");
    const flash = p.storage.read(SET_FILE);
    assert.equal(p.set("set,7,drySeconds=900"), true, "the hub must hear that it is there");
    assert.equal(p.set("set,6,drySeconds=900"), true);
    for (const text of [
      "set,8",
      "set,8,",
      "set,8,drySeconds",
      "set,8,drySeconds=1=2",
      "set,8,drySeconds=abc",
      "set,8,drySeconds=123456789",
      "set,8,aNameThatIsTooLong=1",
      "set,8,drySeconds=900,",
      "set,0,drySeconds=900",
      "set,x,drySeconds=900",
      "set,1000000,drySeconds=900",
    ])
      assert.equal(p.set(text), false, text);
    assert.equal(p.storage.read(SET_FILE), flash);
    assert.deepEqual([p.now.drySeconds, p.settings.rev], [600, 7]);
  });

  it("are not those of another board whose flash was copied", () => {
    const p = post();
    p.set("set,7,drySeconds=600");
    const other = p.start("up-0002");
    assert.deepEqual([other.now, other.settings.rev], [OWN, 0]);
  });

  it("are the ones before or the ones after, wherever the supply fails, and can be set then", () => {
    for (let bytes = 0; bytes <= 130; bytes++) {
      const p = post();
      p.set("set,1,drySeconds=600");
      p.storage.cutAfter(bytes);
      try {
        p.set("set,4,drySeconds=900,wetSeconds=20,wetMm=99");
      } catch (error) {
        assert.ok(error instanceof PowerCut);
      }
      const after = p.start();
      const { rev } = after.settings;
      assert.ok([600, 900].includes(after.now.drySeconds), `${bytes}: ${after.now.drySeconds}`);
      if (rev === 4) assert.deepEqual(after.now, { drySeconds: 900, wetSeconds: 20, wetMm: 99 });
      else assert.equal(rev, 1, "only the last record bears the new revision");
      assert.equal(after.set("set,4,drySeconds=900,wetSeconds=20,wetMm=99"), true);
      assert.deepEqual(after.start().now, { drySeconds: 900, wetSeconds: 20, wetMm: 99 });
    }
  });

  it("may change as often as they like: a full file is written anew with what is in force", () => {
    const p = post();
    p.set("set,1,wetMm=45");
    for (let rev = 2; rev < 150; rev++) assert.equal(p.set(`set,${rev},drySeconds=${rev + 10}`), true);
    const again = p.start();
    assert.deepEqual([again.now, again.settings.rev], [{ drySeconds: 159, wetSeconds: 60, wetMm: 45 }, 149]);
    assert.equal(p.storage.read(SET_FILE)?.length, SET_BYTES);
  });
});

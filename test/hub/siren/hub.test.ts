/** A whole hub that ends while its siren sounds: in order, and killed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hub } from "../../../hub/main.js";
import { program } from "../../rig/program.js";
import { until } from "../../rig/sealed.js";
import { hubWithSiren, sound } from "./siren-hub.js";
import { startSirenBoard, type SirenBoard } from "./siren-board.js";

const SITE = "underpass-1";
const LONG = 60_000;

describe("a hub with a siren that sounds", function () {
  this.timeout(180_000);
  let board: SirenBoard;
  let dir: string;
  let hub: Hub | undefined;

  before(async function () {
    board = await startSirenBoard(this);
  });
  after(() => board?.dispose());
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-siren-hub-"));
    await board.plug();
  });
  afterEach(async () => {
    await hub?.stop();
    hub = undefined;
    await board.unplug();
    rmSync(dir, { recursive: true });
  });
  const sounds = () => until("it sounds", () => board.siren() && board.beacon(), LONG);
  const quiet = () => until("it is off", () => !board.siren() && !board.beacon(), LONG);

  it("switches it off when it stops", async () => {
    hub = await hubWithSiren(dir, board.settings(SITE));
    sound(hub, SITE);
    await sounds();
    await hub.stop();
    hub = undefined;
    await quiet();
  });

  it("is killed: the next start switches it off before anything else, resumes nothing, and the record says both", async () => {
    const settings = board.settings(SITE);
    const arguments_ = [...program("test/hub/siren/hub-child"), dir, JSON.stringify(settings)];
    const child = spawn(process.execPath, arguments_, { stdio: ["ignore", "inherit", "inherit"] });
    await sounds();
    child.kill("SIGKILL");
    await once(child, "exit");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(board.siren(), true, "this board is not reset by its port: it holds its pins, as the README says");

    hub = await hubWithSiren(dir, settings);
    await quiet();
    const done = hub.sirens
      .acts()
      .reverse()
      .map(({ who, act, state, why }) => `${who} ${act}: ${state}, ${why}`);
    assert.deepEqual(done, ["Aliya arm: armed, ordered", "Aliya fire: firing, ordered", "hub hub: safe, link-back"]);
    assert.equal(hub.sirens.list()[0]?.state, "safe");
  });
});

/** A siren through Firmata, by a clock that moves when it is told to. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Register } from "../../../hub/alerts/register.js";
import { SteppedClock } from "../../../hub/clock.js";
import { collectHealth } from "../../../hub/health.js";
import type { SirenAnswer, SirenOrder } from "../../../hub/siren/siren.js";
import type { Sirens } from "../../../hub/siren/start.js";
import { createSirens } from "../../../hub/siren/start.js";
import { until } from "../../rig/sealed.js";
import { QUICK, startSirenBoard, type SirenBoard } from "./siren-board.js";

const SITE = "underpass-1";
const LONG = 60_000;

describe("a siren on real Firmata firmware in a simulated Uno", function () {
  this.timeout(120_000);
  let board: SirenBoard;
  let dir: string;
  let clock: SteppedClock;
  let register: Register;
  let sirens: Sirens;

  before(async function () {
    board = await startSirenBoard(this);
  });
  after(() => board?.dispose());
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-siren-"));
    clock = new SteppedClock(1_800_000_000_000);
    register = Register.open(join(dir, "register.sqlite"), clock);
    board.circuit = "follows";
    sirens = make();
    await sirens.start();
  });
  afterEach(async () => {
    await sirens.stop();
    register.close();
    await board.freeze(false);
    await board.unplug();
    rmSync(dir, { recursive: true });
  });

  const make = (knows = true): Sirens =>
    createSirens({
      ...{ sirens: board.settings(SITE), clock, log: pino({ level: "silent" }), book: register.sirens() },
      ...{ knows: () => knows, relays: QUICK },
    });
  const view = () => sirens.list()[0]!;
  const order = (what: SirenOrder): SirenAnswer => sirens.at(SITE)!.order(what, "Aliya");
  const is = (state: string, boundMs = LONG) => until(`the siren is ${state}`, () => view().state === state, boundMs);
  const acts = (): string[] =>
    register
      .sirens()
      .list()
      .reverse()
      .map((one) => `${one.who} ${one.act} ${one.result}: ${one.state}, ${one.why}`);
  const quiet = () => until("both are off", () => !board.beacon() && !board.siren(), LONG);
  /** Arms it, and sees the beacon. Returns the arming. */
  async function arm(): Promise<string> {
    const answer = order({ type: "arm" });
    assert.ok(answer.ok, JSON.stringify(answer));
    await until("the beacon is on", () => board.beacon(), LONG);
    assert.equal(board.siren(), false);
    return answer.siren.arming ?? "";
  }
  async function fire(): Promise<string> {
    const arming = await arm();
    assert.ok(order({ type: "fire", arming }).ok);
    await until("the siren is on", () => board.siren(), LONG);
    return arming;
  }
  const powered = () => until("the contact says so", () => view().powered === true, LONG);

  it("warns when it is armed, sounds when it is fired, and its contact is read back", async () => {
    await board.plug();
    await is("safe");
    await fire();
    await powered();
    assert.equal(board.beacon(), true);
    clock.advance(30_000);
    const { state, by, until: ends } = view();
    assert.deepEqual([state, by, ends], ["firing", "Aliya", clock.now() + 570_000]);
    assert.ok(order({ type: "silence" }).ok);
    await quiet();
    await until("the contact is open", () => view().powered === false, LONG);
    clock.advance(10_000);
    assert.equal(view().state, "safe");
    assert.deepEqual(acts(), [
      "Aliya arm done: armed, ordered",
      "Aliya fire done: firing, ordered",
      "Aliya silence done: safe, ordered",
    ]);
  });

  it("ends by itself: an arming that nobody follows, and sounding that nobody ends, however the clock is set", async () => {
    await board.plug();
    await is("safe");
    const arming = await arm();
    clock.step(-3_600_000);
    clock.advance(60_000);
    assert.equal(view().state, "safe");
    await quiet();
    const late = order({ type: "fire", arming });
    assert.deepEqual(late, { ok: false, refusal: "not-armed" });
    await fire();
    await powered();
    clock.step(-3_600_000);
    clock.advance(599_000);
    assert.equal(view().state, "firing");
    clock.advance(1000);
    assert.equal(view().state, "safe");
    await quiet();
    assert.deepEqual(acts().slice(1), [
      "hub hub done: safe, time-over",
      "Aliya fire refused: safe, not-armed",
      "Aliya arm done: armed, ordered",
      "Aliya fire done: firing, ordered",
      "hub hub done: safe, time-over",
    ]);
  });

  it("is out of order when its circuit has no power although it was fired, or has power although it was not", async () => {
    board.circuit = "dead";
    await board.plug();
    await is("safe");
    await fire();
    clock.advance(2000);
    assert.equal(view().state, "fault");
    await quiet();
    assert.deepEqual(order({ type: "arm" }), { ok: false, refusal: "fault" });
    assert.equal(collectHealth(sirens.components).reasons[0]?.code, "no-power");
    assert.ok(order({ type: "silence" }).ok);
    assert.equal(view().state, "safe");

    board.circuit = "stuck";
    await powered();
    clock.advance(2000);
    assert.deepEqual([view().state, view().why], ["fault", "stuck"]);
    assert.equal(collectHealth(sirens.components).reasons[0]?.code, "power");
    board.circuit = "follows";
    await until("the contact is open", () => view().powered === false, LONG);
    assert.ok(order({ type: "silence" }).ok);
    clock.advance(10_000);
    assert.equal(view().state, "safe");
    assert.deepEqual(collectHealth(sirens.components).reasons, []);
  });

  it("is not known while the board is away, and is off when it is back: nothing is resumed", async () => {
    assert.equal(view().state, "unknown");
    assert.equal(view().powered, null);
    assert.deepEqual(order({ type: "arm" }), { ok: false, refusal: "away" });
    assert.equal(collectHealth(sirens.components).reasons[0]?.code, "relays");
    await board.plug();
    await is("safe");
    const arming = await fire();
    await board.unplug();
    await is("unknown");
    for (const what of [{ type: "silence" }, { type: "fire", arming }] as const)
      assert.deepEqual(order(what), { ok: false, refusal: "away" });
    await board.plug();
    await is("safe");
    await quiet();
    assert.deepEqual(order({ type: "fire", arming }), { ok: false, refusal: "not-armed" });
    assert.deepEqual(acts(), [
      "Aliya arm refused: unknown, away",
      "hub hub done: safe, link-back",
      "Aliya arm done: armed, ordered",
      "Aliya fire done: firing, ordered",
      "hub hub done: unknown, link-lost",
      "Aliya silence refused: unknown, away",
      "Aliya fire refused: unknown, away",
      "hub hub done: safe, link-back",
      "Aliya fire refused: safe, not-armed",
    ]);
  });

  it("is not known when the board stands still while it sounds, and is off as soon as the board hears again", async () => {
    await board.plug();
    await is("safe");
    await fire();
    await board.freeze(true);
    await is("unknown");
    assert.equal(board.siren(), true, "a board that nobody reaches holds its pins: what the time relay is for");
    await board.freeze(false);
    // Who presses silence again and again must not keep the connection from being made.
    const pressed = () => order({ type: "silence" }).ok;
    await until("it obeys again", pressed, LONG);
    assert.equal(view().state, "safe");
    await quiet();
  });

  it("is off, and comes back, when the hub itself stood still and does not know what it missed", async () => {
    await board.plug();
    await is("safe");
    const arming = await arm();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4500);
    assert.deepEqual(order({ type: "fire", arming }), { ok: false, refusal: "away" });
    assert.equal(view().state, "unknown");
    await is("safe");
    await quiet();
    await arm();
  });

  it("is off when the board starts anew under it, and does not go on where it was", async () => {
    await board.plug();
    await is("safe");
    await fire();
    board.restart();
    await quiet();
    await is("unknown");
    await is("safe");
    assert.equal(board.siren(), false);
  });

  it("is off when the hub stops, and what was done is there after it", async () => {
    await board.plug();
    await is("safe");
    await fire();
    await sirens.stop();
    await quiet();
    register.close();
    register = Register.open(join(dir, "register.sqlite"), clock);
    assert.equal(acts().at(-1), "hub hub done: safe, stop");
    sirens = make(false);
    await sirens.start();
    await is("safe");
    assert.equal(acts().length, 3, "a start that finds it off is no act");
    assert.equal(collectHealth(sirens.components).reasons[0]?.code, "no-site");
  });

  it("obeys also when nothing can be written down", async () => {
    await board.plug();
    await is("safe");
    register.close();
    await fire();
    assert.ok(order({ type: "silence" }).ok);
    await quiet();
    register = Register.open(join(dir, "register.sqlite"), clock);
    assert.deepEqual(acts(), []);
  });
});

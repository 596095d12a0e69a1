/** A siren by way of the hub's HTTP server: who may, in which steps, and what comes too late or twice. */
import assert from "node:assert/strict";
import { pino } from "pino";
import type { SirenAct } from "../../../hub/alerts/siren-acts.js";
import type { SirenView } from "../../../hub/api/views.js";
import type { Sirens } from "../../../hub/siren/start.js";
import { createSirens } from "../../../hub/siren/start.js";
import type { Bench, Visitor } from "../api/setup.js";
import { enter, startBench, until, visitor } from "../api/setup.js";
import { FLOWS_TOKEN } from "../api/server/rig.js";
import { QUICK, startSirenBoard, type SirenBoard } from "./siren-board.js";

const AT = "/api/v1/sirens/underpass-1";
const LONG = 60_000;

describe("a siren through the API, on real Firmata firmware in a simulated Uno", function () {
  this.timeout(120_000);
  let board: SirenBoard;
  let bench: Bench;
  let sirens: Sirens;
  let officer: Visitor;
  let viewer: Visitor;

  before(async function () {
    board = await startSirenBoard(this);
    const log = pino({ level: "silent" });
    bench = await startBench({
      flowsToken: FLOWS_TOKEN,
      sirens({ clock, register }) {
        const settings = { sirens: board.settings("underpass-1"), clock, log, knows: () => true, relays: QUICK };
        return (sirens = createSirens({ ...settings, book: register.sirens() }));
      },
    });
    await sirens.start();
    await board.plug();
    officer = await enter(bench, "operator");
    viewer = await enter(bench, "viewer");
    await until("the relays answer", () => sirens.list()[0]?.state === "safe", LONG);
  });
  after(async () => {
    await sirens?.stop();
    await bench?.stop();
    await board?.dispose();
  });
  afterEach(async () => {
    await officer.send("POST", `${AT}/silence`, {});
    // Orders are bounded for a person and a minute.
    officer = await enter(bench, "operator");
  });

  interface Said {
    status: number;
    code?: string;
    siren?: SirenView;
  }
  async function give(who: Visitor, step: string, body: object = {}, headers = {}): Promise<Said> {
    const response = await who.send("POST", `${AT}/${step}`, body, headers);
    return { status: response.status, ...((await response.json()) as object) };
  }
  async function arm(): Promise<string> {
    const { status, siren } = await give(officer, "arm");
    assert.equal(status, 200);
    assert.equal(siren?.state, "armed");
    return siren?.arming ?? "";
  }
  const refused = ({ status, code }: Said): string => `${status} ${code}`;
  const state = (): string | undefined => sirens.list()[0]?.state;

  it("sounds by two steps of an operator, and falls silent by a third", async () => {
    const arming = await arm();
    await until("the beacon is on", () => board.beacon(), LONG);
    assert.equal(board.siren(), false);
    const fired = await give(officer, "fire", { arming });
    assert.deepEqual([fired.status, fired.siren?.state, fired.siren?.arming], [200, "firing", arming]);
    await until("the siren is on", () => board.siren(), LONG);
    const seen = (await (await viewer.get("/api/v1/sirens")).json()) as { sirens: SirenView[] };
    assert.equal(seen.sirens[0]?.state, "firing");
    assert.equal((await give(officer, "silence")).siren?.state, "safe");
    await until("both are off", () => !board.beacon() && !board.siren(), LONG);
    const { acts } = (await (await viewer.get("/api/v1/sirens/acts?limit=3")).json()) as { acts: SirenAct[] };
    assert.deepEqual(
      acts.map(({ act, result, state: then }) => `${act} ${result} ${then}`),
      ["silence done safe", "fire done firing", "arm done armed"],
    );
    assert.match(acts[0]!.who, /^operator-/);
    assert.ok(bench.access.seen.list().some(({ who, what }) => who.startsWith("viewer-") && what === "alarms"));
  });

  it("sounds by no viewer, no stranger, no foreign page and no program", async () => {
    const arming = await arm();
    for (const step of ["arm", "fire", "silence"]) {
      const body = step === "fire" ? { arming } : {};
      assert.equal(refused(await give(viewer, step, body)), "403 NOT_ALLOWED");
      assert.equal(refused(await give(visitor(bench), step, body)), "401 LOGIN_NEEDED");
      assert.equal(refused(await give(officer, step, body, { origin: "http://evil.example" })), "403 CROSS_ORIGIN");
      assert.equal(refused(await give(officer, step, body, { "x-aryk-csrf": "x" })), "403 CSRF");
    }
    const bearer = { "content-type": "application/json", authorization: `Bearer ${FLOWS_TOKEN}`, origin: bench.url };
    const byFlow = await fetch(bench.url + `${AT}/fire`, {
      ...{ method: "POST", headers: bearer, body: JSON.stringify({ arming }) },
    });
    assert.equal(byFlow.status, 401);
    assert.equal(state(), "armed");
    assert.equal(board.siren(), false);
  });

  it("sounds by no order that skips a step, comes late, or comes again", async () => {
    assert.equal((await give(officer, "fire")).status, 400);
    assert.equal((await give(officer, "fire", { arming: "x" })).status, 400);
    assert.equal(refused(await give(officer, "fire", { arming: "0".repeat(16) })), "409 SIREN_NOT_ARMED");

    const first = await arm();
    const second = await arm();
    assert.equal(refused(await give(officer, "fire", { arming: first })), "409 SIREN_ARMED_ANEW");
    bench.clock.advance(60_000);
    assert.equal(refused(await give(officer, "fire", { arming: second })), "409 SIREN_NOT_ARMED");

    const third = await arm();
    assert.equal((await give(officer, "fire", { arming: third })).status, 200);
    assert.equal((await give(officer, "fire", { arming: third })).siren?.state, "firing", "a repeated request");
    assert.equal(refused(await give(officer, "arm")), "409 SIREN_SOUNDING");
    assert.equal((await give(officer, "silence")).status, 200);
    assert.equal((await give(officer, "silence")).status, 200);
    assert.equal(refused(await give(officer, "fire", { arming: third })), "409 SIREN_NOT_ARMED", "a replay");
    assert.equal(board.siren() && state() !== "safe", false);
    const { acts } = (await (await officer.get("/api/v1/sirens/acts?limit=2")).json()) as { acts: SirenAct[] };
    assert.deepEqual(
      acts.map(({ act, result, why }) => `${act} ${result} ${why}`),
      ["fire refused not-armed", "silence done ordered"],
    );
  });

  it("bounds the orders of one person to one siren, but never silence", async () => {
    const said: string[] = [];
    for (let i = 0; i < 25; i++) said.push(refused(await give(officer, "fire", { arming: "0".repeat(16) })));
    assert.deepEqual([said[0], said.at(-1)], ["409 SIREN_NOT_ARMED", "429 TOO_MANY_TRIES"]);
    assert.equal((await give(officer, "silence")).status, 200);
    const other = await enter(bench, "technician");
    assert.equal((await give(other, "arm")).status, 200);
  });

  it("is not where there is none, and takes no body of another kind", async () => {
    const none = await officer.send("POST", "/api/v1/sirens/underpass-2/arm", {});
    assert.equal(none.status, 404);
    assert.equal(((await none.json()) as { code: string }).code, "NO_SIREN");
    assert.equal((await give(officer, "arm", { person: "somebody else" })).status, 400);
    assert.equal((await officer.get("/api/v1/sirens/acts?limit=0")).status, 400);
  });

  it("is seen on the live view as it changes, and says so when its relays do not answer", async () => {
    const cut = new AbortController();
    const headers = { cookie: viewer.cookie };
    const response = await fetch(bench.url + "/api/v1/live", { headers, signal: cut.signal });
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
        text += Buffer.from(chunk).toString("utf8");
    })().catch(() => undefined);
    await until("the snapshot", () => /event: snapshot\ndata: .*"sirens":\[\{"site":"underpass-1"/.test(text));
    await arm();
    await until("the change", () => /event: delta\ndata: .*"sirens":\[[^\]]*"state":"armed"/.test(text));
    await board.unplug();
    await until("the loss", () => /event: delta\ndata: .*"sirens":\[[^\]]*"state":"unknown"/.test(text));
    assert.equal(refused(await give(officer, "silence")), "409 SIREN_AWAY");
    cut.abort();
    await reading;
    await board.plug();
    await until("the relays answer", () => state() === "safe", LONG);
  });
});

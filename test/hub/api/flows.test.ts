import assert from "node:assert/strict";
import type { Notice } from "../../../hub/alerts/protocol.js";
import { depthPack, startHubSide, TOKEN, UNDERPASS, type HubSide } from "../../flows/rig.js";

type Answer = Record<string, unknown>;

describe("the API for the flows", () => {
  let hub: HubSide;
  beforeEach(async () => void (hub = await startHubSide({ text: (notice) => `text in ${notice.language}` })));
  afterEach(() => hub.stop());

  const post = async (path: string, body: unknown, token = TOKEN): Promise<{ status: number; body: Answer }> => {
    const response = await fetch(`${hub.url}/api/v1/flows${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  const open = async () => (await post("/open", {})).body;
  const raise = (opened: Answer, channel = "log") => ({
    fence: opened["fence"],
    cursor: opened["cursor"],
    now: hub.clock.now(),
    evaluations: [
      {
        ...{ site: UNDERPASS, rule: "flood", expectedRevision: 0, state: { level: 2 } },
        events: [
          {
            ...{ kind: "flood", action: "raise", level: 2, reason: "test", figures: { depthMm: 110 } },
            ...{ time: hub.clock.now(), entry: null },
          },
        ],
      },
    ],
    notices: [{ site: UNDERPASS, kind: "flood", channel, to: "duty", language: "ru", minLevel: 1 }],
  });

  it("answers nobody without the token", async () => {
    for (const path of ["/open", "/next", "/commit", "/notices/claim"]) {
      const { status, body } = await post(path, {}, "wrong");
      assert.deepEqual([path, status, body["code"]], [path, 401, "UNAUTHORIZED"]);
    }
    assert.equal(hub.register.fence(), 0);
  });

  it("says what is wrong with a body, and writes nothing", async () => {
    const opened = await open();
    const bad = { ...raise(opened), evaluations: [{ ...raise(opened).evaluations[0], state: null }] };
    const { status, body } = await post("/commit", bad);
    assert.equal(status, 400);
    assert.match(String(body["message"]), /state/);
    assert.deepEqual(hub.register.states(), []);
    assert.equal((await post("/next", { fence: 1, after: { epoch: "x" }, waitMs: 0 })).status, 400);
  });

  it("gives entries that wait at once, and wakes for one that comes", async () => {
    const opened = await open();
    await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), 10));
    const first = (await post("/next", { fence: opened["fence"], after: opened["cursor"], waitMs: 60_000 })).body;
    assert.equal((first["packs"] as unknown[]).length, 1);
    assert.equal(first["more"], false);
    const waiting = post("/next", { fence: opened["fence"], after: first["to"], waitMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), 20));
    const second = (await waiting).body;
    assert.equal((second["packs"] as { site: string }[])[0].site, UNDERPASS);
  });

  it("tells the time when the hub's clock has moved by a tick, even by a leap", async () => {
    const opened = await open();
    const ask = (after: unknown) => post("/next", { fence: opened["fence"], after, waitMs: 60_000 });
    const waiting = ask(opened["cursor"]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    hub.clock.advance(3_600_000);
    const tick = (await waiting).body;
    assert.deepEqual([tick["now"], tick["packs"]], [hub.clock.now(), []]);
    hub.clock.advance(10_000);
    assert.equal((await ask(tick["to"])).body["now"], hub.clock.now());
  });

  it("sends the sites again when they have changed, and only then", async () => {
    const opened = await open();
    const ask = async () => (await post("/next", { fence: opened["fence"], after: opened["cursor"], waitMs: 0 })).body;
    assert.equal((await ask())["sites"], undefined);
    hub.sites.pop();
    assert.equal(((await ask())["sites"] as unknown[]).length, hub.sites.length);
    assert.equal((await ask())["sites"], undefined);
  });

  it("shuts out the one before, also while it waits", async () => {
    const first = await open();
    const waiting = post("/next", { fence: first["fence"], after: first["cursor"], waitMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await open();
    assert.deepEqual([(await waiting).status, (await waiting).body["code"]], [409, "FENCED"]);
    assert.equal((await post("/commit", raise(first))).body["code"], "FENCED");
    assert.equal((await post("/commit", raise(second))).status, 200);
  });

  it("commits once, moves the journal's cursor, and names a state that has moved on", async () => {
    const opened = await open();
    await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), 10));
    const to = hub.journal.head();
    const done = await post("/commit", { ...raise(opened), cursor: to });
    assert.equal((done.body["transitions"] as unknown[]).length, 1);
    assert.deepEqual(done.body["revisions"], [{ site: UNDERPASS, rule: "flood", revision: 1 }]);
    assert.deepEqual(hub.journal.cursor("flows"), to);
    const again = await post("/commit", { ...raise(opened), cursor: to, now: hub.clock.now() + 1 });
    assert.deepEqual([again.status, again.body["code"]], [409, "STALE_REVISION"]);
    assert.equal(hub.register.transitions().length, 1);
    assert.deepEqual((await open())["cursor"], to);
  });

  it("opens a new register after what was judged before it", async () => {
    await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), 10));
    const judged = hub.journal.head();
    hub.journal.settle("flows", judged.id);
    await hub.journal.append(depthPack(UNDERPASS, hub.clock.now(), 20));
    assert.deepEqual((await open())["cursor"], judged);
  });

  it("refuses a place in another journal, and one that this journal has not reached", async () => {
    const opened = await open();
    const { epoch } = hub.journal.head();
    for (const after of [
      { epoch: "other", id: 0 },
      { epoch, id: 99 },
    ]) {
      assert.equal((await post("/next", { fence: opened["fence"], after, waitMs: 0 })).body["code"], "WRONG_JOURNAL");
      assert.equal((await post("/commit", { ...raise(opened), cursor: after })).body["code"], "WRONG_JOURNAL");
    }
    assert.deepEqual(hub.register.transitions(), []);
  });

  it("lends the notices of a channel, with their text, and settles each once", async () => {
    await post("/commit", raise(await open(), "branch"));
    const claim = async () => (await post("/notices/claim", { channel: "branch" })).body["notices"] as Notice[];
    const [notice] = await claim();
    assert.equal((notice as Notice & { text: string }).text, "text in ru");
    assert.deepEqual(await claim(), []);
    const { id, lease } = notice;
    assert.equal((await post("/notices/done", { id, lease: "another", receipt: { state: "sent" } })).status, 409);
    const done = await post("/notices/done", { id, lease, receipt: { state: "delivered", providerId: "p7" } });
    assert.equal(done.status, 200);
    assert.equal(hub.register.outbox().list()[0].state, "delivered");
    const late = await post("/notices/failed", { id, lease, error: "too late" });
    assert.deepEqual([late.status, late.body["code"]], [409, "LEASE_LOST"]);
  });

  it("takes a failed notice back for another try", async () => {
    await post("/commit", raise(await open(), "branch"));
    const { body } = await post("/notices/claim", { channel: "branch", limit: 1, leaseMs: 5000 });
    const { id, lease } = (body["notices"] as Notice[])[0];
    assert.equal((await post("/notices/failed", { id, lease, error: "HTTP 503" })).status, 200);
    const [kept] = hub.register.outbox().list();
    assert.deepEqual([kept.state, kept.error], ["retry", "HTTP 503"]);
  });
});

import assert from "node:assert/strict";
import type { Snapshot } from "../../../hub/api/views.js";
import { enter, reading, site, START, startBench, until, visitor } from "./setup.js";
import type { Bench, Visitor } from "./setup.js";

interface Event {
  id: string;
  event: string;
  data: Partial<Snapshot>;
}

/** Reads a stream of server-sent events until it is closed. */
async function listen(
  bench: Bench,
  who: Visitor,
  headers: Record<string, string> = {},
): Promise<{ events: Event[]; ended(): boolean; close(): void }> {
  const cut = new AbortController();
  const response = await fetch(`${bench.url}/api/v1/live`, {
    headers: { cookie: who.cookie, ...headers },
    signal: cut.signal,
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  const events: Event[] = [];
  let ended = false;
  void (async () => {
    let text = "";
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
          if (field("event") !== "")
            events.push({
              id: field("id"),
              event: field("event"),
              data: JSON.parse(field("data")) as Partial<Snapshot>,
            });
        }
      }
    } catch {
      // The reader itself has hung up.
    }
    ended = true;
  })();
  await until("the snapshot has come", () => events.length > 0);
  return { events, ended: () => ended, close: () => cut.abort() };
}

describe("the live view", () => {
  let bench: Bench;
  let viewer: Visitor;
  before(async () => {
    bench = await startBench();
    viewer = await enter(bench, "viewer");
  });
  after(() => bench.stop());

  it("begins with a snapshot and then delivers each commit, with the journal's cursor as id", async () => {
    await bench.pack("underpass-1", START - 1000, [reading("water-depth", 11)]);
    const line = await listen(bench, viewer);
    const [first] = line.events;
    assert.equal(first.event, "snapshot");
    assert.equal(first.data.zoneMinutes, 300);
    assert.equal(first.data.latest?.["underpass-1"]["water-depth"].value, 11);
    assert.deepEqual(
      first.data.sites?.map((s) => [s.id, s.kind, s.silentAfterS]),
      [["underpass-1", "flood", 180]],
    );
    const id = await bench.pack("underpass-1", START, [reading("water-depth", 87, 3, ["rate"])]);
    await until("the delta has come", () => line.events.some((e) => e.event === "delta"));
    const delta = line.events.find((e) => e.event === "delta");
    const wanted = { time: START, value: 87, flag: 3, calibration: 1, why: ["rate"] };
    assert.deepEqual(delta?.data.latest, { "underpass-1": { "water-depth": wanted } });
    assert.equal(delta?.id, `${bench.journal.head().epoch}:${id}`);
    line.close();
  });

  it("does not let a late reading change the present", async () => {
    const line = await listen(bench, viewer);
    await bench.pack("underpass-1", START - 50_000, [reading("water-depth", 999)]);
    await bench.pack("underpass-1", START + 1, [reading("temperature", 5)]);
    await until("the delta has come", () =>
      line.events.some((e) => e.data.latest?.["underpass-1"].temperature !== undefined),
    );
    const last = line.events.findLast((e) => e.data.latest !== undefined);
    assert.equal(last?.data.latest?.["underpass-1"]["water-depth"].value, 87);
    line.close();
  });

  it("sends a fresh snapshot to whoever connects again", async () => {
    const line = await listen(bench, viewer);
    line.close();
    await bench.pack("underpass-1", START + 2000, [reading("water-depth", 44)]);
    const again = await listen(bench, viewer, { "last-event-id": line.events[0].id });
    assert.equal(again.events[0].event, "snapshot");
    assert.equal(again.events[0].data.latest?.["underpass-1"]["water-depth"].value, 44);
    again.close();
  });

  it("ticks with the hub's time while nothing happens, and tells of new sites and of ill health", async () => {
    const line = await listen(bench, viewer);
    bench.clock.advance(5000);
    await until("a tick has come", () => line.events.some((e) => e.event === "tick" && e.data.now === START + 5000));
    bench.addSites([site("container-1", "mesh-container", "Arbat")]);
    await until("the sites have come", () =>
      line.events.some((e) => e.data.sites?.length === 2 && e.event === "delta"),
    );
    bench.health = {
      status: "degraded",
      reasons: [{ component: "flows", status: "degraded", code: "stale", message: "" }],
    };
    await until("the health has come", () =>
      line.events.some((e) => e.data.health?.status === "degraded" && e.event !== "snapshot"),
    );
    bench.health = { status: "ok", reasons: [] };
    line.close();
  });

  it("ends when the session behind it ends", async () => {
    const person = await enter(bench, "viewer");
    const line = await listen(bench, person);
    assert.equal((await person.send("POST", "/api/v1/logout")).status, 200);
    await until("the stream has ended", () => line.ended());
    assert.equal(line.events.at(-1)?.event, "bye");
  });

  it("has room for so many and no more", async () => {
    const lines = [];
    for (let i = 0; i < 5; i++) lines.push(await listen(bench, viewer));
    assert.equal((await viewer.get("/api/v1/live")).status, 503);
    for (const line of lines) line.close();
    await until("there is room again", async () => {
      const cut = new AbortController();
      const { status } = await fetch(`${bench.url}/api/v1/live`, {
        headers: { cookie: viewer.cookie },
        signal: cut.signal,
      });
      cut.abort();
      return status === 200;
    });
  });

  it("is closed to strangers", async () => {
    assert.equal((await visitor(bench).get("/api/v1/live")).status, 401);
  });
});

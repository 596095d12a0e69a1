/** The sign of life, at a real server. */
import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "../../../hub/health.js";
import { startHeartbeat, type Heartbeat } from "../../../hub/heartbeat.js";

interface Got {
  path: string;
  headers: IncomingHttpHeaders;
  body: { hub: string; time: string; status: string; flows: string; reasons: { component: string; code: string }[] };
}

const OK: Health = { status: "ok", reasons: [] };
const FLOWS: Health = {
  status: "degraded",
  reasons: [{ component: "flows", status: "degraded", code: "stale", message: "figures of ours" }],
};
const DOWN: Health = {
  status: "down",
  reasons: [{ component: "journal", status: "down", code: "no-commit", message: "x" }],
};

describe("the heartbeat", () => {
  const got: Got[] = [];
  const said: string[] = [];
  let answer = 200;
  let url = "";
  let health: Health = OK;
  let beat: Heartbeat | null = null;
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      got.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(text) as Got["body"] });
      response.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {}).end("thanks");
    });
  });
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    for (const end = Date.now() + 15_000; !condition(); await sleep(5)) assert.ok(Date.now() < end, `in vain: ${what}`);
  };
  const start = (everySeconds: number, downUrl: string | null): Heartbeat => {
    const say = { warn: (line: string) => void said.push(line), info: (line: string) => void said.push(line) };
    const deps = { name: "city", now: () => Date.UTC(2026, 2, 1), health: () => health, ...say };
    return startHeartbeat({ url: url + "/ping/7f3a-secret", downUrl, everySeconds, token: "bearer-7" }, deps, 10);
  };
  const at = (path: string): Got[] => got.filter((one) => one.path === path);

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    got.length = said.length = 0;
    answer = 200;
    health = OK;
  });
  afterEach(() => beat?.stop());
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("tells how the hub and its flows are, again and again, with its token", async () => {
    beat = start(0.02, null);
    await until("two beats", () => got.length >= 2);
    assert.deepEqual(
      [got[0]!.body.hub, got[0]!.body.time, got[0]!.body.status, got[0]!.body.flows],
      ["city", "2026-03-01T00:00:00.000Z", "ok", "ok"],
    );
    assert.equal(got[0]!.headers.authorization, "Bearer bearer-7");
    health = FLOWS;
    await until("degraded", () => got.at(-1)!.body.status === "degraded");
    assert.equal(got.at(-1)!.body.flows, "stale");
    assert.deepEqual(got.at(-1)!.body.reasons, [{ component: "flows", status: "degraded", code: "stale" }]);
  });

  it("falls silent when the hub is down, says so once elsewhere, and is back at once", async () => {
    beat = start(3600, url + "/fail");
    await until("the first", () => at("/ping/7f3a-secret").length === 1);
    health = DOWN;
    await until("down", () => at("/fail").length === 1);
    assert.equal(at("/fail")[0]!.body.reasons[0]!.component, "journal");
    await sleep(60);
    assert.deepEqual([at("/ping/7f3a-secret").length, at("/fail").length], [1, 1]);
    health = OK;
    await until("back, though an hour is not over", () => at("/ping/7f3a-secret").length === 2);
  });

  it("is only silent while down if it knows no other address", async () => {
    health = DOWN;
    beat = start(0.02, null);
    await sleep(100);
    assert.equal(got.length, 0);
  });

  it("makes the hub degraded while it does not arrive, follows nobody elsewhere, and tells no secret", async () => {
    answer = 302;
    beat = start(3600, null);
    await until("a failure", () => beat!.stats().failed > 0);
    assert.equal(at("/elsewhere").length, 0);
    const [reason] = beat.component.check();
    assert.deepEqual([reason?.status, reason?.code], ["degraded", "undelivered"]);
    assert.match(reason?.message ?? "", /status 302/);
    await until("it is said", () => said.length === 1);
    assert.doesNotMatch(said.join() + reason!.message, /7f3a-secret|bearer-7/);
    assert.equal(beat.stats().delivered, 0);
  });

  it("names a server that is not there", async () => {
    const kept = url;
    url = "http://127.0.0.1:1";
    beat = start(3600, null);
    url = kept;
    await until("a failure", () => beat!.component.check().length === 1);
    assert.match(beat.component.check()[0]!.message, /ECONNREFUSED|bad port/);
  });
});

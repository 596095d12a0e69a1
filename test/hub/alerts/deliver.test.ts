import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCapReader, type CapReader } from "../../../hub/alerts/cap/read.js";
import type { Channel } from "../../../hub/alerts/channel.js";
import { folderChannel } from "../../../hub/alerts/channels/folder.js";
import { logChannel } from "../../../hub/alerts/channels/log.js";
import { retryAfterMs, webhookChannel } from "../../../hub/alerts/channels/webhook.js";
import { createCompose } from "../../../hub/alerts/compose.js";
import { startDelivery } from "../../../hub/alerts/deliver.js";
import { Register } from "../../../hub/alerts/register.js";
import type { NoticeState } from "../../../hub/alerts/protocol.js";
import type { AlarmKind, Level } from "../../../hub/alerts/rule.js";
import { SteppedClock } from "../../../hub/clock.js";
import type { SiteId } from "../../../hub/model.js";

const START = Date.parse("2026-07-01T13:04:00Z");

async function until(what: string, done: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !done(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
}

describe("delivery", () => {
  let dir: string;
  let register: Register;
  let reader: CapReader;
  let wall: number;
  let fence: number;
  let id = 0;
  let stop: (() => Promise<void>) | null;
  const warned: string[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-deliver-"));
    wall = START;
    register = Register.open(join(dir, "register.sqlite"), new SteppedClock(START), () => wall);
    reader = openCapReader();
    fence = register.takeFence("test");
    stop = null;
    warned.length = 0;
  });
  afterEach(async () => {
    await stop?.();
    register.close();
    reader.close();
    rmSync(dir, { recursive: true });
  });

  function raise(site: string, level: Level, channel: string, kind: AlarmKind = "flood"): void {
    const figures = { depthMm: 162, rateMmPerMin: 21, fillPercent: 97 };
    const event = { kind, action: "raise" as const, level, reason: "depth-2-of-3", figures, time: START, entry: 1 };
    const expectedRevision = register.states().find((s) => s.site === site)?.revision ?? 0;
    const evaluation = { site: site as SiteId, rule: "flood", expectedRevision, state: { n: ++id }, events: [event] };
    const notice = { site: site as SiteId, kind, channel, to: "", language: "ru" as const, minLevel: 0 as const };
    register.commit({
      fence,
      cursor: { epoch: "e", id },
      now: START,
      evaluations: [evaluation],
      notices: [notice],
    });
  }

  function start(channels: Channel[], timeoutMs = 10_000): void {
    const place = (site: string) =>
      site === "u9"
        ? undefined
        : { names: { kk: "Саин", ru: "ул. Саина", en: "Sain" }, district: "Auezov", lat: 43.2, lon: 76.8 };
    const cap = { sender: "aryk@example.kz", status: "Exercise" as const, contact: "112" };
    const compose = createCompose({ register, place, reader, cap });
    ({ stop } = startDelivery({ register, channels, compose, warn: (w) => warned.push(w), pollMs: 20, timeoutMs }));
  }
  const states = (): NoticeState[] =>
    register
      .outbox()
      .list()
      .map((n) => n.state);

  it("writes whole CAP files, one a transition, and the same bytes when it is delivered again", async () => {
    const folder = join(dir, "cap");
    start([folderChannel(folder)]);
    raise("u1", 2, "cap-folder");
    raise("u1", 3, "cap-folder");
    await until("two files", () => states().every((s) => s === "delivered"));
    const names = readdirSync(folder).sort();
    assert.deepEqual(names, [1, 2].map((n) => `aryk-${register.epoch()}-1-${n}.xml`).sort());
    const xml = readFileSync(join(folder, names[1]), "utf8");
    const read = reader.read(xml);
    assert.ok(read.ok && read.message.msgType === "Update" && read.message.references.length === 1);
    rmSync(join(folder, names[1]));
    const again = register.outbox().list()[0];
    const compose = createCompose({
      register,
      place: () => ({ names: { kk: "Саин", ru: "ул. Саина", en: "Sain" }, district: "Auezov", lat: 43.2, lon: 76.8 }),
      reader,
      cap: { sender: "aryk@example.kz", status: "Exercise", contact: "112" },
    });
    await folderChannel(folder).send(compose(again), AbortSignal.timeout(1000));
    assert.equal(readFileSync(join(folder, names[1]), "utf8"), xml);
  });

  it("tells of a site that the registry does not know by its id", async () => {
    const lines: string[] = [];
    start([logChannel((line) => lines.push(line)), folderChannel(join(dir, "cap"))]);
    raise("u9", 3, "log");
    raise("u8", 3, "cap-folder");
    await until("the line", () => states().every((s) => s === "delivered"));
    assert.deepEqual(lines, ["u9: ЗАКРЫТЬ ПРОЕЗД. Вода 16 см, +2,1 см/мин. Объезжайте."]);
  });

  it("never lets waste delay a flood: each priority has its own lane", async () => {
    const sent: string[] = [];
    let free = (): void => {};
    const stuck = new Promise<void>((resolve) => (free = resolve));
    const gateway: Channel = {
      name: "gateway",
      async send(message) {
        if (message.notice.kind === "overflow") await stuck;
        sent.push(message.notice.site);
        return { ok: true, receipt: { state: "sent" } };
      },
    };
    for (let i = 0; i < 20; i++) raise(`c${i}`, 1, "gateway", "overflow");
    start([gateway]);
    await until("the lane to be full", () => states().filter((s) => s === "leased").length === 8);
    raise("u1", 4, "gateway");
    await until("the flood", () => sent.length > 0);
    assert.deepEqual(sent, ["u1"]);
    free();
    await until("the rest", () => sent.length === 21);
  });

  it("tries again what failed, hung or threw; gives up on what is refused for good", async () => {
    const tries: Record<string, number> = {};
    const gateway: Channel = {
      name: "gateway",
      async send(message) {
        const n = (tries[message.notice.site] = (tries[message.notice.site] ?? 0) + 1);
        if (message.notice.site === "bad") return { ok: false, error: "HTTP 422", final: true };
        if (message.notice.site === "throws" && n === 1) throw new Error("broken");
        if (message.notice.site === "hangs" && n === 1) return new Promise(() => {});
        return { ok: true, receipt: { state: "sent" } };
      },
    };
    start([gateway], 200);
    for (const site of ["bad", "throws", "hangs"]) raise(site, 3, "gateway");
    await until("the failures", () => states().filter((s) => s === "retry").length === 2);
    wall += 4000;
    await until("the second tries", () => states().filter((s) => s === "sent").length === 2);
    assert.deepEqual(tries, { bad: 1, throws: 2, hangs: 2 });
    assert.equal(register.outbox().counts().dead, 1);
    assert.ok(warned.some((w) => w.includes("refused for good")));
  });

  describe("webhook", () => {
    let server: Server;
    let url: string;
    let answer: (request: IncomingMessage, body: string) => { status: number; headers?: Record<string, string> };
    const got: { headers: IncomingMessage["headers"]; body: string }[] = [];

    beforeEach(async () => {
      got.length = 0;
      server = createServer((request, response) => {
        let body = "";
        request.setEncoding("utf8");
        request.on("data", (chunk: string) => (body += chunk));
        request.on("end", () => {
          got.push({ headers: request.headers, body });
          const { status, headers } = answer(request, body);
          response.writeHead(status, headers).end("x");
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cap`;
    });
    afterEach(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    it("posts CAP, signed, and retries a busy server with the same idempotency key and bytes", async () => {
      answer = () => (got.length === 1 ? { status: 503, headers: { "retry-after": "1" } } : { status: 202 });
      start([webhookChannel({ url, format: "cap", secret: "s3cret" }, () => wall)]);
      raise("u1", 3, "webhook");
      await until("the first try", () => states()[0] === "retry");
      wall += 3001;
      await until("the second", () => states()[0] === "sent");
      assert.equal(got.length, 2);
      assert.equal(got[0].body, got[1].body);
      assert.equal(got[0].headers["idempotency-key"], got[1].headers["idempotency-key"]);
      assert.equal(got[0].headers["content-type"], "application/cap+xml");
      const [t, v1] = String(got[0].headers["x-aryk-signature"]).split(",");
      const expected = createHmac("sha256", "s3cret")
        .update(`${t.slice(2)}.${got[0].body}`)
        .digest("hex");
      assert.equal(v1, `v1=${expected}`);
    });

    it("gives up where the message is wrong, not where the server is", async () => {
      const answers: Record<string, number> = { u400: 400, u401: 401, u404: 404, u302: 302, u500: 500 };
      answer = (_, body) => ({ status: answers[(JSON.parse(body) as { site: string }).site] });
      start([webhookChannel({ url, format: "json", secret: null })]);
      for (const site of Object.keys(answers)) raise(site, 3, "webhook");
      await until("all answers", () => states().every((s) => s === "dead" || s === "retry"));
      const dead = register.outbox().list({ state: "dead" });
      assert.deepEqual(
        dead.map((n) => [n.site, n.error]),
        [["u400", "HTTP 400"]],
      );
      assert.equal(got[0].headers["x-aryk-signature"], undefined);
    });

    it("keeps a notice while nobody listens", async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      start([webhookChannel({ url, format: "cap", secret: null })]);
      raise("u1", 3, "webhook");
      await until("the failure", () => states()[0] === "retry");
      assert.match(register.outbox().list()[0].error ?? "", /ECONNREFUSED|fetch failed/);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });

    it("reads Retry-After as seconds or a date, and waits ten minutes at most", () => {
      assert.equal(retryAfterMs("7", START), 7000);
      assert.equal(retryAfterMs(new Date(START + 9000).toUTCString(), START), 9000);
      assert.equal(retryAfterMs("99999", START), 600_000);
      assert.equal(retryAfterMs("soon", START), undefined);
      assert.equal(retryAfterMs(null, START), undefined);
    });
  });
});

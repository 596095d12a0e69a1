/** Answers that no real database can be made to give on demand, given by a small HTTP server. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { SetupError } from "../../../../hub/errors.js";
import type { Journal } from "../../../../hub/journal.js";
import { judge } from "../../../../hub/outputs/influxdb/answer.js";
import { createSender, type InfluxTarget, type Sender } from "../../../../hub/outputs/influxdb/send.js";
import { startInfluxDb, type InfluxOptions } from "../../../../hub/outputs/influxdb.js";
import { openJournal, packEntry, temporaryDir, until } from "../entries.js";

const never = new AbortController().signal;

describe("a write to InfluxDB", () => {
  let server: Server;
  let url: string;
  let seen: { method?: string; url?: string; headers: IncomingMessage["headers"]; body: Buffer }[];
  let respond: (response: ServerResponse, body: string) => void;
  let senders: Sender[];

  beforeEach(async () => {
    seen = [];
    senders = [];
    respond = (response) => response.writeHead(204).end();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        respond(response, body.toString());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const sender of senders) sender.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function sender(target: Partial<InfluxTarget> = {}, timeoutMs = 5000, compression: "none" | "gzip" = "none"): Sender {
    const made = createSender(
      { api: "v2", url, org: "city", bucket: "aryk", ...target } as InfluxTarget,
      timeoutMs,
      compression,
    );
    senders.push(made);
    return made;
  }

  const json = (status: number, body: object, headers = {}) =>
    void (respond = (response) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body)));

  async function verdict(sent = ["m v=1 1"]) {
    return judge(await sender().send(sent, never), sent, Date.now());
  }

  it("goes to /api/v2/write with the token", async () => {
    assert.deepEqual(await sender({ token: "secret" } as InfluxTarget).send(["m v=1 1", "m v=2 2"], never), {
      ...{ status: 204, contentType: "", retryAfter: undefined, body: "" },
    });
    const [{ method, url: path, headers, body }] = seen;
    assert.equal(`${method} ${path}`, "POST /api/v2/write?org=city&bucket=aryk&precision=ns");
    assert.equal(headers.authorization, "Token secret");
    assert.equal(body.toString(), "m v=1 1\nm v=2 2");
  });

  it("goes to /write with name and password as HTTP Basic for 1.x", async () => {
    const target: InfluxTarget = {
      ...{ api: "v1", url, database: "a b", retentionPolicy: "year", username: "u", password: "p:1" },
    } as InfluxTarget;
    await sender(target).send(["m v=1 1"], never);
    assert.equal(seen[0].url, "/write?db=a%20b&precision=ns&rp=year");
    assert.equal(seen[0].headers.authorization, `Basic ${Buffer.from("u:p:1").toString("base64")}`);
  });

  it("compresses when told to", async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `m,site=u-1 v=${i} ${i}`);
    await sender({}, 5000, "gzip").send(lines, never);
    assert.equal(seen[0].headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(seen[0].body).toString(), lines.join("\n"));
  });

  it("sends one request, whatever the answer: nothing is tried again behind our back", async () => {
    for (const status of [500, 503, 429, 400, 401]) {
      json(status, { message: "no" });
      await verdict();
    }
    assert.equal(seen.length, 5);
  });

  it("sees a 'hinted handoff' that the client calls success, and seconds that it calls milliseconds", async () => {
    json(503, { error: "hinted handoff queue not empty" }, { "retry-after": "2" });
    assert.deepEqual(await verdict(), {
      ...{ kind: "kept", reason: "HTTP 503: hinted handoff queue not empty", retryAfterS: 2 },
    });
  });

  it("sees the lines that a 201 did not store", async () => {
    json(201, { error: "partial write", data: [{ line_number: 2, error_message: "bad" }] });
    const judged = await verdict(["m v=1 1", "m v=x 2"]);
    assert.ok(judged.kind === "lines");
    assert.deepEqual([...judged.bad], [[1, "bad"]]);
  });

  it("takes a plain 200 for success", async () => {
    respond = (response) => response.writeHead(200).end();
    assert.equal((await verdict()).kind, "accepted");
  });

  it("gives up on a server that says nothing, and closes the connection", async () => {
    respond = () => undefined;
    const closed = new Promise<void>((resolve) =>
      server.once("connection", (socket) => socket.once("close", () => resolve())),
    );
    assert.deepEqual(await sender({}, 50).send(["m v=1 1"], never), { error: "no answer within 50 ms" });
    await closed;
  });

  it("gives up on an answer that never ends", async () => {
    respond = (response) => response.writeHead(500, { "content-length": "1000" }).write("wait");
    assert.deepEqual(await sender({}, 50).send(["m v=1 1"], never), { error: "no answer within 50 ms" });
  });

  it("can be called off", async () => {
    respond = () => undefined;
    const stop = new AbortController();
    const answer = sender().send(["m v=1 1"], stop.signal);
    await until("the request", () => seen.length > 0);
    stop.abort();
    assert.deepEqual(await answer, { error: "called off" });
  });

  it("says what is wrong when nobody listens, or the connection breaks", async () => {
    respond = (response) => response.destroy();
    assert.deepEqual(await sender().send(["m v=1 1"], never), { error: "socket hang up" });
    const refused = await sender({ url: "http://127.0.0.1:1" } as InfluxTarget).send(["m v=1 1"], never);
    assert.match("error" in refused ? refused.error : "", /ECONNREFUSED/);
  });

  it("refuses an address that is none, before anything is sent", () => {
    for (const bad of ["", "influx:8086", "ftp://influx/", "not a url"])
      assert.throws(
        () => sender({ url: bad } as InfluxTarget),
        (e) => e instanceof SetupError && e.code === "INFLUXDB_URL",
      );
  });
});

describe("the InfluxDB output", () => {
  let place: { dir: string; remove: () => void };
  let journal: Journal;
  let server: Server;
  let stop: () => Promise<void> = async () => undefined;
  let answers: ((lines: string[]) => { status: number; headers?: Record<string, string>; body?: string })[];
  let stored: string[];

  beforeEach(async () => {
    place = temporaryDir();
    journal = openJournal(place.dir);
    stored = [];
    answers = [];
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const lines = text.split("\n");
        const { status, headers, body } = answers.shift()?.(lines) ?? { status: 204 };
        if (status === 204) stored.push(...lines);
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await journal.close();
    place.remove();
  });

  function start(more: Partial<InfluxOptions> = {}) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const drain = startInfluxDb({
      target: { api: "v2", url, org: "city", bucket: "aryk" },
      places: {
        pointSite: (site) =>
          site === "unknown" ? undefined : { kind: "flood", type: "underpass", district: "Almaly" },
        boardNumber: () => 1,
      },
      ...{ journal, gatherMs: 0, firstPauseMs: 1, longestPauseMs: 4, inFlight: 1, ...more },
    });
    stop = drain.stop;
    return drain;
  }

  const settledTo = (id: number) => until(`entry ${id} settled`, () => journal.cursor("influxdb").id === id);
  const seqs = () => stored.map((line) => Number(line.slice(-6)));

  it("keeps everything through 503, 429 and 500, and writes it once they are over, in order", async () => {
    for (const status of [503, 500, 502, 408, 429]) answers.push(() => ({ status, body: "busy" }));
    for (let i = 1; i <= 20; i++) await journal.append(packEntry(i));
    start({ batchSize: 7 });
    await settledTo(20);
    assert.deepEqual(
      seqs(),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.equal(journal.deadLetters().length, 0);
  });

  it("rests for as many seconds as the database asks for", async () => {
    const pauses: unknown[] = [];
    answers.push(() => ({ status: 429, headers: { "retry-after": "5" } }));
    await journal.append(packEntry(1));
    start({ random: () => 0, log: (_, __, detail) => pauses.push(detail?.pauseMs) });
    await until("the pause", () => pauses.length > 0);
    assert.deepEqual(pauses, [5000]);
  });

  it("lands 999 good lines of a batch and buries the bad one, when the database refuses all of them", async () => {
    const refuse = (lines: string[]) => {
      const bad = lines.find((line) => line.endsWith("000500"));
      if (bad === undefined) return { status: 204 };
      const message = `unable to parse '${bad}': invalid number`;
      return {
        status: 400,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code: "invalid", message }),
      };
    };
    for (let i = 0; i < 20; i++) answers.push(refuse);
    await Promise.all(Array.from({ length: 1000 }, (_, i) => journal.append(packEntry(i + 1))));
    start();
    await settledTo(1000);
    assert.equal(new Set(seqs()).size, 999);
    const letters = journal.deadLetters();
    assert.equal(letters.length, 1);
    assert.equal(letters[0].entry, 500);
    assert.equal(letters[0].reason, "influxdb-parse");
    assert.equal(letters[0].detail, "invalid number");
  });

  it("keeps everything while the token is wrong", async () => {
    for (let i = 0; i < 3; i++) answers.push(() => ({ status: 401, body: '{"code":"unauthorized"}' }));
    await journal.append(packEntry(1));
    const drain = start({ firstPauseMs: 20 });
    await until("the shout", () => drain.stats().state === "needs-person");
    assert.equal(drain.stats().lag, 1);
    await settledTo(1);
    assert.deepEqual(seqs(), [1]);
    assert.equal(journal.deadLetters().length, 0);
  });

  it("passes over what has no point, and buries what cannot be one", async () => {
    await journal.append(packEntry(1, { site: null }));
    await journal.append({ kind: "event", event: "hello", board: null, site: null, received: 1, detail: {} });
    await journal.append(packEntry(3, { site: "unknown" as never }));
    await journal.append(packEntry(4));
    start();
    await settledTo(4);
    assert.deepEqual(seqs(), [4]);
    assert.deepEqual(
      journal.deadLetters().map(({ entry, reason }) => [entry, reason]),
      [[3, "influxdb-unknown-site"]],
    );
  });
});

import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { openGate, SECRET_HEADER } from "../../../flows/gate.js";
import type { Gate } from "../../../flows/gate.js";
import { enter, startBench, until } from "./setup.js";
import type { Bench, Visitor } from "./setup.js";

const SECRET = "a secret of the hub and the flows";

interface Upgrade {
  status: number;
  socket: Duplex | null;
}

describe("the editor behind the hub's login", () => {
  let bench: Bench;
  let gate: Gate;
  let technician: Visitor;
  let seen: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = [];

  /** The real door of the flows' process; behind it, instead of Node-RED, a page and a socket that echo. */
  before(async () => {
    gate = await openGate({
      secret: SECRET,
      sockets: true,
      health: () => ({}),
      app: (request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
          seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
          response.writeHead(200, {
            "content-type": "text/html",
            "set-cookie": "child=1",
            "x-powered-by": "Express",
            "content-security-policy": "default-src *",
          });
          response.end("<p>editor</p>");
        });
      },
    });
    gate.inner.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
      seen.push({ method: "UPGRADE", url: request.url ?? "", headers: request.headers, body: "" });
      socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n");
      socket.on("data", (chunk: Buffer) => socket.write(`echo ${chunk.toString()}`));
      socket.on("error", () => socket.destroy());
    });
    bench = await startBench();
    bench.editor = { port: gate.port, header: SECRET_HEADER, secret: SECRET };
    technician = await enter(bench, "technician");
  });
  beforeEach(() => (seen = []));
  after(async () => {
    await bench.stop();
    await gate.stop();
  });

  function upgrade(path: string, headers: Record<string, string>): Promise<Upgrade> {
    return new Promise((resolve, reject) => {
      const call = httpRequest(bench.url + path, {
        headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "x", ...headers },
      });
      call.on("upgrade", (answer, socket) => resolve({ status: answer.statusCode ?? 0, socket }));
      call.on("response", (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, socket: null });
      });
      call.on("error", reject);
      call.end();
    });
  }

  it("shows the editor to a technician, with the secret on one side and the cookies on the other", async () => {
    const response = await technician.get("/flows/editor/red/main.js?v=4");
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "<p>editor</p>");
    assert.equal(response.headers.get("set-cookie"), null);
    assert.equal(response.headers.get("x-powered-by"), null);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'self';/);
    assert.equal(seen[0].url, "/flows/editor/red/main.js?v=4");
    assert.equal(seen[0].headers.cookie, undefined);
  });

  it("hands a body on whole, larger than the hub's own limit", async () => {
    const flows = { flows: "x".repeat(300_000) };
    const response = await technician.send("POST", "/flows/editor/flows", flows);
    assert.equal(response.status, 200);
    assert.equal(seen[0].method, "POST");
    assert.deepEqual(JSON.parse(seen[0].body), flows);
  });

  it("hands on no further request that hides in the body of one", async () => {
    const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const method of ["GET", "DELETE", "POST"]) {
      const answer = await new Promise<number>((resolve, reject) => {
        const headers = {
          ...{ origin: bench.url, cookie: technician.cookie, "x-aryk-csrf": technician.csrf },
          "transfer-encoding": "chunked",
        };
        const call = httpRequest(`${bench.url}/flows/editor/${method}`, { method, headers }, (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode ?? 0));
        });
        call.on("error", reject);
        call.end(hidden);
      });
      assert.equal(answer, 200);
    }
    assert.deepEqual(
      seen.map(({ url, body }) => [url, body]),
      ["GET", "DELETE", "POST"].map((method) => [`/flows/editor/${method}`, hidden]),
    );
  });

  it("refuses viewers, operators, strangers, and changes from other pages", async () => {
    for (const role of ["viewer", "operator"] as const) {
      const person = await enter(bench, role);
      assert.equal((await person.get("/flows/editor/")).status, 403);
      const socket = await upgrade("/flows/editor/comms", { cookie: person.cookie, origin: bench.url });
      assert.equal(socket.status, 403);
    }
    assert.equal((await fetch(`${bench.url}/flows/editor/`)).status, 401);
    const forged = await technician.send("POST", "/flows/editor/flows", {}, { origin: "https://evil.example" });
    assert.equal(forged.status, 403);
    assert.deepEqual(seen, []);
  });

  it("lets no websocket through without a session, from another page, or to another place", async () => {
    const { cookie } = technician;
    const origin = bench.url;
    const tries: [string, Record<string, string>, number][] = [
      ["/flows/editor/comms", { origin }, 401],
      ["/flows/editor/comms", { origin, cookie: "aryk_session=" + "x".repeat(43) }, 401],
      ["/flows/editor/comms", { cookie }, 403],
      ["/flows/editor/comms", { cookie, origin: "https://evil.example" }, 403],
      ["/flows/editor/comms", { cookie, origin, host: "evil.example" }, 421],
      ["/comms", { cookie, origin }, 404],
    ];
    for (const [path, headers, status] of tries) {
      const answer = await upgrade(path, headers);
      assert.equal(answer.status, status, JSON.stringify([path, Object.keys(headers)]));
    }
    assert.deepEqual(seen, []);
  });

  it("lets go of a refused websocket, whatever else its client sends", async () => {
    const port = Number(new URL(bench.url).port);
    let open = 0;
    const count = (): unknown => bench.app.server.getConnections((_error, connections) => (open = connections));
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    let closed = false;
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => (closed = true));
    const head = `GET /comms HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    socket.end(head + "x".repeat(1_000_000));
    await until("the client's side is closed", () => closed);
    assert.match(heard, /^(HTTP\/1.1 401 |$)/);
    bench.app.server.closeIdleConnections();
    await until("the server's side is closed", () => {
      count();
      return open === 0;
    });
  });

  it("lets a technician's websocket through, without the cookie", async () => {
    const { status, socket } = await upgrade("/flows/editor/comms", { cookie: technician.cookie, origin: bench.url });
    assert.equal(status, 101);
    let heard = "";
    socket?.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    socket?.write("hello");
    await until("the socket has answered", () => heard === "echo hello");
    assert.equal(seen[0].headers.cookie, undefined);
    assert.equal(seen[0].headers.upgrade, "websocket");
    socket?.destroy();
  });

  it("cuts a websocket when its session ends", async () => {
    const person = await enter(bench, "technician");
    const { socket } = await upgrade("/flows/editor/comms", { cookie: person.cookie, origin: bench.url });
    let closed = false;
    socket?.on("close", () => (closed = true));
    socket?.on("error", () => (closed = true));
    socket?.resume();
    assert.equal((await person.send("POST", "/api/v1/logout")).status, 200);
    await until("the socket is closed", () => closed);
  });

  it("says so when the flows are away", async () => {
    const before = bench.editor;
    bench.editor = null;
    assert.equal((await technician.get("/flows/editor/")).status, 503);
    bench.editor = { port: 1, header: SECRET_HEADER, secret: SECRET };
    assert.equal((await technician.get("/flows/editor/")).status, 502);
    bench.editor = before;
  });
});

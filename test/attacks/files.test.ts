/** Texts and names that lead somewhere else: paths, XML, YAML, headers, and what an error may say. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCapReader } from "../../hub/alerts/cap/read.js";
import { parseConfig } from "../../hub/config.js";
import { SteppedClock } from "../../hub/clock.js";
import { Registry } from "../../hub/registry.js";
import { registryFromYaml } from "../../hub/registry/yaml.js";
import { projectRoot } from "../../hub/root.js";
import { enter, startBench, visitor } from "../hub/api/setup.js";
import type { Bench } from "../hub/api/setup.js";

/** A request whose path is sent as it stands: fetch would tidy it. */
function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const out = request({ hostname, port, path, headers }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    out.on("error", reject);
    out.end();
  });
}

/** What a server says to these bytes. */
function bytes(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.end(text));
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

describe("attack: names and texts", function () {
  this.timeout(30_000);
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.stop());

  it("path traversal: no path of the pages leads out of them", async () => {
    const admin = await enter(bench, "admin");
    for (const path of [
      "/../../etc/passwd",
      "/..%2f..%2fetc%2fpasswd",
      "/%2e%2e/%2e%2e/etc/passwd",
      "/app.js/../../../etc/passwd",
      "/....//....//etc/passwd",
      "/..\\..\\etc\\passwd",
      "/app.js%00.html",
      "//etc/passwd",
      "/file:///etc/passwd",
    ])
      for (const cookie of ["", admin.cookie]) {
        const { status, body } = await raw(bench.url, path, { cookie });
        assert.ok([400, 401, 404].includes(status), `${path}: ${status}`);
        assert.doesNotMatch(body, /root:|BEGIN|sqlite/i);
      }
  });

  it("path traversal: no name of a site, board or key can be a path", () => {
    const dir = mkdtempSync(join(tmpdir(), "aryk-names-"));
    const registry = Registry.open(join(dir, "registry.sqlite"), new SteppedClock(0));
    try {
      for (const name of ["../x", "a/b", "a\\b", "..", ".hidden", "a b", "a\nb", "A", "", "é", "a".repeat(33)])
        assert.throws(() => registry.addBoard(name, "test"), { code: "REGISTRY_INVALID" }, name);
      const place = { type: "underpass", names: { kk: "a", ru: "b", en: "c" }, district: "", lat: 43, lon: 76 };
      // A site's name is a part of the names of CAP files.
      for (const id of ["../x", "a/b", "..", ".x", "a b", "a\0b"])
        assert.throws(() => registry.addSite({ id, ...place, settings: {} }, "test"), { code: "REGISTRY_INVALID" }, id);
    } finally {
      registry.close();
      rmSync(dir, { recursive: true });
    }
  });

  it("XML entities: a CAP message with a document type is refused before anything of it is read", () => {
    const dir = mkdtempSync(join(tmpdir(), "aryk-xml-"));
    const secret = join(dir, "secret");
    writeFileSync(secret, "TOP-SECRET");
    const reader = openCapReader();
    const good = readFileSync(join(projectRoot(), "test/fixtures/cap/samples-almaty/1-alert.xml"), "utf8");
    try {
      assert.ok(reader.read(good).ok);
      const named = (entity: string) =>
        good
          .replace(/(<\?xml[^>]*\?>)?/, (head) => `${head}<!DOCTYPE alert [${entity}]>`)
          .replace(/<senderName>[^<]*/, "<senderName>&x;");
      const laughs = Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
      for (const entity of [
        `<!ENTITY x SYSTEM "file://${secret}">`,
        `<!ENTITY x SYSTEM "http://127.0.0.1:9/x">`,
        `<!ENTITY l0 "ha">${laughs}<!ENTITY x "&l12;">`,
      ]) {
        const read = reader.read(named(entity));
        assert.ok(!read.ok && /document type/.test(read.fault), JSON.stringify(read).slice(0, 200));
        assert.ok(!JSON.stringify(read).includes("TOP-SECRET"));
      }
    } finally {
      reader.close();
      rmSync(dir, { recursive: true });
    }
  });

  it("YAML bombs: neither the configuration nor a registry is blown up, and no prototype is touched", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let i = 0; i < 8; i++) {
      const [name, before] = ["bcdefghi"[i], "abcdefgh"[i]];
      bomb.push(
        `${name}: &${name} [${Array(9)
          .fill("*" + before)
          .join(",")}]`,
      );
    }
    // A smaller one fits into memory, and would be taken if nobody counted.
    assert.throws(() => registryFromYaml(bomb.slice(0, 5).join("\n")), /alias/i);
    for (const read of [(text: string) => parseConfig(text, {}), registryFromYaml]) {
      assert.throws(() => read(bomb.join("\n")), /alias|unknown option/i);
      assert.throws(() => read("a: &a [*a]\n"));
      const deep = [
        "x: ".repeat(5000) + "1",
        "- ".repeat(5000) + "1",
        "? ".repeat(5000),
        "[".repeat(5000),
        "{a: ".repeat(5000),
        Array.from({ length: 400 }, (_, i) => " ".repeat(i) + "a:").join("\n"),
      ];
      for (const text of deep) assert.throws(() => read(text), /nested deeper/);
    }
    assert.throws(() => parseConfig("__proto__:\n  polluted: 1\n", {}));
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it("header injection and smuggling: a malformed request is refused, and brings no second answer", async () => {
    const answers = [
      await bytes(bench.url, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\rSet-Cookie: b\r\n\r\n"),
      await bytes(bench.url, "GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n"),
      await bytes(
        bench.url,
        "POST /api/v1/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n",
      ),
      await bytes(bench.url, "GET /\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    ];
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 400 /);
    for (const answer of answers) assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1, answer);
    const { status, body } = await raw(bench.url, "/nowhere%0d%0aSet-Cookie:%20a=b");
    assert.equal(status, 401);
    assert.doesNotMatch(body, /Set-Cookie/);
    const admin = await enter(bench, "admin");
    const odd = await admin.send("POST", "/api/v1/people", {
      name: "a\r\nSet-Cookie: x",
      role: "viewer",
      password: "a long password",
    });
    assert.equal(odd.status, 400);
  });

  it("prototypes: a JSON body that names __proto__ or constructor is refused", async () => {
    for (const body of [
      '{"__proto__":{"role":"admin"},"name":"a","password":"b"}',
      '{"constructor":{"prototype":{}},"name":"a","password":"b"}',
    ]) {
      const response = await fetch(bench.url + "/api/v1/login", {
        method: "POST",
        headers: { origin: bench.url, "content-type": "application/json" },
        body,
      });
      assert.equal(response.status, 400);
    }
    assert.equal((await visitor(bench).get("/api/v1/people")).status, 401);
  });
});

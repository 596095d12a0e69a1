/** Many at once: connections that say nothing or little, logins that fail, views without end. The others are served. */
import assert from "node:assert/strict";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { enter, login, startBench, visitor } from "../hub/api/setup.js";
import type { Bench } from "../hub/api/setup.js";
import { until } from "../rig/sealed.js";
import { RawClient } from "../rig/raw-mqtt.js";
import { crowd, openDoor } from "./rig.js";

const mm = [{ property: DISTANCE, ok: true as const, value: 1 }];

describe("attack: crowds", function () {
  this.timeout(60_000);

  it("1,000 connections that say nothing keep no board out, and are sent away", async () => {
    const door = await openDoor({ connectTimeoutMs: 1500, strangersPerAddress: 1001 });
    const silent = await crowd(door.broker.port, 1000);
    try {
      assert.equal(silent.open(), 1000);
      const board = await door.client("up-1");
      await board.publishAsync("aryk/up-1/up", door.board("up-1").pack(mm, 1, null), { qos: 1 });
      assert.equal(door.stats().stored, 1);
      await until("the silent ones sent away", () => door.broker.stats().connections === 1, 30_000);
      assert.equal(door.broker.stats().faults["no-connect"], 1000);
      assert.ok(board.connected);
    } finally {
      silent.end();
      await door.close();
    }
  });

  it("strangers of one address take only their share of the connections", async () => {
    const door = await openDoor({ strangersPerAddress: 20 });
    const silent = await crowd(door.broker.port, 60);
    try {
      await until("those beyond the share sent away", () => silent.open() <= 20);
      assert.equal(door.broker.stats().faults["address-strangers"], 40);
    } finally {
      silent.end();
      await door.close();
    }
  });

  it("a flood of CONNECTs with wrong passwords is counted and closed; the boards stay", async () => {
    const door = await openDoor({ failures: { perSecond: 1, burst: 50 } });
    try {
      const board = await door.client("up-1");
      const guesses = Array.from({ length: 200 }, () => RawClient.open(door.broker.port, "up-2"));
      const clients = await Promise.all(guesses);
      await until("all of them closed", () => clients.every((client) => client.closed));
      const { faults } = door.broker.stats();
      assert.ok((faults["bad-password"] ?? 0) >= 50 && (faults["address-failures"] ?? 0) > 0, JSON.stringify(faults));
      await board.publishAsync("aryk/up-1/up", door.board("up-1").pack(mm, 1, null), { qos: 1 });
      assert.equal(door.stats().stored, 1);
    } finally {
      await door.close();
    }
  });

  describe("of the pages", () => {
    let bench: Bench;
    before(async () => {
      bench = await startBench({
        stream: { gatherMs: 20, tickMs: 200, maxClients: 12, maxPerPerson: 4, maxUnreadBytes: 1 << 20 },
      });
    });
    after(() => bench.stop());

    it("requests that never end are cut, and others are answered meanwhile", async () => {
      // A hub of its own: on a busy machine its patience would be too short for an honest login.
      const other = await startBench({ patience: { headersMs: 400, requestMs: 800, checkMs: 100 } });
      const slow = await crowd(
        Number(new URL(other.url).port),
        100,
        "POST /api/v1/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\n{",
      );
      try {
        assert.equal((await visitor(other).get("/healthz")).status, 200);
        await until("the slow ones cut", () => slow.open() === 0);
      } finally {
        slow.end();
        await other.stop();
      }
    });

    it("headers that never end are cut long before a slow request would be", async () => {
      const other = await startBench({ patience: { headersMs: 300, requestMs: 300_000, checkMs: 100 } });
      const slow = await crowd(Number(new URL(other.url).port), 100, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
      try {
        assert.equal((await visitor(other).get("/healthz")).status, 200);
        await until("the slow ones cut", () => slow.open() === 0);
      } finally {
        slow.end();
        await other.stop();
      }
    });

    it("one person's views leave room for the others", async () => {
      const [greedy, other] = [await enter(bench, "viewer"), await enter(bench, "viewer")];
      const ends = new AbortController();
      const view = (who: { cookie: string }) =>
        fetch(bench.url + "/api/v1/live", { headers: { cookie: who.cookie }, signal: ends.signal });
      try {
        const answers: number[] = [];
        for (let i = 0; i < 8; i++) answers.push((await view(greedy)).status);
        assert.deepEqual(answers, [200, 200, 200, 200, 429, 429, 429, 429]);
        assert.equal((await view(other)).status, 200);
      } finally {
        ends.abort();
      }
    });

    it("whoever guesses a password from one address does not shut its owner out from another", async () => {
      await bench.access.add("duty", "operator", "a long password");
      const guess = () => bench.access.login("duty", "wrong password", "203.0.113.9");
      for (let i = 0; i < 40; i++) await guess();
      const result = await guess();
      assert.ok(!result.ok && result.fault === "wait");
      assert.ok((await bench.access.login("duty", "a long password", "198.51.100.7")).ok);
      assert.ok((await login(bench, "duty", "a long password")).cookie !== "");
    });

    it("guesses from everywhere do not shut an owner out of the place where they came in before", async () => {
      await bench.access.add("chief", "operator", "a long password");
      assert.ok((await bench.access.login("chief", "a long password", "198.51.100.7")).ok);
      for (let from = 1; from <= 25; from++)
        for (let i = 0; i < 4; i++) await bench.access.login("chief", "wrong password", `203.0.113.${from}`);
      const elsewhere = await bench.access.login("chief", "a long password", "198.51.100.8");
      assert.ok(!elsewhere.ok && elsewhere.fault === "wait");
      assert.ok((await bench.access.login("chief", "a long password", "198.51.100.7")).ok);
    });

    it("one call ends every session of a person, and nobody else's", async () => {
      await bench.access.add("shift", "viewer", "a long password");
      const [first, second] = [
        await login(bench, "shift", "a long password"),
        await login(bench, "shift", "a long password"),
      ];
      const other = await enter(bench, "viewer");
      assert.equal((await first.send("POST", "/api/v1/logout-everywhere")).status, 200);
      for (const gone of [first, second]) assert.equal((await gone.get("/api/v1/sites")).status, 401);
      assert.equal((await other.get("/api/v1/sites")).status, 200);
    });
  });
});

/** A whole hub whose clock is set while boards are connected; and the ledger of it, asked for by another process. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connect, type MqttClient } from "mqtt";
import { pino } from "pino";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { SteppedClock } from "../../hub/clock.js";
import type { LedgerReport } from "../../hub/completeness/counts.js";
import { parseConfig } from "../../hub/config.js";
import { startHub, type Hub } from "../../hub/main.js";
import type { SiteId } from "../../hub/model.js";
import { projectRoot } from "../../hub/root.js";
import { mqttPassword } from "../../hub/secrets.js";
import { program } from "../rig/program.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { until } from "../rig/sealed.js";

const NOW = Date.UTC(2026, 2, 1, 8);
const MINUTE = 60_000;
const HELLO = { image: "underpass", version: "1", reset: "power", waiting: 0 };

describe("a hub whose clock is set", function () {
  this.timeout(60_000);
  let dir: string;
  let hub: Hub;
  let client: MqttClient;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "aryk-hub-clock-"))));
  afterEach(async () => {
    await client?.endAsync(true);
    await hub?.stop();
    rmSync(dir, { recursive: true });
  });

  /** An alarm of which somebody is to be told by a channel that nobody works off but this test. */
  function callIn(afterMs: number): void {
    const { register, journal } = hub;
    const [cursor, now] = [journal.head(), hub.journal.read(0, 1)[0].received];
    const event = { kind: "flood" as const, action: "raise" as const, level: 2 as const, reason: "test", figures: {} };
    const events = [{ ...event, entry: null, time: now }];
    const evaluations = [{ site: "underpass-1" as SiteId, rule: "test", expectedRevision: 0, state: {}, events }];
    const wish = { channel: "calls", to: "x", language: "en" as const, minLevel: 1 as const, afterMs };
    const notices = [{ site: "underpass-1" as SiteId, kind: "flood" as const, ...wish }];
    register.commit({ fence: register.takeFence("test"), cursor, now, evaluations, notices });
  }

  it("says so, has its boards greet anew, calls when it was to call, and can tell another process what it lost meanwhile", async () => {
    const clock = new SteppedClock(NOW);
    const settings = { inputs: { broker: { port: 0 } }, http: { port: 0 }, flows: { enabled: false } };
    const config = { ...parseConfig(JSON.stringify(settings), {}), dataDir: dir };
    hub = await startHub({ config, clock, log: pino({ enabled: false }) });
    const names = { kk: "a", ru: "a", en: "a" };
    const place = { type: "underpass", names, district: "Almaly", lat: 43, lon: 76, settings: {} };
    hub.registry.addSite({ id: "underpass-1", ...place }, "t");
    const { key } = hub.registry.addBoard("up-1", "t");
    hub.registry.assign("up-1", "underpass-1", NOW - 120 * MINUTE, "t");
    const board = sealedBoard("up-1", "k1", key, "0a0b0c0d", 1);
    client = connect({
      ...{ host: "127.0.0.1", port: hub.inputs.broker!.port, clientId: "up-1", username: "up-1" },
      ...{ password: mqttPassword("up-1", key), reconnectPeriod: 50, clean: true },
    });
    let greetings = 0;
    let uptimeMs = 1000;
    const send = (line: string): Promise<unknown> => client.publishAsync("aryk/up-1/up", line, { qos: 1 });
    client.on("error", () => undefined);
    client.on("connect", () => {
      greetings++;
      void send(board.hello((uptimeMs += 1000), HELLO)).catch(() => undefined);
    });
    const distance = [{ property: DISTANCE, ok: true as const, value: 2400 }];
    await until("the first greeting", () => hub.stats().stored === 1);
    await send(board.pack(distance, (uptimeMs += 1000), null));
    board.pack(distance, (uptimeMs += 1000), null);

    callIn(10 * MINUTE);
    clock.advance(MINUTE);
    clock.step(-60 * MINUTE);
    clock.advance(1000);
    await until("the second greeting", () => greetings === 2 && hub.stats().stored === 3);
    const health = async () =>
      (await (await fetch(`${hub.url}/healthz`)).json()) as { status: string; reasons: object[] };
    assert.deepEqual(await health(), {
      status: "degraded",
      reasons: [{ component: "clock", status: "degraded", code: "stepped" }],
    });
    await send(board.pack(distance, (uptimeMs += 1000), null));
    const entry = hub.journal.read(hub.journal.head().id - 1, 1)[0];
    assert.ok(entry.kind === "pack");
    assert.deepEqual([entry.timeFrom, entry.timeWhy], ["anchor", "hub-clock-stepped"]);
    assert.ok(Math.abs(entry.time - clock.now()) < MINUTE);
    // What the quality tests remembered lies in the future by now: they began anew, and judge the present.
    for (const value of [2400, 2400, 2400, 1200]) {
      clock.advance(MINUTE);
      await send(board.pack([{ property: DISTANCE, ok: true, value }], (uptimeMs += MINUTE), null));
    }
    const leap = hub.journal.read(hub.journal.head().id - 1, 1)[0];
    assert.ok(leap.kind === "pack" && leap.observations[0].value === 1200);
    assert.ok(leap.observations[0].why?.includes("rate"), JSON.stringify(leap.observations[0]));
    // Somebody was to be called ten minutes after the alarm, by whatever clock: five have passed.
    assert.equal(hub.register.claim("calls", 1, MINUTE).length, 0);
    clock.advance(5 * MINUTE);
    assert.equal(hub.register.claim("calls", 1, MINUTE).length, 1);
    clock.advance(55 * MINUTE);
    assert.deepEqual(await health(), { status: "ok", reasons: [] });

    writeFileSync(join(dir, "hub.yaml"), "dataDir: .\n");
    const command = [...program("hub/cli/main"), "-c", join(dir, "hub.yaml"), "ledger", "--missing", "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: projectRoot() });
    const { missing } = JSON.parse(stdout) as LedgerReport;
    assert.deepEqual(
      missing.map((m) => [m.site, m.board, m.first, m.last, m.reason]),
      [["underpass-1", "up-1", 2, 2, "unexplained"]],
    );
  });
});

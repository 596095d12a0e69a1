/** The whole city starts in the wrong order: boards before the hub, the hub before its broker and its database. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type MqttClient } from "mqtt";
import { pino } from "pino";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { realClock } from "../../hub/clock.js";
import { parseConfig } from "../../hub/config.js";
import { startHub, type Hub } from "../../hub/main.js";
import { Registry } from "../../hub/registry.js";
import { mqttPassword } from "../../hub/secrets.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { until } from "../rig/sealed.js";
import { freePort, need, startInfluxd, startMosquitto, type RunningServer } from "../rig/servers.js";

describe("a start in the wrong order", function () {
  this.timeout(60_000);
  let dir: string;
  let hub: Hub | undefined;
  const servers: RunningServer[] = [];
  const clients: MqttClient[] = [];

  before(function () {
    need(this, "influxd", "mosquitto");
    dir = mkdtempSync(join(tmpdir(), "aryk-order-"));
  });

  after(async () => {
    for (const client of clients) await client.endAsync(true);
    await hub?.stop();
    for (const server of servers) await server.dispose();
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  it("ends with every reading in the journal and in the database, once", async () => {
    const registry = Registry.open(join(dir, "registry.sqlite"), realClock);
    const names = { kk: "s", ru: "s", en: "s" };
    const posts = ["direct", "behind"];
    registry.import(
      {
        format: "aryk-registry/1",
        sites: posts.map((id) => ({ id, type: "underpass", names, district: "a", lat: 43.25, lon: 76.92 })),
        boards: posts.map((id) => ({ board: `b-${id}`, assignments: [{ site: id, from: 0, by: "test" }] })),
        calibrations: [],
      },
      "test",
    );
    const keys = posts.map((id) => registry.keyOf(`b-${id}`, "k1") as Uint8Array);
    registry.close();

    // A server is asked for a port of its own, and then put away again until its turn comes.
    const influx = await startInfluxd();
    servers.push(influx);
    const url = `${influx.url}/query?q=${encodeURIComponent("CREATE DATABASE city")}`;
    assert.equal((await fetch(url, { method: "POST" })).status, 200);
    const mosquitto = await startMosquitto();
    servers.push(mosquitto);
    await influx.stop();
    await mosquitto.stop();

    const brokerPort = await freePort();
    const ports = [brokerPort, mosquitto.port];
    const lines = posts.map((id, i) => {
      const board = sealedBoard(`b-${id}`, "k1", keys[i], "0badcafe", 1);
      const reading = { property: DISTANCE, ok: true as const, value: 2900 };
      return Array.from({ length: 5 }, (_, n) => board.pack([reading], n * 1000, Date.now() - 60_000 + n * 1000));
    });
    const acked = new Set<string>();
    posts.forEach((id, i) => {
      const name = `b-${id}`;
      const client = connect({
        ...{ host: "127.0.0.1", port: ports[i], clientId: name, username: name },
        ...{ password: mqttPassword(name, keys[i]), reconnectPeriod: 100, clean: true },
      });
      clients.push(client);
      client.on("error", () => undefined);
      if (id === "direct")
        for (const line of lines[i])
          client.publish(`aryk/${name}/up`, line, { qos: 1 }, (error) => void (error ?? acked.add(line)));
      else {
        client.on("connect", () => client.subscribe(`aryk/${name}/down`, { qos: 1 }));
        client.on("message", (_topic, payload) => {
          const number = payload.toString().split(" ")[3];
          const line = lines[i].find((one) => one.split(" ")[3] === number);
          if (line !== undefined) acked.add(line);
        });
      }
    });

    const settings = {
      inputs: { broker: { port: brokerPort }, mqtt: [{ url: mosquitto.url }] },
      outputs: { influxdb: [{ version: "1", url: influx.url, database: "city" }] },
      http: { port: 0 },
      flows: { enabled: false },
    };
    const config = { ...parseConfig(JSON.stringify(settings), {}), dataDir: dir };
    hub = await startHub({ config, clock: realClock, log: pino({ level: "silent" }) });
    const here = hub;
    await until("the boards of the embedded broker", () => lines[0].every((line) => acked.has(line)), 30_000);
    const away = (): string[] => here.health().reasons.map((r) => `${r.component} ${r.code}`);
    await until("the word about the broker", () => away().includes(`input:${mosquitto.url} away`));

    await mosquitto.start();
    const resend = setInterval(() => {
      for (const line of lines[1]) if (!acked.has(line)) clients[1].publish("aryk/b-behind/up", line, { qos: 0 });
    }, 200);
    await until("the boards behind Mosquitto", () => acked.size === 10, 40_000).finally(() => clearInterval(resend));
    assert.equal(
      here.outputs.drains.some((drain) => drain.stats().lag === here.journal.head().id),
      true,
    );

    await influx.start();
    await until("the database", () => here.outputs.drains.every((drain) => drain.stats().lag === 0), 40_000);
    const query = `${influx.url}/query?db=city&q=${encodeURIComponent("SELECT count(distance) FROM flood GROUP BY site")}`;
    const { results } = (await (await fetch(query)).json()) as {
      results: { series: { tags: { site: string }; values: [string, number][] }[] }[];
    };
    const counts = results[0].series.map(({ tags, values }) => [tags.site, values[0][1]]);
    assert.deepEqual(counts, [
      ["behind", 5],
      ["direct", 5],
    ]);
    const stored = here.journal.read(0, 100).flatMap((entry) => (entry.kind === "pack" ? [entry.line] : []));
    assert.deepEqual(stored.sort(), lines.flat().sort());
  });
});

/** A disk that is really full: a small file system of the test's own, in a mount namespace of its own. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { realClock } from "../../hub/clock.js";
import { NoRoom } from "../../hub/errors.js";
import { startMqtt } from "../../hub/inputs/mqtt.js";
import type { Accept } from "../../hub/model.js";
import { Registry } from "../../hub/registry.js";
import { projectRoot } from "../../hub/root.js";
import { mqttPassword } from "../../hub/secrets.js";
import { program } from "../rig/program.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";
import { memoryDoor, packLine, until } from "../rig/sealed.js";
import { need, startMosquitto } from "../rig/servers.js";
import type { DiskNews, DiskWord } from "./disk-child.js";

interface Post {
  name: string;
  board: SealedBoard;
  client: MqttClient;
  /** Lines by whether their PUBACK has come. */
  acked: string[];
  waiting: Set<string>;
}

/** Skips where no file system may be mounted; in CI that is a failure. */
function needMounts(context: Mocha.Context): void {
  if (spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs t /mnt"]).status === 0) return;
  const reason = "no file system may be mounted here (run as root, with util-linux)";
  if (process.env.CI) throw new Error(reason);
  console.log(`      skipped: ${reason}`);
  context.skip();
}

describe("a full disk", () => {
  let dir: string;
  let child: ChildProcess;
  let latest: DiskNews;
  const posts: Post[] = [];

  async function hear(): Promise<void> {
    const over = new AbortController();
    const { signal } = over;
    const gone = once(child, "exit", { signal }).then(() => Promise.reject(new Error("the hub's process ended")));
    try {
      [latest] = (await Promise.race([once(child, "message", { signal }), gone])) as [DiskNews];
    } finally {
      over.abort();
      await gone.catch(() => undefined);
    }
  }

  async function tell(word: DiskWord): Promise<DiskNews> {
    child.send(word);
    await hear();
    return latest;
  }

  async function tellUntil(what: string, word: DiskWord, condition: () => boolean): Promise<void> {
    const end = Date.now() + 15_000;
    for (;;) {
      await tell(word);
      if (condition()) return;
      if (Date.now() > end) throw new Error(`waited in vain: ${what}; ${JSON.stringify({ ...latest, packs: 0 })}`);
      await sleep(50);
    }
  }

  /** Sites and boards, made outside and copied in: one underpass, one eco-post. */
  function provision(): { name: string; board: SealedBoard; password: string }[] {
    mkdirSync(join(dir, "seed"));
    const registry = Registry.open(join(dir, "seed", "registry.sqlite"), realClock);
    const types = ["underpass", "eco-post"];
    registry.import(
      {
        format: "aryk-registry/1",
        sites: types.map((type) => {
          return { id: type, type, names: { kk: type, ru: type, en: type }, district: "a", lat: 43.25, lon: 76.92 };
        }),
        boards: types.map((type) => ({ board: `b-${type}`, assignments: [{ site: type, from: 0, by: "test" }] })),
        calibrations: [],
      },
      "test",
    );
    const made = types.map((type) => {
      const name = `b-${type}`;
      const key = registry.keyOf(name, "k1");
      assert.ok(key !== undefined);
      return { name, board: sealedBoard(name, "k1", key, "0badcafe", 1), password: mqttPassword(name, key) };
    });
    registry.close();
    return made;
  }

  async function connect(post: ReturnType<typeof provision>[number], port: number): Promise<void> {
    const old = posts.findIndex(({ name }) => name === post.name);
    const before = old < 0 ? undefined : posts.splice(old, 1)[0];
    await before?.client.endAsync(true);
    const { name, password } = post;
    const url = `mqtt://127.0.0.1:${port}`;
    const client = await connectAsync(url, { clientId: name, username: name, password, reconnectPeriod: 100 });
    client.on("error", () => undefined);
    const made: Post = { ...post, client, acked: before?.acked ?? [], waiting: new Set() };
    posts.push(made);
    for (const line of before?.waiting ?? []) publish(made, line);
  }

  function publish(post: Post, line: string): void {
    post.waiting.add(line);
    post.client.publish(`aryk/${post.name}/up`, line, { qos: 1 }, (error) => {
      if (!error && post.waiting.delete(line)) post.acked.push(line);
    });
  }

  function send(post: Post): void {
    const reading = { property: DISTANCE, ok: true as const, value: 2900 };
    publish(post, post.board.pack([reading], 1000 + post.board.lastSeq(), Date.now()));
  }

  const post = (name: string): Post => posts.find((one) => one.name === name) as Post;

  after(async () => {
    for (const { client } of posts.splice(0)) await client.endAsync(true);
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  it("keeps its reserve for alarms, then acknowledges nothing, and recovers by itself", async function () {
    this.timeout(60_000);
    needMounts(this);
    dir = mkdtempSync(join(tmpdir(), "aryk-disk-"));
    const made = provision();
    mkdirSync(join(dir, "disk"));
    const script =
      `mount -t tmpfs -o size=12m t ${dir}/disk && mkdir ${dir}/disk/data && cp ${dir}/seed/* ${dir}/disk/data/ && ` +
      `exec "$@"`;
    const command = [process.execPath, ...program("test/faults/disk-child"), join(dir, "disk")];
    child = spawn("unshare", ["-m", "sh", "-c", script, "sh", ...command], {
      cwd: projectRoot(),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    await hear();
    for (const one of made) await connect(one, latest.port);
    await tellUntil("the whole reserve", "look", () => !latest.reasons.includes("disk reserve"));
    posts.forEach(send);
    await tellUntil("both first packs", "look", () => latest.packs.length === 2);
    assert.deepEqual([latest.status, latest.reasons.filter((r) => r.startsWith("disk"))], ["degraded", ["disk low"]]);

    await tell("fill");
    // A consumer's place that met the full disk is written within a second, from what the reserve gave back.
    await tellUntil(
      "the reserve in use, and no more than that",
      "look",
      () => latest.reasons.includes("disk reserve") && latest.status === "degraded",
    );
    send(post("b-eco-post"));
    for (let i = 0; i < 20; i++) send(post("b-underpass"));
    await tellUntil("the underpass's packs", "alarm", () => post("b-underpass").waiting.size === 0);
    assert.equal(latest.failedAlarms, 0);
    assert.equal(latest.packs.length, 22);
    assert.equal(post("b-eco-post").waiting.size, 1, "an ordinary pack stays on its board");

    // Somebody who takes every byte that is given back.
    await tellUntil("the end of the reserve", "fill", () => latest.reasons.includes("disk full"));
    assert.equal(latest.status, "down");
    await tellUntil("a pack that has no room", "fill", () => {
      if (post("b-underpass").waiting.size === 0) send(post("b-underpass"));
      return latest.reasons.includes("journal no-commit");
    });
    const promised = posts.flatMap(({ acked }) => acked);
    // Without one free byte a store cannot be opened: the hub says so, and whoever supervises it tries again.
    await tell("restart");
    assert.match(latest.error ?? "", /is full, and the reserve is spent/);

    await tell("free");
    await tell("restart");
    assert.equal(latest.error, null);
    assert.deepEqual(
      promised.filter((line) => !latest.packs.includes(line)),
      [],
    );
    for (const one of made) await connect(one, latest.port);
    await tellUntil("every pack", "look", () => posts.every(({ waiting }) => waiting.size === 0));
    await tellUntil("the reserve made again", "look", () => latest.reasons.includes("disk low"));
    assert.equal(latest.status, "degraded");
    const all = posts.flatMap(({ acked }) => acked);
    assert.deepEqual([...latest.packs].sort(), all.sort(), "each acknowledged pack once, and no other");
  });

  it("keeps the link to a Mosquitto, for the boards whose packs are taken", async function () {
    need(this, "mosquitto");
    const mosquitto = await startMosquitto();
    const door = memoryDoor();
    const accept: Accept = (line, from) =>
      from.board === "ordinary" ? Promise.reject(new NoRoom()) : door.accept(line, from);
    const input = startMqtt({ url: mosquitto.url, clientId: "hub" }, accept, pino({ level: "silent" }));
    const client = await connectAsync(mosquitto.url, { reconnectPeriod: 0 });
    try {
      const heard: string[] = [];
      client.on("message", (topic) => heard.push(topic));
      await client.subscribeAsync("aryk/+/down", { qos: 1 });
      await until("the subscription", () => input.stats().connected);
      for (const board of ["ordinary", "post-1", "ordinary", "post-1"])
        await client.publishAsync(`aryk/${board}/up`, packLine(board, heard.length + 1), { qos: 1 });
      await until("both ack lines", () => heard.length === 2);
      assert.deepEqual(heard, ["aryk/post-1/down", "aryk/post-1/down"]);
      const { connects, faults } = input.stats();
      assert.deepEqual([connects, faults], [1, { "no-room": 2 }]);
    } finally {
      await client.endAsync(true);
      await input.stop();
      await mosquitto.dispose();
    }
  });
});

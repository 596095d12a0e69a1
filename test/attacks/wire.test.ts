/** What somebody can do who reaches the boards' broker: with no login, with a stolen board's, or from the side. */
import assert from "node:assert/strict";
import { DISTANCE } from "../../firmware/wire/properties.js";
import { UPLINK_MAX } from "../../firmware/wire/line.js";
import { mqttPassword } from "../../hub/secrets.js";
import { RawClient } from "../rig/raw-mqtt.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { until } from "../rig/sealed.js";
import { openDoor } from "./rig.js";
import type { Door } from "./rig.js";

const mm = (value: number) => [{ property: DISTANCE, ok: true as const, value }];

describe("attack: the boards' broker", function () {
  this.timeout(30_000);
  let door: Door;
  beforeEach(async () => {
    door = await openDoor();
  });
  afterEach(() => door.close());

  /** A board with nothing to hide still gets its pack stored. */
  const serves = async () => {
    const name = "up-2";
    const before = door.stats().stored;
    const client = await door.client(name);
    await client.publishAsync(`aryk/${name}/up`, door.board(name).pack(mm(1), Date.now() % 1e6, null), { qos: 1 });
    assert.equal(door.stats().stored, before + 1);
    client.end(true);
  };
  /** Says lines in the name of a board that knows its password; waits until the hub has judged them. */
  const say = async (name: string, lines: string[]) => {
    const client = await door.client(name);
    const before = door.stats().lines;
    for (const line of lines) client.publish(`aryk/${name}/up`, line, { qos: 1 });
    await until("every line judged", () => door.stats().lines >= before + lines.length);
    client.end(true);
  };

  it("wrong key: a line that the board's key did not seal is refused, counted, and leaves nothing", async () => {
    const forged = sealedBoard("up-1", "k1", Buffer.alloc(32, 1), "0a0b0c0d", 1);
    const stolen = sealedBoard("up-1", "k1", door.registry.keyOf("up-2", "k1")!, "0a0b0c0d", 1);
    const later = sealedBoard("up-1", "k2", Buffer.alloc(32, 1), "0a0b0c0d", 1);
    await say("up-1", [forged.pack(mm(1), 1, null), stolen.pack(mm(1), 1, null), later.pack(mm(1), 1, null)]);
    assert.deepEqual(door.stats().refused, { "wrong-tag": 2, "unknown-key": 1 });
    assert.deepEqual([door.stats().stored, door.journal.ranges("up-1")], [0, []]);
  });

  it("replay: a recorded pack or hello is acknowledged and changes nothing", async () => {
    const board = door.board("up-1");
    const hello = board.hello(500, { image: "underpass", version: "1", reset: "power", waiting: 0 });
    const pack = board.pack(mm(1), 1000, null);
    await say("up-1", [hello, pack]);
    const head = door.journal.head().id;
    await say("up-1", [pack, hello, pack]);
    assert.deepEqual([door.stats().stored, door.stats().duplicates, door.journal.head().id], [2, 3, head]);
  });

  it("altered: one changed character in any field of a line is refused", async () => {
    const line = door.board("up-1").pack(mm(1234), 1000, null);
    const altered = [
      line.replace(":1234", ":1235"),
      line.replace(".1.1 ", ".1.2 "),
      line.replace(" 1000 ", " 1001 "),
      line.replace("pack", "hello"),
      line.slice(0, -1) + (line.endsWith("0") ? "1" : "0"),
    ];
    await say("up-1", altered);
    assert.deepEqual(door.stats().refused, { "wrong-tag": altered.length });
    assert.equal(door.stats().stored, 0);
  });

  it("topic of another: a stolen board reaches no other board's topics", async () => {
    const thief = await door.client("up-1");
    const victim = await door.client("up-2");
    const heard: string[] = [];
    thief.on("message", (topic) => heard.push(topic));
    for (const topic of ["aryk/up-2/down", "aryk/+/down", "aryk/+/up", "#", "$SYS/#"])
      await thief.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
    await victim.subscribeAsync("aryk/up-2/down", { qos: 1 });
    const hello = { image: "underpass", version: "1", reset: "power", waiting: 0 };
    await victim.publishAsync("aryk/up-2/up", door.board("up-2").hello(1, hello), { qos: 1 });
    assert.deepEqual(heard, []);
    thief.publish("aryk/up-2/up", door.board("up-2").pack(mm(1), 9, null), { qos: 1 });
    await until("the end of the thief's connection", () => !thief.connected);
    assert.ok(victim.connected);
    const wires = await door.client("up-1");
    wires.publish("aryk/up-2/down", "forged", { qos: 1 });
    await until("the end of that connection", () => !wires.connected);
    // The broker's own topic with another board's line in it: the seal is right, the sender is not.
    await say("up-1", [door.board("up-2").pack(mm(1), 9, null)]);
    assert.deepEqual(door.stats().refused, { "wrong-topic": 1 });
    assert.equal(door.broker.stats().faults["foreign-topic"], 2);
  });

  it("passwords: none, another's and a revoked one do not get in", async () => {
    const refused = { code: 5 };
    await assert.rejects(door.client("up-1", { password: "guess" }), refused);
    await assert.rejects(door.client("up-2", { username: "up-1" }), refused);
    await assert.rejects(door.client("up-1", { username: "nobody" }), refused);
    await assert.rejects(door.client("up-1", { username: "../up-1" }), refused);
    await (await door.client("up-1")).endAsync();
    const password = mqttPassword("up-1", door.registry.keyOf("up-1", "k1")!);
    door.registry.revokeKey("up-1", "k1", "test");
    await assert.rejects(door.client("up-2", { username: "up-1", password }), refused);
  });

  it("oversize: a payload or packet that is too long is refused, and the next board is served", async () => {
    await say("up-1", []);
    const client = await door.client("up-1");
    client.publish("aryk/up-1/up", "x".repeat(UPLINK_MAX + 1), { qos: 1 });
    await until("the line refused", () => door.broker.stats().faults["too-long"] === 1);
    client.publish("aryk/up-1/up", "x".repeat(100_000), { qos: 1 });
    await until("the connection closed", () => !client.connected);
    assert.equal(door.broker.stats().faults["packet-too-long"], 1);
    await serves();
  });

  it("SenML bombs: authentic bodies made to hurt become dead letters, and the board is served on", async () => {
    const board = door.board("up-1");
    const record = '{"n":"distance","u":"mm","v":1}';
    const bombs = [
      "[".repeat(400) + "]".repeat(400),
      '{"a":'.repeat(120) + "1" + "}".repeat(120),
      `[{"n":"distance","u":"mm","v":1e999}]`,
      `[{"n":"distance","u":"mm","v":${"9".repeat(400)}}]`,
      `[{"n":"distance","u":"mm","v":-1e308},{"n":"distance","u":"mm","v":1}]`,
      `[${Array.from({ length: 24 }, () => record).join(",")}]`,
      `[${"{},".repeat(200)}{}]`,
      `[{"__proto__":{"n":"distance","u":"mm","v":1}}]`,
      `[{"n":"__proto__","u":"mm","v":1}]`,
      `[{"n":"constructor","u":"mm","v":1}]`,
      `[{"n":"distance","u":"mm","v":1,"bn":"up-2"}]`,
      `{"__proto__":[]}`,
      '"' + "\\u0000".repeat(60) + '"',
      "[1,2,3",
    ];
    const lines = bombs.map((bomb, i) => board.line("pack", i + 1, 1000, "-", bomb));
    await say("up-1", lines);
    const { stored, dead, refused } = door.stats();
    const letters = Object.values(dead).reduce((sum, n) => sum + (n ?? 0), 0);
    assert.deepEqual({ stored, letters, refused }, { stored: 0, letters: bombs.length, refused: {} });
    assert.equal(({} as Record<string, unknown>).n, undefined, "no prototype was touched");
    await serves();
  });
});

describe("attack: the boards' broker over TLS", function () {
  this.timeout(30_000);
  it("speaks TLS alone, with a certificate that a client can check, and asks for the password as ever", async () => {
    const door = await openDoor({ secure: true });
    try {
      const client = await door.client("up-1");
      await client.publishAsync("aryk/up-1/up", door.board("up-1").pack(mm(1), 1, null), { qos: 1 });
      assert.equal(door.stats().stored, 1);
      await assert.rejects(door.client("up-1", { password: "guess" }), { code: 5 });
      await assert.rejects(door.client("up-1", { ca: [] }), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
      const plain = await RawClient.open(door.broker.port, "up-1");
      assert.deepEqual([plain.closed, plain.packets.length], [true, 0]);
    } finally {
      await door.close();
    }
  });
});

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { pino } from "pino";
import { SerialPort } from "serialport";
import { parseLine, toSerial } from "../../../firmware/wire/line.js";
import type { SerialInput, SerialOptions } from "../../../hub/inputs/serial.js";
import { startSerial } from "../../../hub/inputs/serial.js";
import type { Cable } from "../../rig/pty.js";
import { layCable, needSocat } from "../../rig/pty.js";
import type { Door } from "../../rig/sealed.js";
import { memoryDoor, packLine, until } from "../../rig/sealed.js";

const log = pino({ level: "silent" });

/** The board's end of the cable: a port of its own and what came in through it. */
class Post {
  heard = "";
  readonly #port: SerialPort;

  private constructor(port: SerialPort) {
    this.#port = port;
    port.on("data", (chunk: Buffer) => (this.heard += chunk.toString("latin1")));
    port.on("error", () => undefined);
  }

  static async open(path: string): Promise<Post> {
    const port = new SerialPort({ path, baudRate: 57_600, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    return new Post(port);
  }

  say(bytes: string): void {
    this.#port.write(bytes, "latin1");
  }

  async close(): Promise<void> {
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}

describe("hub/inputs/serial on real pseudo-terminals", function () {
  this.timeout(60_000);
  let cable: Cable;
  let door: Door;
  let input: SerialInput | undefined;
  let post: Post | undefined;

  function start(more: Partial<SerialOptions> = {}): SerialInput {
    input = startSerial({ path: cable.near, backoffBaseMs: 10, backoffCapMs: 40, ...more }, door.accept, log);
    return input;
  }

  async function plugged(more: Partial<SerialOptions> = {}): Promise<{ input: SerialInput; post: Post }> {
    await cable.plug();
    const started = start(more);
    await until("the port is open", () => started.stats().open);
    post = await Post.open(cable.far);
    return { input: started, post };
  }

  before(function () {
    needSocat(this);
  });

  beforeEach(() => {
    door = memoryDoor();
    cable = layCable();
  });

  afterEach(async () => {
    door.release();
    await input?.stop();
    await post?.close();
    await cable.dispose();
    input = undefined;
    post = undefined;
  });

  it("stores the lines of several boards on one line, and answers each after its commit", async () => {
    const { input, post } = await plugged();
    door.hold();
    post.say(toSerial(packLine("post-1", 1)) + toSerial(packLine("post-2", 1)));
    await until("both lines", () => door.calls.length === 2);
    assert.equal(post.heard, "");
    assert.equal(input.send("post-1", "not heard yet"), false);
    door.release();
    await until("both answers", () => post.heard.split("\n").length === 3);
    const acks = post.heard
      .split("\n")
      .slice(0, 2)
      .map((line) => parseLine(line, true, 200));
    assert.deepEqual(
      acks.map((ack) => (ack.ok ? [ack.line.board, ack.line.type, ack.line.body] : ack.fault)),
      [
        ["post-1", "ack", "ok"],
        ["post-2", "ack", "ok"],
      ],
    );
    assert.equal(input.send("post-2", "a command"), true);
    assert.equal(input.send("post-3", "nobody"), false);
    assert.equal(input.send("post-2", "x".repeat(201)), false);
    await until("the command", () => post.heard.endsWith(toSerial("a command")));
    assert.equal(door.calls[0].source, "serial:" + cable.near);
  });

  it("finds whole lines among garbage, split anywhere", async () => {
    const { input, post } = await plugged();
    const good = (seq: number): string => toSerial(packLine("post-1", seq));
    post.say("\x00\xff>echo\r\n\r\n" + "n".repeat(5000) + good(1));
    post.say(good(2).slice(0, 60) + good(3));
    post.say(good(4).replace('"v":1000', '"v":1001') + good(5).replace("\n", "\r\n"));
    for (const char of good(6)) post.say(char);
    await until("the good ones", () => door.stored.size === 4);
    assert.deepEqual(
      [...door.stored.keys()].map((id) => id.slice(-1)),
      ["1", "3", "5", "6"],
    );
    assert.deepEqual(input.stats().faults, { noise: 1, overlong: 1, "bad-crc": 1 });
  });

  it("answers nothing where nothing was committed or nothing is authentic", async () => {
    const { input, post } = await plugged();
    door.fail(true);
    post.say(toSerial(packLine("post-1", 1)) + toSerial(packLine("post-1", 2, 1000, Buffer.alloc(32, 1))));
    await until("both are judged", () => input.stats().failed === 1 && input.stats().refused === 1);
    door.fail(false);
    post.say(toSerial(packLine("post-1", 3)));
    await until("an answer", () => post.heard.includes("\n"));
    assert.match(post.heard, /^aryk1 ack post-1 0a0b0c0d\.1\.3 [^\n]+\n$/);
  });

  it("survives 20 unplugs: every line of every plug arrives, no stale byte, no lost descriptor", async () => {
    const started = start();
    await until("an attempt on a port that is not there", () => started.stats().faults["link:absent"] >= 1);
    let before = 0;
    for (let round = 1; round <= 20; round++) {
      await cable.plug();
      await until("open", () => started.stats().open && started.stats().opens === round);
      const board = await Post.open(cable.far);
      board.say(toSerial(packLine("post-1", 2 * round)));
      await until("an answer", () => board.heard.endsWith("\n"));
      assert.match(board.heard, new RegExp(`^aryk1 ack post-1 0a0b0c0d\\.1\\.${2 * round} [^\\n]+\\n$`));
      assert.equal(started.send("post-1", "now"), true);
      door.hold();
      board.say(toSerial(packLine("post-1", 2 * round + 1)));
      await until("the second line", () => door.calls.length === 2 * round);
      await cable.unplug();
      await until("the loss is seen", () => !started.stats().open);
      assert.equal(started.send("post-1", "stale"), false);
      door.release();
      await until("the commit", () => started.stats().inFlight === 0);
      await board.close();
      if (round === 1) before = readdirSync("/proc/self/fd").length;
    }
    assert.equal(started.stats().opens, 20);
    assert.equal(started.stats().stored, 40);
    assert.ok(readdirSync("/proc/self/fd").length <= before + 2, "descriptors leak");
  });

  it("sees the loss of a port that it does not read, and takes up the next", async () => {
    const { input, post } = await plugged({ window: 1 });
    door.hold();
    post.say(toSerial(packLine("post-1", 1)));
    await until("a line whose commit is awaited", () => door.calls.length === 1);
    // A read that was under way ends with the bytes that it waited for; from then on none is begun.
    post.say("\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await cable.unplug();
    await until("the loss is seen", () => !input.stats().open);
    assert.equal(input.stats().inFlight, 1);
    await cable.plug();
    await until("the next port", () => input.stats().opens === 2);
  });

  it("waits for a port that another program holds", async () => {
    await cable.plug();
    const other = await Post.open(cable.near);
    const started = start();
    await until("locked", () => started.stats().faults["link:locked"] >= 2);
    await other.close();
    await until("open", () => started.stats().open);
  });

  it("opens a silent port anew when told to", async () => {
    const { input } = await plugged({ idleMs: 100 });
    await until("reopened", () => input.stats().opens >= 2);
    assert.ok(input.stats().faults["link:idle"] >= 1);
  });

  it("stops reading when the window is full, and loses nothing", async () => {
    const { input, post } = await plugged({ window: 4 });
    door.hold();
    for (let seq = 1; seq <= 400; seq++) post.say(toSerial(packLine("post-1", seq)));
    await until("the window is full", () => door.calls.length >= 4);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(door.calls.length < 400, `under way: ${door.calls.length}`);
    door.release();
    await until("all stored", () => input.stats().stored === 400);
  });

  it("refuses a path that is none", () => {
    assert.throws(() => startSerial({ path: "" }, door.accept, log), { code: "SERIAL_PATH" });
  });
});

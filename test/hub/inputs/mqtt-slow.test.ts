import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import mqtt from "mqtt-packet";
import { pino } from "pino";
import { DOWNLINK_MAX, UPLINK_MAX } from "../../../firmware/wire/line.js";
import { startMqtt, type MqttInput, type MqttOptions } from "../../../hub/inputs/mqtt.js";
import type { Accept } from "../../../hub/model.js";
import { memoryDoor, packLine, until } from "../../rig/sealed.js";

const BOARD = "post-1";
const UP = `aryk/${BOARD}/up`;
const WORD = "a".repeat(190);

/** One message of QoS 1 as a broker writes it. */
function message(topic: string, payload: string, messageId: number): Buffer {
  return mqtt.generate({ cmd: "publish", topic, payload, qos: 1, dup: false, retain: false, messageId });
}

/** A broker that takes an answer only when it is told to, and the hub that is connected to it. */
class SlowBroker {
  readonly receipts = new Set<number>();
  answers = 0;
  #socket: Socket | null = null;
  readonly #server = createServer((socket) => this.#serve(socket));

  #serve(socket: Socket): void {
    this.#socket = socket;
    const parser = mqtt.parser();
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect")
        socket.write(mqtt.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      if (packet.cmd === "subscribe")
        socket.write(mqtt.generate({ cmd: "suback", messageId: packet.messageId!, granted: [1] }));
      if (packet.cmd === "puback") this.receipts.add(packet.messageId!);
      if (packet.cmd === "publish") this.answers++;
    });
    socket.on("data", (chunk) => parser.parse(chunk));
    socket.on("error", () => undefined);
  }

  async connect(accept: Accept, more: Partial<MqttOptions> = {}): Promise<MqttInput> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const url = `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const input = startMqtt({ url, clientId: "hub", ...more }, accept, pino({ level: "silent" }));
    await until("the subscription", () => input.stats().connected);
    return input;
  }

  say(bytes: Buffer): void {
    this.#socket!.write(bytes);
  }

  /** Takes no answer any more. */
  stall(): void {
    this.#socket!.pause();
  }

  takeOn(): void {
    this.#socket!.resume();
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}

/** Resolves when a figure has begun to grow and grows no more, seen ten times in a row. */
async function still(what: string, figure: () => number): Promise<number> {
  let before = -1;
  let same = 0;
  await until(what, () => {
    const now = figure();
    same = now > 0 && now === before ? same + 1 : 0;
    before = now;
    return same === 10;
  });
  return before;
}

describe("hub/inputs/mqtt and a broker that is slow to take its answers", () => {
  let broker: SlowBroker;
  let input: MqttInput | null;

  beforeEach(() => {
    broker = new SlowBroker();
    input = null;
  });
  afterEach(async () => {
    await input?.stop();
    broker.close();
  });

  it("reads no more than is answered, stays connected, and answers everything in the end", async () => {
    const packs = 60_000;
    input = await broker.connect(() => Promise.resolve({ outcome: "stored" as const, ack: WORD }));
    broker.stall();
    for (let i = 1; i <= packs; i++) broker.say(message(UP, "x", i));
    const read = await still("the hub has stopped reading", () => input!.stats().lines);
    assert.ok(read < packs, `${read} of ${packs} lines were read without an answer being taken`);
    broker.takeOn();
    await until("all are answered", () => broker.answers === packs && broker.receipts.size === packs);
    assert.deepEqual([input.stats().connects, input.stats().faults], [1, {}]);
  });

  /** What never comes to a commit, by the name that it is counted under; each message is answered by a PUBACK alone. */
  const others: Record<string, { topic: string; payload: string; more?: Partial<MqttOptions> }> = {
    "foreign-topic": { topic: "aryk/NO_NAME/up", payload: "" },
    "too-long": { topic: UP, payload: "x".repeat(UPLINK_MAX + 1) },
    "not-a-line": { topic: UP, payload: "nonsense" },
    "too-fast": { topic: UP, payload: packLine(BOARD, 2), more: { rate: { perSecond: 0.001, burst: 1 } } },
  };
  for (const [fault, { topic, payload, more }] of Object.entries(others))
    it(`reads no further what is only receipted, either: ${fault}`, async () => {
      input = await broker.connect(memoryDoor().accept, more);
      broker.say(message(UP, packLine(BOARD, 1), 60_000));
      await until("the board is known", () => broker.answers === 1);
      broker.stall();
      // Receipts of four bytes fill nothing soon; words to the board do, until the hub itself takes no more of them.
      let words = 0;
      await still("nothing more can be said", () => {
        while (input!.send(BOARD, "w".repeat(DOWNLINK_MAX))) words++;
        return words;
      });
      const one = message(topic, payload, 1).length;
      // Several times what one look at the socket brings.
      const lines = Math.ceil((256 << 10) / one);
      broker.say(Buffer.concat(Array.from({ length: lines }, (_, i) => message(topic, payload, 1 + i))));
      const read = await still("the hub has stopped reading", () => input!.stats().faults[fault] ?? 0);
      assert.ok(read < lines, `${read} of ${lines} were read without a receipt being taken`);
      broker.takeOn();
      await until("all are receipted", () => broker.receipts.size === lines + 1);
      await until("every word is said", () => broker.answers === words + 1);
      assert.deepEqual([input.stats().connects, input.stats().faults], [1, { [fault]: lines }]);
    });
});

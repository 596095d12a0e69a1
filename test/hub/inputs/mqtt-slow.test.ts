import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import mqtt from "mqtt-packet";
import { pino } from "pino";
import { startMqtt } from "../../../hub/inputs/mqtt.js";
import { until } from "../../rig/sealed.js";

const PACKS = 120_000;
const ACK = "a".repeat(190);

describe("hub/inputs/mqtt and a broker that is slow to take its answers", () => {
  it("reads no more than is answered, stays connected, and answers everything in the end", async () => {
    const receipts = new Set<number>();
    let answers = 0;
    let broker: Socket | null = null;
    const server = createServer((socket) => {
      broker = socket;
      const parser = mqtt.parser();
      parser.on("packet", (packet) => {
        if (packet.cmd === "connect")
          socket.write(mqtt.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
        if (packet.cmd === "subscribe") {
          socket.write(mqtt.generate({ cmd: "suback", messageId: packet.messageId!, granted: [1] }));
          socket.pause();
          for (let i = 0; i < PACKS; i++)
            socket.write(
              mqtt.generate({
                ...{ cmd: "publish", topic: "aryk/b1/up", payload: "x", qos: 1, dup: false, retain: false },
                messageId: 1 + (i % 60_000),
              }),
            );
        }
        if (packet.cmd === "puback") receipts.add(packet.messageId!);
        if (packet.cmd === "publish") answers++;
      });
      socket.on("data", (chunk) => parser.parse(chunk));
      socket.on("error", () => undefined);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const accept = () => Promise.resolve({ outcome: "stored" as const, ack: ACK });
    const input = startMqtt({ url, clientId: "hub" }, accept, pino({ level: "silent" }));
    try {
      let before = -1;
      await until("the hub has stopped reading", () => {
        const still = input.stats().lines > 0 && input.stats().lines === before;
        before = input.stats().lines;
        return still;
      });
      assert.ok(before < PACKS, `${before} of ${PACKS} lines were read without an answer being taken`);
      broker!.resume();
      await until("all are answered", () => answers === PACKS);
      assert.equal(receipts.size, 60_000);
      assert.deepEqual([input.stats().connects, input.stats().faults], [1, {}]);
    } finally {
      await input.stop();
      broker!.destroy();
      server.close();
    }
  });
});

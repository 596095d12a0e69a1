import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import mqtt from "mqtt-packet";
import { pino } from "pino";
import { startMqtt } from "../../../hub/inputs/mqtt.js";
import { memoryDoor, packLine, until } from "../../rig/sealed.js";

describe("hub/inputs/mqtt and a stop while lines wait for their commit", () => {
  it("answers what was committed before it leaves", async () => {
    const receipts: number[] = [];
    const acks: string[] = [];
    let left = false;
    const server = createServer((socket) => {
      const parser = mqtt.parser();
      parser.on("packet", (packet) => {
        if (packet.cmd === "connect")
          socket.write(mqtt.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
        if (packet.cmd === "subscribe") {
          socket.write(mqtt.generate({ cmd: "suback", messageId: packet.messageId!, granted: [1] }));
          for (const seq of [1, 2, 3])
            socket.write(
              mqtt.generate({
                ...{ cmd: "publish", topic: "aryk/b1/up", qos: 1, dup: false, retain: false },
                ...{ messageId: seq, payload: packLine("b1", seq) },
              }),
            );
        }
        if (packet.cmd === "puback") receipts.push(packet.messageId!);
        if (packet.cmd === "publish") acks.push(packet.payload.toString());
      });
      socket.on("data", (chunk) => parser.parse(chunk));
      socket.on("error", () => undefined);
      socket.on("close", () => (left = true));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const door = memoryDoor();
    door.hold();
    const input = startMqtt({ url, clientId: "hub" }, door.accept, pino({ level: "silent" }));
    try {
      await until("the lines wait for their commit", () => input.stats().inFlight === 3);
      const stopped = input.stop();
      door.release();
      await stopped;
      await until("it has left", () => left);
      assert.deepEqual(receipts, [1, 2, 3]);
      assert.equal(acks.length, 3);
    } finally {
      door.release();
      await input.stop();
      server.close();
    }
  });
});

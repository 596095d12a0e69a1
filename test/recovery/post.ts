/** A board at the hub's broker that asks one thing: has my pack been committed? */
import { connect, type Socket } from "node:net";
import mqtt from "mqtt-packet";
import { mqttPassword } from "../../hub/secrets.js";
import { keyOf } from "../bench/city.js";

/** Sends lines at QoS 1. Resolves with how many were acknowledged before all were, or the connection ended. */
export function publishAll(port: number, board: string, lines: string[], patienceMs: number): Promise<number> {
  return new Promise((resolve) => {
    let acknowledged = 0;
    const socket: Socket = connect(port, "127.0.0.1");
    const parser = mqtt.parser();
    const late = setTimeout(() => socket.destroy(), patienceMs);
    const say = (packet: mqtt.Packet): void => void socket.write(mqtt.generate(packet));
    parser.on("packet", (packet) => {
      if (packet.cmd === "connack")
        lines.forEach((payload, i) =>
          say({
            cmd: "publish",
            topic: `aryk/${board}/up`,
            payload,
            qos: 1,
            messageId: i + 1,
            dup: false,
            retain: false,
          }),
        );
      if (packet.cmd === "puback" && ++acknowledged === lines.length) socket.destroy();
    });
    parser.on("error", () => socket.destroy());
    socket.on("data", (chunk) => void parser.parse(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(late);
      resolve(acknowledged);
    });
    socket.on("connect", () => {
      const password = Buffer.from(mqttPassword(board, keyOf(board)));
      say({
        cmd: "connect",
        clientId: board,
        clean: true,
        keepalive: 60,
        protocolId: "MQTT",
        protocolVersion: 4,
        username: board,
        password,
      });
    });
  });
}

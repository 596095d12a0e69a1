import { connect as tcp } from "node:net";
import type { Socket } from "node:net";
import mqtt from "mqtt-packet";
import { until } from "./sealed.js";

/** A client that does only what it is told: no resends, no reconnects. */
export class RawClient {
  readonly packets: mqtt.Packet[] = [];
  closed = false;
  readonly #socket: Socket;
  readonly #up: string;

  /** @param board whose uplink topic is published to */
  constructor(port: number, board = "post-1") {
    this.#up = `aryk/${board}/up`;
    const parser = mqtt.parser();
    parser.on("packet", (packet) => this.packets.push(packet));
    this.#socket = tcp(port, "127.0.0.1");
    this.#socket.on("data", (chunk) => parser.parse(chunk));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => (this.closed = true));
  }

  static async open(port: number, username: string, more: Partial<mqtt.IConnectPacket> = {}): Promise<RawClient> {
    const client = new RawClient(port, username);
    const password = Buffer.from("secret-" + username);
    client.say({ cmd: "connect", clientId: "any", clean: true, keepalive: 30, username, password, ...more });
    await until("CONNACK", () => client.packets.length > 0 || client.closed);
    return client;
  }

  say(packet: mqtt.Packet): void {
    this.#socket.write(mqtt.generate(packet));
  }

  raw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  publish(messageId: number, payload: string | Buffer, topic = this.#up, qos: 0 | 1 | 2 = 1): void {
    this.say({ cmd: "publish", topic, payload, qos, messageId, dup: false, retain: true });
  }

  listen(topic: string): void {
    this.say({ cmd: "subscribe", messageId: 60_000, subscriptions: [{ topic, qos: 1 }] });
  }

  got(cmd: string): mqtt.Packet[] {
    return this.packets.filter((packet) => packet.cmd === cmd);
  }

  /** A round trip: everything the broker wanted to say before it has been said. */
  async ping(): Promise<void> {
    const before = this.got("pingresp").length;
    this.say({ cmd: "pingreq" });
    await until("PINGRESP", () => this.got("pingresp").length > before);
  }

  end(): void {
    this.#socket.destroy();
  }
}

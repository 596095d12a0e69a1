/**
 * Listens on a post's uplink from outside: which packs went out, which came back acknowledged, and whether anything is
 * still waiting for its answer.
 */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Clock } from "../../hub/clock.js";

/** After so long the post itself has given the answer up. */
const GIVEN_UP_MS = 60_000;

export interface Traffic {
  sentLine(text: string, withCrc: boolean): void;
  receivedLine(text: string, withCrc: boolean): void;
  /** One TCP connection: what both sides say, and that it ended. */
  connection(): { sent(bytes: string): void; received(bytes: Buffer): void; closed(): void };
  /** Questions that no answer came to yet. */
  unanswered(): number;
  packs(): { sent: number; acknowledged: number };
}

export function watchTraffic(clock: Clock): Traffic {
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  const open = new Map<string, number>();
  let connections = 0;

  const ask = (key: string) => open.set(key, clock.now());

  const keyOf = (text: string, withCrc: boolean): { type: string; key: string; id: string } | null => {
    const parsed = parseLine(text, withCrc, UPLINK_MAX);
    if (!parsed.ok) return null;
    const { type, epoch, boot, seq, uptimeMs } = parsed.line;
    const id = `${epoch}.${boot}.${seq}`;
    return { type, id, key: `line ${id} ${uptimeMs}` };
  };

  function sentLine(text: string, withCrc: boolean): void {
    const line = keyOf(text, withCrc);
    if (line === null) return;
    if (line.type === "pack") sent.add(line.id);
    // Over MQTT only hello waits for a line; what else is sent waits for its PUBACK.
    if (withCrc || line.type === "hello") ask(line.key);
  }

  function receivedLine(text: string, withCrc: boolean): void {
    const line = keyOf(text, withCrc);
    if (line === null || line.type !== "ack") return;
    open.delete(line.key);
    if (sent.has(line.id)) acknowledged.add(line.id);
  }

  return {
    sentLine,
    receivedLine,
    connection() {
      const name = `tcp ${connections++} `;
      const ids = new Map<number, string>();
      const up = mqttPacket.parser({ protocolVersion: 4 });
      const down = mqttPacket.parser({ protocolVersion: 4 });
      ask(name + "open");
      up.on("packet", (packet: Packet) => {
        if (packet.cmd === "connect") ask(name + "connack");
        else if (packet.cmd === "subscribe") ask(name + "suback");
        else if (packet.cmd === "pingreq") ask(name + "pingresp");
        else if (packet.cmd === "publish") {
          const text = packet.payload.toString("latin1");
          const line = keyOf(text, false);
          if (line?.type === "pack") ids.set(packet.messageId ?? 0, line.id);
          ask(`${name}puback ${packet.messageId}`);
          sentLine(text, false);
        }
        open.delete(name + "open");
      });
      down.on("packet", (packet: Packet) => {
        if (packet.cmd === "publish") receivedLine(packet.payload.toString("latin1"), false);
        else if (packet.cmd === "puback") {
          open.delete(`${name}puback ${packet.messageId}`);
          const id = ids.get(packet.messageId ?? 0);
          if (id !== undefined) acknowledged.add(id);
        } else open.delete(name + packet.cmd);
      });
      return {
        sent: (bytes) => void up.parse(Buffer.from(bytes, "latin1")),
        received: (bytes) => void down.parse(bytes),
        closed: () => {
          for (const key of open.keys()) if (key.startsWith(name) || key.startsWith("line ")) open.delete(key);
        },
      };
    },
    unanswered() {
      for (const [key, at] of open) if (clock.now() - at > GIVEN_UP_MS) open.delete(key);
      return open.size;
    },
    packs: () => ({ sent: sent.size, acknowledged: acknowledged.size }),
  };
}

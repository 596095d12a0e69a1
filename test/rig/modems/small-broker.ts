/**
 * A hub's MQTT broker at the far end of a simulated modem, without a network in between: it grants what a post asks for,
 * hands its lines to a small hub, and answers as the hub's own broker does, after the commit.
 */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import type { Clock } from "../../../hub/clock.js";
import type { FarHub } from "../far-hub.js";
import type { Dial } from "./bg96.js";

const TRAVEL_MS = 60;

/** Connections to that broker; while `running()` is false nobody answers there. */
export function smallBroker(hub: FarHub, clock: Clock, running: () => boolean, travelMs = TRAVEL_MS): Dial {
  return (_host, _port, on) => {
    let open = true;
    /** What was sent while nobody was there is missing for good: nothing behind it in this connection makes sense. */
    let torn = false;
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const later = (fn: () => void): void => void clock.after(travelMs, () => open && fn());
    const write = (packet: Packet): void => later(() => on.data(mqttPacket.generate(packet).toString("latin1")));
    clock.after(travelMs, () => {
      if (running()) on.opened();
      else {
        open = false;
        on.closed();
      }
    });
    parser.on("error", () => {
      open = false;
      on.closed();
    });
    parser.on("packet", (packet: Packet) => {
      if (packet.cmd === "connect") write({ cmd: "connack", returnCode: 0, sessionPresent: false });
      else if (packet.cmd === "subscribe") write({ cmd: "suback", messageId: packet.messageId ?? 0, granted: [1] });
      else if (packet.cmd === "pingreq") write({ cmd: "pingresp" });
      else if (packet.cmd === "publish" && hub.listening) {
        const ack = hub.ackOf(packet.payload.toString("latin1"), { source: "mqtt", withCrc: false, receipts: true });
        if (ack === null) return;
        write({ cmd: "puback", messageId: packet.messageId ?? 0 });
        const topic = packet.topic.replace(/up$/, "down");
        write({ cmd: "publish", topic, payload: ack, qos: 0, dup: false, retain: false });
      }
    });
    return {
      write: (bytes) =>
        later(() => {
          torn ||= !running();
          if (!torn) parser.parse(Buffer.from(bytes, "latin1"));
        }),
      end: () => (open = false),
    };
  };
}

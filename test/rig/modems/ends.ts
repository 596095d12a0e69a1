/**
 * The far end of a radio for a post on the bench: the simulated module, its network, and a small hub behind it. The air is
 * quick there, and nothing keeps it free: rounds are to follow each other as fast as the interpreter can.
 */
import { onAir } from "../../../firmware/node/form-binary.js";
import type { UartPartMaker } from "../../../firmware/sensors/sim.js";
import { readMessage } from "../../../hub/inputs/lora/message.js";
import { farHub } from "../far-hub.js";
import { scaledClock } from "../scaled-clock.js";
import { createBg96Sim } from "./bg96.js";
import { APP_KEY, JOIN_EUI } from "./lora-post.js";
import { APN } from "./modem-post.js";
import { radioHub } from "./radio-network.js";
import { createRn2483Sim } from "./rn2483.js";
import { smallBroker } from "./small-broker.js";

export interface RadioEnd {
  /** What is on the board's radio port. */
  part: UartPartMaker;
  /** What its set-up must say under `uplink`. */
  uplink: Record<string, string | number>;
  /** Lines that reached the hub, in the order of arrival. */
  lines: string[];
  listen(on: boolean): void;
  /** A record of the outbox as a line. */
  lineOf(record: string): string;
}

const WINDOWS_PERCENT = 5;

/** A LoRaWAN module, and the network that its board is on. */
export function loraEnd(board: string): RadioEnd {
  const hub = radioHub(board, APP_KEY);
  hub.running = false;
  const module = createRn2483Sim({ network: hub.network, pacePercent: WINDOWS_PERCENT, keepsDuty: false });
  return {
    part: module.make,
    uplink: { joinEui: JOIN_EUI, appKey: APP_KEY, dutyPercent: 100 },
    lines: hub.lines,
    listen: (on) => (hub.running = on),
    lineOf(record) {
      const message = readMessage(board, Buffer.from(onAir(record), "latin1"));
      return message.ok ? message.line : record;
    },
  };
}

/** An LTE-M modem, and the hub's broker behind its sockets. Nobody pulls its key: it does not sleep. */
export function modemEnd(key: Uint8Array, speed: number): RadioEnd {
  const clock = scaledClock(Date.now(), Date.now(), speed);
  const hub = farHub(key, "k1", () => Date.now());
  let listening = false;
  const modem = createBg96Sim({
    dial: smallBroker(hub, clock, () => listening),
    now: () => clock.now(),
    apn: APN,
    sleeps: false,
  });
  return {
    part: modem.make,
    uplink: { host: "hub.example.kz", apn: APN },
    lines: hub.lines,
    listen: (on) => (listening = on),
    lineOf: (record) => record,
  };
}

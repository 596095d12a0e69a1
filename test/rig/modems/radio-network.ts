/**
 * A LoRaWAN network with one gateway and a hub behind it, small enough to see through: it lets devices join, gives their
 * messages to `hub` and queues what that sends down.
 */
import { PORT, PORT_ASKING } from "../../../firmware/wire/binary.js";
import type { Numbered } from "../../../firmware/wire/binary.js";
import { ackOf, readMessage } from "../../../hub/inputs/lora/message.js";
import type { RadioMessage, RadioNetwork } from "./rn2483.js";

export interface SmallNetwork extends RadioNetwork {
  /** Downlinks that wait for a window, oldest first. */
  queue: { port: number; data: Buffer }[];
}

/** A network that lets everybody join who knows the key. */
export function smallNetwork(appKey: string, hears: (message: RadioMessage) => void): SmallNetwork {
  const queue: SmallNetwork["queue"] = [];
  return {
    queue,
    joins: (_devEui, _joinEui, key) => key.toLowerCase() === appKey,
    hears,
    answer: () => queue.shift(),
  };
}

export interface RadioHub {
  network: SmallNetwork;
  /** Lines as the pipeline would get them, in the order of arrival, each once. */
  lines: string[];
  /** Messages that came again. */
  again: number;
  /** Messages that were none. */
  faults: string[];
  /** While false the hub is down: what comes is lost, and nothing goes down. */
  running: boolean;
}

/**
 * A hub that remembers numbers in the place of a journal. An answer misses the windows of the message that asked: it
 * waits for the next one's, as a hub's does that is not quicker than the network server.
 */
export function radioHub(board: string, appKey: string): RadioHub {
  const known = new Map<string, string>();
  const key = (by: Numbered, seq: number): string => `${by.epoch}.${by.boot}.${seq}`;
  const waiting: Buffer[] = [];
  const network = smallNetwork(appKey, ({ port, data }) => {
    network.queue.push(...waiting.splice(0).map((ack) => ({ port: PORT, data: ack })));
    if (!hub.running) return;
    const message = readMessage(board, data);
    if (!message.ok) {
      hub.faults.push(message.fault);
      return;
    }
    const { by, line } = message;
    if (by.seq === 0) hub.lines.push(line);
    else if (known.has(key(by, by.seq))) {
      if (known.get(key(by, by.seq)) !== line) hub.faults.push("collision");
      hub.again++;
    } else {
      known.set(key(by, by.seq), line);
      hub.lines.push(line);
    }
    // A newer answer says all that an older one does.
    if (port === PORT_ASKING)
      waiting.splice(
        0,
        1,
        ackOf(by, (seq) => known.has(key(by, seq))),
      );
  });
  const hub: RadioHub = { network, lines: [], again: 0, faults: [], running: true };
  return hub;
}

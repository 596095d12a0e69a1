/**
 * Boards on a LoRaWAN network whose server is ChirpStack, over its MQTT integration. The network proves the board: its
 * DevEUI stands in the registry. Its server hands an event over again until this hub has taken it; what the board itself
 * believes is only the answer that goes down to it, which is sent when everything that it names is on disk.
 *
 * Answers cost the gateway's air time: only a message that asks for one (by its port) is answered.
 */
import type { Logger } from "pino";
import { PORT, PORT_ASKING } from "../../firmware/wire/binary.js";
import type { Numbered } from "../../firmware/wire/binary.js";
import type { Accept } from "../model.js";
import { downlink, EVENT_FILTER, readEvent } from "./lora/chirpstack.js";
import type { UplinkEvent } from "./lora/chirpstack.js";
import { ackOf, commandOf, readMessage } from "./lora/message.js";
import { Handover } from "./transport/handover.js";
import type { Dialect } from "./transport/mqtt-link.js";
import { startMqttSession } from "./transport/mqtt-session.js";
import type { MqttOptions, MqttStats } from "./transport/mqtt-session.js";

/** What the input asks of journal and registry. */
export interface LoraDeps {
  /** The board whose radio module has this DevEUI. */
  boardOfRadio(devEui: string): string | undefined;
  /** Has this number of the board's arrived? What waits to be written counts. */
  received(board: string, epoch: string, boot: number, seq: number): boolean;
  /** Resolves when everything that arrived so far is on disk. */
  flushed(): Promise<void>;
}

export interface LoraInput {
  stats(): MqttStats;
  stop(): Promise<void>;
}

/** A message on its way to the pipeline. */
interface Taken {
  event: UplinkEvent;
  by: Numbered;
}

/** Starts the input; it connects, and connects again, for as long as it runs. @throws SetupError for a malformed URL */
export function startLora(options: MqttOptions, deps: LoraDeps, accept: Accept, log: Logger): LoraInput {
  const handover = new Handover(accept, "lora:" + options.url.replace(/\/\/[^@/]*@/, "//"), false, true);
  const strange = new Set<string>();

  /** A module that no board has: said once, because it is how a technician finds what to register. */
  function stranger(devEui: string): string {
    if (!strange.has(devEui) && strange.size < 1000) {
      strange.add(devEui);
      log.warn({ devEui }, "a radio module that no board has: aryk board radio <board> <DevEUI>");
    }
    return "unknown-radio";
  }

  const dialect: Dialect<Taken> = {
    filter: EVENT_FILTER,
    read(topic, payload) {
      const event = readEvent(topic, payload);
      if (typeof event === "string") return event;
      if (event.port !== PORT && event.port !== PORT_ASKING) return "other-port";
      const board = deps.boardOfRadio(event.devEui);
      if (board === undefined) return stranger(event.devEui);
      const message = readMessage(board, event.data);
      return message.ok ? { board, line: message.line, more: { event, by: message.by } } : message.fault;
    },
    async answer({ board, more: { event, by } }, end, publish) {
      if (event.port !== PORT_ASKING) return;
      // Asked before the flush: what arrives during it may not be on disk when it ends.
      const ack = ackOf(by, (seq) => deps.received(board, by.epoch, by.boot, seq));
      await deps.flushed();
      const down = downlink(event, PORT, ack);
      publish(down.topic, down.payload);
      if (end.command === undefined) return;
      const command = commandOf(by, end.command, event.dataRate);
      if (command === undefined) return handover.fault("command-too-long");
      const order = downlink(event, PORT, command);
      publish(order.topic, order.payload);
    },
  };

  return startMqttSession(options, dialect, handover, log);
}

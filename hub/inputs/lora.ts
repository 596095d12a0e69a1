/**
 * Boards on a LoRaWAN network whose server is ChirpStack, over its MQTT integration. The network proves the board: its
 * DevEUI stands in the registry. Its server hands an event over again until this hub has taken it; what the board itself
 * believes is only the answer that goes down to it, which is sent when everything that it names is on disk.
 *
 * Answers cost the gateway's air time: only a message that asks for one (by its port) is answered, and one that asks for
 * something else than an answer gets that in its place. Images take a part of the air time that is theirs (share.ts).
 */
import type { Logger } from "pino";
import { PORT, PORT_ASKING } from "../../firmware/wire/binary.js";
import type { Numbered } from "../../firmware/wire/binary.js";
import { isPiece } from "../../firmware/wire/image.js";
import type { Accept } from "../model.js";
import { downlink, EVENT_FILTER, readEvent } from "./lora/chirpstack.js";
import type { UplinkEvent } from "./lora/chirpstack.js";
import { ackOf, commandOf, readMessage } from "./lora/message.js";
import { createShare } from "./lora/share.js";
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
  /** The key in force of a board: commands are sealed with it. */
  keyOf(board: string): Uint8Array | undefined;
  /** Milliseconds on a clock that nobody sets. */
  steady(): number;
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
  const share = createShare(() => deps.steady());

  /** A module that no board has: said once, because it is how a technician finds what to register. */
  function stranger(devEui: string): string {
    if (!strange.has(devEui) && strange.size < 1000) {
      strange.add(devEui);
      log.warn({ devEui }, "a radio module that no board has: aryk board radio <board> <DevEUI>");
    }
    return "unknown-radio";
  }

  /** The command as a message; undefined where it cannot go down, null where it must wait. */
  function orderFor(board: string, by: Numbered, event: UplinkEvent, line: string): Buffer | undefined | null {
    const key = deps.keyOf(board);
    if (key === undefined) return undefined;
    const body = line.split(" ")[6];
    const order = commandOf(by, board, body, event.dataRate, key);
    if (order === undefined) handover.fault("command-too-long");
    else if (isPiece(body) && !share.take(event.gateway, event.dataRate, order.length)) return null;
    return order;
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
      const send = (data: Buffer): void => {
        const down = downlink(event, PORT, data);
        publish(down.topic, down.payload);
      };
      const order = end.command === undefined ? undefined : orderFor(board, by, event, end.command);
      // A word asks for the order that is the answer to it: an ack would take the place of that in the next window. Where
      // the order must wait there is none: the board says its word again.
      if (end.outcome === "heard" && order !== undefined) return order === null ? undefined : send(order);
      // Asked before the flush: what arrives during it may not be on disk when it ends.
      const ack = ackOf(by, (seq) => deps.received(board, by.epoch, by.boot, seq));
      await deps.flushed();
      send(ack);
      if (order !== undefined && order !== null) send(order);
    },
  };

  return startMqttSession(options, dialect, handover, log);
}

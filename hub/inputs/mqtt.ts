/**
 * An external MQTT broker, for networks that have one already.
 *
 * Here the board's own PUBACK comes from that broker and proves nothing about the hub: only the ack line does, which
 * is published on the board's down topic. Every line is therefore acknowledged to the broker once the hub is done with
 * it, the refused one too (counted): an unacknowledged one would block the broker's window and come back for ever.
 */
import type { Logger } from "pino";
import { DOWNLINK_MAX, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Accept } from "../model.js";
import { Handover } from "./transport/handover.js";
import type { Dialect } from "./transport/mqtt-link.js";
import { shownUrl, startMqttSession } from "./transport/mqtt-session.js";
import type { MqttOptions, MqttStats } from "./transport/mqtt-session.js";
import { boardOfUp, downTopic, UP_FILTER } from "./transport/topics.js";

export type { MqttOptions, MqttStats } from "./transport/mqtt-session.js";

export interface MqttInput {
  /** Publishes a line to a board that was heard here; false while there is no connection, or the line is too long. */
  send(board: string, line: string): boolean;
  stats(): MqttStats;
  stop(): Promise<void>;
}

/** Starts the input; it connects, and connects again, for as long as it runs. @throws SetupError for a malformed URL */
export function startMqtt(options: MqttOptions, accept: Accept, log: Logger): MqttInput {
  const heard = new Set<string>();
  const dialect: Dialect<undefined> = {
    filter: UP_FILTER,
    read(topic, payload) {
      const board = boardOfUp(topic);
      if (board === undefined) return "foreign-topic";
      if (payload.length > UPLINK_MAX) return "too-long";
      return { board, line: payload.toString("latin1"), more: undefined };
    },
    answer({ board }, end, publish) {
      heard.add(board);
      if (end.ack !== null) publish(downTopic(board), end.ack);
      if (end.command !== undefined) publish(downTopic(board), end.command);
    },
  };
  const session = startMqttSession(options, dialect, new Handover(accept, shownUrl(options.url)), log);
  return {
    send: (board, line) => heard.has(board) && line.length <= DOWNLINK_MAX && session.publish(downTopic(board), line),
    stats: () => session.stats(),
    stop: () => session.stop(),
  };
}

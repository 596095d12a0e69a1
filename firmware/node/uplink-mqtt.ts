/**
 * The uplink over MQTT: lines without CRC on `aryk/<board>/up`, the hub's on `aryk/<board>/down`. The broker's PUBACK
 * comes after the hub's commit and settles a line.
 */
import { DOWNLINK_MAX, parseLine } from "../wire/line.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import { createMqtt } from "./mqtt.js";
import type { Uplink, UplinkEvents } from "./sender.js";

const ANSWER_MS = 30000;

/** The MQTT uplink to the broker that the board's set-up names; null when it names none. */
export function mqttUplink(): (hal: Hal, config: Config) => Uplink | null {
  return (hal, config) => {
    if (config.uplink.host === undefined) return null;
    let events: UplinkEvents | null = null;
    const client = createMqtt(hal, config, {
      up: () => {
        if (events !== null) events.up();
      },
      down: () => {
        if (events !== null) events.down();
      },
      message: (payload) => {
        const parsed = parseLine(payload, false, DOWNLINK_MAX);
        if (parsed.ok && events !== null) events.line(parsed.line);
      },
    });
    return {
      answerMs: ANSWER_MS,
      start: (listener) => {
        events = listener;
        client.start();
      },
      send: client.publish,
      unanswered: client.drop,
    };
  };
}

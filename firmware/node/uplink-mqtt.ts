/**
 * The uplink over MQTT: lines without CRC on `aryk/<board>/up`, the hub's on `aryk/<board>/down`. The broker's PUBACK
 * comes after the hub's commit and settles a line.
 */
import { DOWNLINK_MAX, parseLine } from "../wire/line.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import { createMqtt } from "./mqtt.js";
import type { Uplink, UplinkEvents } from "./sender.js";

/** Room beside the line in a packet of the broker: head and topic. */
const PACKET_ROOM = 64;
const ANSWER_MS = 30000;
const MQTT_PORT = 1883;

/** The MQTT uplink to the broker that the board's set-up names; null when it names none. */
export function mqttUplink(): (hal: Hal, config: Config) => Uplink | null {
  return (hal, config) => {
    const host = config.uplink.host;
    if (host === undefined) return null;
    const board = config.board;
    const username = config.uplink.username;
    const password = config.uplink.password;
    const port = config.uplink.port;
    let events: UplinkEvents | null = null;
    const client = createMqtt(
      hal,
      {
        network: config.uplink,
        host: host,
        port: port === undefined ? MQTT_PORT : port,
        clientId: board,
        username: username === undefined ? board : username,
        password: password === undefined ? "" : password,
        topicUp: "aryk/" + board + "/up",
        topicDown: "aryk/" + board + "/down",
        maxBytes: DOWNLINK_MAX + PACKET_ROOM,
      },
      {
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
      },
    );
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

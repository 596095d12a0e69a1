/**
 * A small MQTT 3.1.1 client over a byte stream: clean session, one topic up (QoS 1, one message at a time, because the
 * sender keeps the rest in flash), one topic down. What the interpreter's own module lacks is the point of it: packet
 * numbers, and a PUBACK that somebody waits for: it settles a line where the hub gives it after its commit.
 */
import { DOWNLINK_MAX, parseLine } from "../wire/line.js";
import { createBackoff } from "./backoff.js";
import type { Config } from "./config.js";
import type { Hal, Stream } from "./hal.js";
import type { Uplink, UplinkEvents } from "./sender.js";
import {
  CONNACK,
  connectPacket,
  createPacketReader,
  DISCONNECT_PACKET,
  PINGREQ_PACKET,
  PINGRESP,
} from "./mqtt-packet.js";
import { PUBACK, PUBLISH, pubackPacket, publishPacket, SUBACK, subscribePacket, wordAt } from "./mqtt-packet.js";

/** Silence after which the broker is asked whether it is still there; it allows one and a half times that. */
const KEEP_ALIVE_S = 240;
/** The broker's answer, to whatever it is, must come within this. */
const ANSWER_MS = 30000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300000;
/** What is new ends a longer pause than this since the last attempt. */
const KNOCK_MS = 30000;
const SUBSCRIBE_ID = 1;
const MQTT_PORT = 1883;
/** The longest downlink, and room for head and topic. */
const PACKET_MAX = DOWNLINK_MAX + 64;

/**
 * Makes a client for the broker of the set-up's uplink; it connects at `start` and for ever after comes back by itself.
 * The client, its user (if none is given) and its topics `aryk/<board>/up` and `/down` bear the board's name. `dialMs`
 * bounds the time that a connection may take to open; 0 where the link opens it when it likes.
 */
export function createMqtt(hal: Hal, config: Config, dialMs: number): Uplink {
  const broker = config.uplink;
  const backoff = createBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, hal.random);
  let stream: Stream | null = null;
  let ready = false;
  /** When the last attempt began, and when the next one is due. */
  let dialledMs = 0;
  let dueMs = 0;
  let nextId = SUBSCRIBE_ID;
  let pending: { id: number; taken: () => void } | null = null;
  let stopTimer: () => void = () => undefined;
  let connect: () => void = () => undefined;
  let events: UplinkEvents | null = null;

  /** One timer: waiting for an answer, or for the moment to ask again. */
  const alarm = (ms: number, fn: () => void): void => {
    stopTimer();
    stopTimer = hal.after(ms, fn);
  };

  const drop = (): void => {
    if (stream !== null) stream.close();
  };

  const listen = (): void =>
    alarm(KEEP_ALIVE_S * 1000, () => {
      if (stream === null) return;
      stream.write(PINGREQ_PACKET);
      alarm(ANSWER_MS, drop);
    });

  const take = (type: number, flags: number, rest: string): void => {
    if (stream === null) return;
    if (type === CONNACK) {
      if (rest.charCodeAt(1) !== 0) {
        hal.print("broker refuses: code " + rest.charCodeAt(1));
        const other = broker.other;
        if (other !== undefined) {
          broker.other = broker.password;
          broker.password = other;
        }
        drop();
        return;
      }
      stream.write(subscribePacket("aryk/" + config.board + "/down", SUBSCRIBE_ID));
      alarm(ANSWER_MS, drop);
    } else if (type === SUBACK && !ready) {
      ready = true;
      listen();
      if (events !== null) events.up();
    } else if (type === PUBACK && pending !== null && wordAt(rest, 0) === pending.id) {
      const taken = pending.taken;
      pending = null;
      taken();
    } else if (type === PUBLISH) {
      const topicBytes = wordAt(rest, 0);
      const qos = (flags >> 1) & 3;
      if (qos === 1) stream.write(pubackPacket(wordAt(rest, 2 + topicBytes)), true);
      const parsed = parseLine(rest.substr(2 + topicBytes + (qos > 0 ? 2 : 0)), false, DOWNLINK_MAX);
      if (!parsed.ok) return;
      // A broker that answers, with no hub behind it, is no reason to try again soon.
      backoff.reset();
      if (events !== null) events.line(parsed.line);
    } else if (type === PINGRESP) listen();
  };

  const dial = (): void => alarm(Math.max(0, dueMs - hal.uptimeMs()), () => connect());

  const closed = (): void => {
    const wasReady = ready;
    stream = null;
    ready = false;
    pending = null;
    if (wasReady && events !== null) events.down();
    dueMs = hal.uptimeMs() + backoff.next();
    dial();
  };

  connect = () => {
    let mine = true;
    dialledMs = hal.uptimeMs();
    const reader = createPacketReader(PACKET_MAX, take, drop);
    const port = broker.port === undefined ? MQTT_PORT : broker.port;
    stream = hal.connect(broker, broker.host === undefined ? "" : broker.host, port, {
      open: () => {
        if (stream === null || !mine) return;
        alarm(ANSWER_MS, drop);
        const user = broker.username === undefined ? config.board : broker.username;
        const password = broker.password === undefined ? "" : broker.password;
        stream.write(connectPacket(config.board, user, password, KEEP_ALIVE_S));
      },
      data: (chunk) => {
        if (mine) reader.push(chunk);
      },
      closed: () => {
        if (!mine) return;
        mine = false;
        closed();
      },
    });
    if (dialMs > 0) alarm(dialMs, drop);
  };

  return {
    answerMs: ANSWER_MS,
    start: (listener) => {
      events = listener;
      connect();
    },
    send: (line, again, taken) => {
      if (stream === null || !ready) return;
      nextId = nextId >= 65535 ? SUBSCRIBE_ID + 1 : nextId + 1;
      pending = { id: nextId, taken: taken };
      stream.write(publishPacket("aryk/" + config.board + "/up", line, nextId, again));
    },
    wanted: () => {
      if (stream !== null || events === null) return;
      dueMs = Math.min(dueMs, dialledMs + KNOCK_MS);
      dial();
    },
    unanswered: () => {
      if (stream !== null && ready) stream.write(DISCONNECT_PACKET);
      drop();
    },
  };
}

/**
 * The MQTT uplink to the broker that the board's set-up names; null when it names none. `wirelessDbm` is asked where the
 * set-up names a wireless network.
 */
export function mqttUplink(wirelessDbm: () => number | null): (hal: Hal, config: Config) => Uplink | null {
  return (hal, config) => {
    if (config.uplink.host === undefined) return null;
    const uplink = createMqtt(hal, config, ANSWER_MS);
    // Without a wireless network there is none to leave, and none to measure.
    if (config.uplink.ssid === undefined) return uplink;
    uplink.signalDbm = wirelessDbm;
    uplink.rejoin = () => {
      uplink.unanswered();
      hal.leave();
    };
    return uplink;
  };
}

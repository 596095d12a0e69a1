/**
 * An external MQTT broker (MQTT 3.1.1), for networks that have one already. A thin QoS 1 client with a session that
 * outlives it: each PUBACK goes out when its own `accept` resolved, many are under way at once, and what was not
 * acknowledged the broker hands over again.
 *
 * Here the board's own PUBACK comes from that broker and proves nothing about the hub: only the ack line does, which
 * is published on the board's down topic. Every line is therefore acknowledged to the broker once the hub is done with
 * it, the refused one too (counted): an unacknowledged one would block the broker's window and come back for ever.
 */
import type { Socket } from "node:net";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Logger } from "pino";
import { DOWNLINK_MAX } from "../../firmware/wire/line.js";
import { SetupError } from "../errors.js";
import type { Accept } from "../model.js";
import { createBackoff } from "./transport/backoff.js";
import type { InputStats } from "./transport/handover.js";
import { Handover } from "./transport/handover.js";
import { MqttLink } from "./transport/mqtt-link.js";
import { Rates, type Rate } from "./transport/rate.js";

/** How long a broker that is well may take to read its last answers. */
const LEAVE_MS = 1000;

export interface MqttOptions {
  /** `mqtt://host[:1883]` or `mqtts://host[:8883]`. */
  url: string;
  /** Names the session at the broker: the same at every start, and different for every hub. */
  clientId: string;
  username?: string;
  password?: string;
  /** PEM text of the authority that signed the broker's certificate, if it is not a public one. */
  ca?: string;
  keepaliveS?: number;
  /** Lines waiting for their commit before the socket is no longer read. */
  window?: number;
  /** Packs of one board before its further ones are left to come again; absent: no limit. */
  rate?: Rate;
  /** Whole time allowed from dialling to the granted subscription. */
  connectTimeoutMs?: number;
  backoffBaseMs?: number;
  backoffCapMs?: number;
  /** Numbers in [0, 1) for the jitter. */
  random?: () => number;
  stopBoundMs?: number;
}

export interface MqttStats extends InputStats {
  connected: boolean;
  connects: number;
}

export interface MqttInput {
  /** Publishes a line to a board that was heard here; false while there is no connection, or the line is too long. */
  send(board: string, line: string): boolean;
  stats(): MqttStats;
  stop(): Promise<void>;
}

function dial(options: MqttOptions): () => Socket {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || !["mqtt:", "mqtts:"].includes(url.protocol) || url.hostname === "")
    throw new SetupError(
      "MQTT_URL",
      `Not the URL of an MQTT broker: ${options.url}`,
      "Write mqtt://host:1883, or mqtts://host:8883 for TLS.",
    );
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "mqtt:") return () => connectTcp(Number(url.port || 1883), host);
  const port = Number(url.port || 8883);
  return () => connectTls({ host, port, ca: options.ca, ...(/^[\d.:]+$/.test(host) ? {} : { servername: host }) });
}

/** Starts the input; it connects, and connects again, for as long as it runs. @throws SetupError for a malformed URL */
export function startMqtt(options: MqttOptions, accept: Accept, log: Logger): MqttInput {
  const open = dial(options);
  // A password written into the URL is not shown.
  const url = options.url.replace(/\/\/[^@/]*@/, "//");
  const handover = new Handover(accept, url);
  const backoff = createBackoff(
    options.backoffBaseMs ?? 500,
    options.backoffCapMs ?? 30_000,
    options.random ?? Math.random,
  );
  const heard = new Set<string>();
  const rates = options.rate === undefined ? {} : { rates: new Rates(options.rate) };
  let link: MqttLink | undefined;
  let timer: NodeJS.Timeout | undefined;
  let connects = 0;
  let stopped = false;

  function connect(): void {
    connects++;
    link = new MqttLink(open(), { ...options, ...rates }, handover, heard, {
      works: () => backoff.reset(),
      over(why) {
        link = undefined;
        if (stopped) return;
        handover.fault("link:" + why);
        const waitMs = backoff.next();
        log.warn({ url, why, waitMs }, "MQTT broker lost");
        timer = setTimeout(connect, waitMs);
      },
    });
  }
  connect();

  return {
    send(board, line) {
      if (link === undefined || !link.ready || !heard.has(board) || line.length > DOWNLINK_MAX) return false;
      return link.publish(board, line);
    },
    stats: () => ({ ...handover.stats(), connected: link?.ready === true, connects }),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      link?.shut();
      await handover.settled(options.stopBoundMs ?? 5000);
      await link?.leave(LEAVE_MS);
    },
  };
}

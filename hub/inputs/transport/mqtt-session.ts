/**
 * The hub's session at an external MQTT broker (MQTT 3.1.1), for as long as an input runs: a thin QoS 1 client whose
 * session outlives it. Each PUBACK goes out when the line's commit is on disk, many are under way at once, and what was
 * not acknowledged the broker hands over again.
 */
import type { Socket } from "node:net";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Logger } from "pino";
import { SetupError } from "../../errors.js";
import { createBackoff } from "./backoff.js";
import type { Handover, InputStats } from "./handover.js";
import { MqttLink } from "./mqtt-link.js";
import type { Dialect } from "./mqtt-link.js";
import { Rates, type Rate } from "./rate.js";

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

export interface MqttSession {
  /** Publishes; false while there is no connection, or the broker has too much to take already. */
  publish(topic: string, payload: string): boolean;
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

/** The broker's address without the password that may stand in it. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}

/** Connects, and connects again, until it is stopped. @throws SetupError for a malformed URL */
export function startMqttSession<More>(
  options: MqttOptions,
  dialect: Dialect<More>,
  handover: Handover,
  log: Logger,
): MqttSession {
  const open = dial(options);
  const url = shownUrl(options.url);
  const backoff = createBackoff(
    options.backoffBaseMs ?? 500,
    options.backoffCapMs ?? 30_000,
    options.random ?? Math.random,
  );
  const rates = options.rate === undefined ? {} : { rates: new Rates(options.rate) };
  let link: MqttLink<More> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let connects = 0;
  let stopped = false;

  function connect(): void {
    connects++;
    link = new MqttLink(open(), { ...options, ...rates }, handover, dialect, {
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
    publish: (topic, payload) => link !== undefined && link.ready && link.publish(topic, payload),
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

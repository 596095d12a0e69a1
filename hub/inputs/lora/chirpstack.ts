/**
 * ChirpStack v4's MQTT integration, JSON encoding: what it publishes of a device's messages, and how it is asked to send
 * one down (chirpstack/api/proto/integration/integration.proto: UplinkEvent, DownlinkCommand; topics as in its default
 * configuration). Other members are passed over: they change from version to version.
 */
export const EVENT_FILTER = "application/+/device/+/event/up";

/** Largest event that is read: one with some dozens of gateways. */
export const EVENT_MAX = 256 * 1024;

/** One message of a device. */
export interface UplinkEvent {
  application: string;
  /** 16 lower-case hexadecimal digits. */
  devEui: string;
  port: number;
  data: Buffer;
  /** 0 is the slowest. */
  dataRate: number;
  /** The gateway that heard it best; empty where the event does not say. */
  gateway: string;
}

/** An event without data only told the network something. */
export type EventFault = "foreign-topic" | "too-long" | "bad-event" | "no-data";

const TOPIC = /^application\/([^/]+)\/device\/([0-9a-f]{16})\/event\/up$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Longest name of a gateway that is taken; its identity is one of 16 digits. */
const GATEWAY_MAX = 32;

function bestGateway(rxInfo: unknown): string {
  let [best, at] = ["", -Infinity];
  for (const one of Array.isArray(rxInfo) ? (rxInfo as unknown[]) : []) {
    if (!isObject(one) || typeof one.gatewayId !== "string" || one.gatewayId.length > GATEWAY_MAX) continue;
    const snr = typeof one.snr === "number" ? one.snr : 0;
    if (snr > at) [best, at] = [one.gatewayId, snr];
  }
  return best;
}

/** The message in an event, or why there is none. */
export function readEvent(topic: string, payload: Buffer): UplinkEvent | EventFault {
  const match = TOPIC.exec(topic);
  if (match === null) return "foreign-topic";
  if (payload.length > EVENT_MAX) return "too-long";
  let event: unknown;
  try {
    event = JSON.parse(payload.toString("utf8"));
  } catch {
    return "bad-event";
  }
  if (!isObject(event) || !isObject(event.deviceInfo)) return "bad-event";
  const [, application, devEui] = match;
  // The topic is what the broker's access list can hold a publisher to.
  if (event.deviceInfo.devEui !== devEui) return "bad-event";
  const { data, fPort, dr } = event;
  // Members that are zero or empty are left out, or null, by versions.
  if (data === undefined || data === null || data === "") return "no-data";
  if (typeof data !== "string" || !BASE64.test(data) || typeof fPort !== "number") return "bad-event";
  const dataRate = typeof dr === "number" ? dr : 0;
  const gateway = bestGateway(event.rxInfo);
  return { application, devEui, port: fPort, data: Buffer.from(data, "base64"), dataRate, gateway };
}

/** Where and how a message is put into a device's queue; it goes down in the windows behind its next message up. */
export function downlink(
  { application, devEui }: { application: string; devEui: string },
  port: number,
  data: Buffer,
): { topic: string; payload: string } {
  const topic = `application/${application}/device/${devEui}/command/down`;
  return { topic, payload: JSON.stringify({ devEui, confirmed: false, fPort: port, data: data.toString("base64") }) };
}

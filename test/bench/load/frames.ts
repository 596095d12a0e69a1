/**
 * MQTT 3.1.1 packets made by hand, and packs made and sealed before the clock runs: what the load costs per pack while
 * it is measured is one write and one read of a socket, the same for everybody who is measured.
 */
import { createHmac } from "node:crypto";
import { seal, unsealed } from "../../../firmware/wire/line.js";
import { packBody } from "../../../firmware/wire/pack.js";
import { mqttPassword } from "../../../hub/secrets.js";
import { boardName, districtOf, KEY_ID, keyOf, readingsOf, siteName, valuesAt, type Values } from "../city.js";

/** What a pack looks like: a board's sealed line for the hub, or plain JSON, as a script or a flow would be sent. */
export type Form = "sealed" | "json";

/** Packet identifier of the k-th pack of a slab: those under way on one connection are too few to meet. */
export function packetId(k: number): number {
  return (k % 65_535) + 1;
}

function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push((length & 127) | (length > 127 ? 128 : 0));
    length >>>= 7;
  } while (length > 0);
  return bytes;
}

function text(value: string): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(value.length);
  return Buffer.concat([head, Buffer.from(value, "latin1")]);
}

/** A CONNECT: clean session, keep-alive 20 minutes (the load speaks more often), name and password where given. */
export function connectFrame(clientId: string, login?: { username: string; password: string }): Buffer {
  const parts = [text("MQTT"), Buffer.from([4, login === undefined ? 0x02 : 0xc2, 1200 >> 8, 1200 & 255])];
  parts.push(text(clientId));
  if (login !== undefined) parts.push(text(login.username), text(login.password));
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

/** A PUBLISH at QoS 1. */
export function publishFrame(topic: string, id: number, payload: string): Buffer {
  const length = 2 + topic.length + 2 + payload.length;
  const head = remainingLength(length);
  const frame = Buffer.allocUnsafe(1 + head.length + length);
  let at = frame.writeUInt8(0x32, 0);
  for (const byte of head) at = frame.writeUInt8(byte, at);
  at = frame.writeUInt16BE(topic.length, at);
  at += frame.write(topic, at, "latin1");
  at = frame.writeUInt16BE(id, at);
  frame.write(payload, at, "latin1");
  return frame;
}

/** One thing as it publishes. */
export interface Post {
  clientId: string;
  login: { username: string; password: string };
  topic: string;
  payload(seq: number, timeMs: number): string;
}

function json(values: Values, timeMs: number, seq: number): string {
  const number = (value: number, decimals: number): string => value.toFixed(decimals);
  return (
    `{"t":${timeMs},"seq":${seq},"pm25_cf1":${number(values.pm25, 0)},"temperature":${number(values.temperature, 2)},` +
    `"humidity":${number(values.humidity, 2)},"no2_we":${number(values.we, 4)},"no2_ae":${number(values.ae, 4)}}`
  );
}

/** @param epoch 8 hex digits; another for every time the load starts, as if the boards' flash were new */
export function postOf(thing: number, form: Form, epoch: string): Post {
  const site = siteName(thing);
  const board = boardName(site);
  const key = keyOf(board);
  const login = { username: board, password: mqttPassword(board, key) };
  if (form === "json") {
    const topic = `city/${districtOf(thing)}/eco-post/${site}`;
    return { clientId: board, login, topic, payload: (seq, timeMs) => json(valuesAt(thing, timeMs), timeMs, seq) };
  }
  const mac = (covered: string): string =>
    createHmac("sha256", key).update(covered, "latin1").digest("hex").slice(0, 32);
  return {
    ...{ clientId: board, login, topic: `aryk/${board}/up` },
    payload(seq, timeMs) {
      const body = packBody(readingsOf(valuesAt(thing, timeMs)));
      return seal(unsealed("pack", board, `${epoch}.1.${seq}`, timeMs % 1e9, `${timeMs}/s0`, body), KEY_ID, mac);
    },
  };
}

/** Packs of one stretch of load, back to back in one buffer; pack k is the one of thing k modulo their number. */
export interface Slab {
  bytes: Buffer;
  /** Where each pack begins; one more for the end. */
  starts: Float64Array;
  count: number;
}

/** Makes `rounds` packs for every post, `rate` a second from `startMs` on. */
export function makeSlab(posts: Post[], rounds: number, firstSeq: number, startMs: number, rate: number): Slab {
  const count = posts.length * rounds;
  const starts = new Float64Array(count + 1);
  let bytes = Buffer.allocUnsafeSlow(count * 450 + 4096);
  let at = 0;
  for (let k = 0; k < count; k++) {
    const post = posts[k % posts.length];
    const seq = firstSeq + Math.floor(k / posts.length);
    const frame = publishFrame(post.topic, packetId(k), post.payload(seq, Math.floor(startMs + (k * 1000) / rate)));
    if (at + frame.length > bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(bytes.length * 1.3) + frame.length);
      bytes.copy(larger, 0, 0, at);
      bytes = larger;
    }
    starts[k] = at;
    at += frame.copy(bytes, at);
  }
  starts[count] = at;
  return { bytes, starts, count };
}

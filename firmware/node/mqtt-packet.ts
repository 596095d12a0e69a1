/**
 * The few MQTT 3.1.1 packets that a post needs (OASIS MQTT 3.1.1, chapters 2 and 3), as strings of character codes
 * 0–255.
 */
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const SUBACK = 9;
export const PINGRESP = 13;

function word(value: number): string {
  return String.fromCharCode(value >> 8, value & 255);
}

function text(value: string): string {
  return word(value.length) + value;
}

/** Type and flags, remaining length (§2.2.3: seven bits a byte, lowest first), rest. */
function packet(first: number, rest: string): string {
  let length = "";
  let left = rest.length;
  do {
    const more = left > 127 ? 128 : 0;
    length += String.fromCharCode((left & 127) | more);
    left = left >> 7;
  } while (left > 0);
  return String.fromCharCode(first) + length + rest;
}

/** CONNECT with a clean session; without credentials when `username` is empty. */
export function connectPacket(clientId: string, username: string, password: string, keepAliveS: number): string {
  const named = username !== "";
  const head = text("MQTT") + String.fromCharCode(4, named ? 0xc2 : 2) + word(keepAliveS);
  return packet(0x10, head + text(clientId) + (named ? text(username) + text(password) : ""));
}

/** PUBLISH with QoS 1. */
export function publishPacket(topic: string, payload: string, id: number, again: boolean): string {
  return packet(again ? 0x3a : 0x32, text(topic) + word(id) + payload);
}

export function pubackPacket(id: number): string {
  return packet(0x40, word(id));
}

/** SUBSCRIBE to one topic with QoS 1. */
export function subscribePacket(topic: string, id: number): string {
  return packet(0x82, word(id) + text(topic) + String.fromCharCode(1));
}

export const PINGREQ_PACKET = "\xc0\x00";
export const DISCONNECT_PACKET = "\xe0\x00";

/** The number made of two bytes. */
export function wordAt(bytes: string, at: number): number {
  return (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
}

/**
 * Reads packets from a stream cut anywhere. It holds back at most one packet of `maxBytes`; a longer one, or a length
 * that is none, ends it: `onBroken` is called once and nothing is read any more.
 */
export function createPacketReader(
  maxBytes: number,
  onPacket: (type: number, flags: number, rest: string) => void,
  onBroken: () => void,
): { push(chunk: string): void; held(): number } {
  let held = "";
  let broken = false;

  /** Bytes of the fixed header, or 0 if more are needed; the remaining length goes to `remaining`. */
  let remaining = 0;
  const header = (): number => {
    remaining = 0;
    for (let i = 1; i < 5; i++) {
      if (i >= held.length) return 0;
      const code = held.charCodeAt(i);
      remaining += (code & 127) << (7 * (i - 1));
      if (code < 128) return i + 1;
    }
    remaining = maxBytes + 1;
    return 5;
  };

  return {
    push: (chunk) => {
      let at = 0;
      while (at < chunk.length && !broken) {
        // A few bytes of head come first, so that a packet that is too long is known before it is collected.
        const size = header();
        const wanted = size === 0 ? held.length + 1 : size + remaining;
        const piece = chunk.substr(at, wanted - held.length);
        held += piece;
        at += piece.length;
        const headBytes = header();
        if (headBytes > 0 && headBytes + remaining > maxBytes) {
          broken = true;
          held = "";
          onBroken();
        } else if (headBytes > 0 && held.length === headBytes + remaining) {
          const whole = held;
          held = "";
          onPacket(whole.charCodeAt(0) >> 4, whole.charCodeAt(0) & 15, whole.substr(headBytes));
        }
      }
    },
    held: () => held.length,
  };
}

/**
 * What goes out on one connection of the hub's own MQTT client. With thousands of packs a second each of them is
 * answered twice (PUBACK and ack line), and a write of its own for each would cost more than reading the pack: what comes
 * together in one turn of the event loop is written in one piece.
 */
import type { Socket } from "node:net";

/** MQTT 3.1.1 §3.4: the receipt of a QoS 1 message. Bytes as a Latin-1 string. */
export function puback(messageId: number): string {
  return "\x40\x02" + String.fromCharCode(messageId >> 8, messageId & 0xff);
}

/** MQTT 3.1.1 §3.3: a QoS 1 message. Topic and payload are ASCII. Bytes as a Latin-1 string. */
export function publish(topic: string, messageId: number, payload: string): string {
  const rest = 2 + topic.length + 2 + payload.length;
  let length = "";
  for (let left = rest; ;) {
    const digit = left % 128;
    left = (left - digit) / 128;
    length += String.fromCharCode(left > 0 ? digit + 128 : digit);
    if (left === 0) break;
  }
  const name = String.fromCharCode(topic.length >> 8, topic.length & 0xff) + topic;
  return "\x32" + length + name + String.fromCharCode(messageId >> 8, messageId & 0xff) + payload;
}

export class Outgoing {
  readonly #socket: Socket;
  readonly #progress: () => void;
  #gathered = "";
  #turn: NodeJS.Immediate | null = null;
  /** When bytes were taken last, or began to wait. */
  #since = performance.now();

  /** @param progress called whenever bytes have been taken */
  constructor(socket: Socket, progress: () => void) {
    this.#socket = socket;
    this.#progress = progress;
  }

  /** Sends bytes, given as a Latin-1 string, at the end of this turn. */
  put(bytes: string): void {
    this.#gathered += bytes;
    this.#turn ??= setImmediate(() => this.#write());
  }

  /** Bytes that have not been taken yet. */
  get waiting(): number {
    return this.#gathered.length + this.#socket.writableLength;
  }

  /** How long bytes have waited without any being taken, in ms; 0 when none wait. */
  stuckMs(): number {
    return this.waiting === 0 ? 0 : performance.now() - this.#since;
  }

  /** Sends what this turn has gathered, now: the socket is about to be closed. */
  end(): void {
    if (this.#turn === null) return;
    clearImmediate(this.#turn);
    this.#write();
  }

  #write(): void {
    this.#turn = null;
    const bytes = this.#gathered;
    this.#gathered = "";
    if (this.#socket.destroyed) return;
    if (this.#socket.writableLength === 0) this.#since = performance.now();
    this.#socket.write(bytes, "latin1", (error) => {
      if (error) return;
      this.#since = performance.now();
      this.#progress();
    });
  }
}

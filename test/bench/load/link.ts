/**
 * One connection of the load. Like a board it keeps what was not acknowledged: after a broken connection it dials again
 * and sends the same bytes.
 */
import { connect, type Socket } from "node:net";
import { packetId } from "./frames.js";

export interface LinkDeps {
  port: number;
  connectFrame: Buffer;
  /** Packs under way at once, at most. */
  window: number;
  /** The bytes of a pack. */
  frame(k: number): Buffer;
  /** A PUBACK came for pack k. */
  acked(k: number): void;
  /** Called at every CONNACK and at every loss of a connection that had one. */
  changed(up: boolean): void;
}

const CONNACK = 0x20;
const PUBACK = 0x40;
/** Time between two attempts, in ms: at random between the two, so that thousands do not dial at once. */
const PAUSE_MS = [200, 1000];

export class Link {
  readonly #deps: LinkDeps;
  #socket: Socket | null = null;
  #up = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;
  /** Sent and not acknowledged, and waiting to be sent; both oldest first. */
  #flying: number[] = [];
  #waiting: number[] = [];
  #rest: Buffer | null = null;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  dial(): void {
    const socket = connect({ port: this.#deps.port, host: "127.0.0.1", noDelay: true });
    this.#socket = socket;
    this.#rest = null;
    socket.on("connect", () => socket.write(this.#deps.connectFrame));
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => this.#lost());
  }

  /** Sends a pack now if the window has room, else as soon as it has. */
  send(k: number): void {
    if (this.#up && this.#flying.length < this.#deps.window && this.#waiting.length === 0) this.#write(k);
    else this.#waiting.push(k);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #write(k: number): void {
    this.#flying.push(k);
    this.#socket?.write(this.#deps.frame(k));
  }

  #fill(): void {
    let sent = 0;
    while (this.#flying.length < this.#deps.window && sent < this.#waiting.length) this.#write(this.#waiting[sent++]);
    if (sent > 0) this.#waiting.splice(0, sent);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    // Whatever a broker answers to a publisher is four bytes long.
    for (; at + 4 <= bytes.length; at += 4) {
      if (bytes[at] === PUBACK) this.#puback(bytes.readUInt16BE(at + 2));
      else if (bytes[at] === CONNACK && bytes[at + 3] === 0) {
        this.#up = true;
        this.#deps.changed(true);
      } else return void this.#socket?.destroy();
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : null;
    if (this.#waiting.length > 0) this.#fill();
  }

  #puback(id: number): void {
    const at = this.#flying.findIndex((k) => packetId(k) === id);
    if (at < 0) return;
    const [k] = this.#flying.splice(at, 1);
    this.#deps.acked(k);
  }

  #lost(): void {
    if (this.#up) this.#deps.changed(false);
    this.#up = false;
    this.#waiting = [...this.#flying, ...this.#waiting];
    this.#flying = [];
    if (this.#ended) return;
    this.#timer = setTimeout(() => this.dial(), PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0]));
  }
}

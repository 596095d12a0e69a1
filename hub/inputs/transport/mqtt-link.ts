/** One connection to an external MQTT broker, from dialling to its end. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Packet } from "mqtt-packet";
import mqtt from "mqtt-packet";
import { FrameGuard } from "./frame-guard.js";
import type { Accepted } from "../../model.js";
import type { Given, Handover } from "./handover.js";
import { Outgoing, puback, publish } from "./outgoing.js";
import type { Rates } from "./rate.js";
import { NoRoom } from "../../errors.js";

export interface LinkOptions {
  clientId: string;
  username?: string;
  password?: string;
  keepaliveS?: number;
  window?: number;
  connectTimeoutMs?: number;
  /** Packs of one board before its further ones are left to come again. */
  rates?: Rates;
}

/** A line that stood in a message, and its board; `more` is what the dialect needs for its answer. */
export interface Heard<More> {
  board: string;
  line: string;
  more: More;
}

/** How lines and answers stand in this broker's messages. */
export interface Dialect<More> {
  /** Topics to subscribe to. */
  filter: string;
  /** The line in a message, or the name of the fault: a message without a line is counted and acknowledged away. */
  read(topic: string, payload: Buffer): Heard<More> | string;
  /**
   * Answers a line that is on disk by publishing (ASCII topics and payloads). The message is acknowledged to the broker
   * when it returns, or what it returns has resolved; a rejection is a commit that failed.
   */
  answer(
    heard: Heard<More>,
    end: Exclude<Accepted, { outcome: "refused" }>,
    publish: (topic: string, payload: string) => void,
  ): void | Promise<void>;
}

/** Largest packet read from the broker. One between a line's length and this is counted and acknowledged away. */
const PACKET_MAX = 1 << 20;
/** Answers waiting to be taken, in bytes, from which on nothing more is read: a broker that is slow must not be buried. */
const ANSWERS_HIGH = 256 << 10;
/** Bytes waiting to be taken from which on no further downlink is put to them. */
const WRITE_MAX = 1 << 20;

/** MQTT 3.1.1 §3.2.2.3 has the codes 1–5; whatever else a broker says gets one name, so that the names stay few. */
function refusal(code: number | undefined): string {
  return code !== undefined && code >= 1 && code <= 5 ? `connect-refused-${code}` : "connect-refused";
}

/**
 * One connection, from dialling to its end. `works` is told when a line was committed or a ping answered; `over` once,
 * with the name of the reason.
 */
export class MqttLink<More> {
  readonly #socket: Socket;
  readonly #out: Outgoing;
  readonly #options: LinkOptions;
  readonly #handover: Handover;
  readonly #on: { works(): void; over(why: string): void };
  readonly #dialect: Dialect<More>;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #keepaliveMs: number;
  readonly #window: number;
  #inFlight = 0;
  #nextId = 0;
  #lastByte = performance.now();
  #ended = false;
  #shut = false;
  /** The subscription is granted. */
  ready = false;

  constructor(
    socket: Socket,
    options: LinkOptions,
    handover: Handover,
    dialect: Dialect<More>,
    on: { works(): void; over(why: string): void },
  ) {
    this.#socket = socket;
    this.#options = options;
    this.#handover = handover;
    this.#dialect = dialect;
    this.#on = on;
    this.#keepaliveMs = (options.keepaliveS ?? 30) * 1000;
    this.#window = options.window ?? 512;
    this.#out = new Outgoing(socket, () => this.#flow());
    this.#listen();
  }

  #listen(): void {
    const parser = mqtt.parser({ protocolVersion: 4 });
    const guard = new FrameGuard(PACKET_MAX);
    parser.on("packet", (packet) => this.#take(packet));
    parser.on("error", () => this.end("protocol"));
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (chunk: Buffer) => {
      this.#lastByte = performance.now();
      if (!guard.pass(chunk)) this.end("packet-too-long");
      else parser.parse(chunk);
    });
    this.#socket.on("error", (error: NodeJS.ErrnoException) => this.end(error.code ?? "socket"));
    this.#socket.on("close", () => this.end("closed"));
    this.#socket.once(this.#socket instanceof TLSSocket ? "secureConnect" : "connect", () => this.#hello());
    this.#timers.push(
      setTimeout(() => this.ready || this.end("connect-timeout"), this.#options.connectTimeoutMs ?? 15_000),
      setInterval(() => this.#watch(), this.#keepaliveMs / 2),
    );
  }

  #hello(): void {
    const { clientId, username, password } = this.#options;
    this.write({
      cmd: "connect",
      clientId,
      clean: false,
      keepalive: Math.ceil(this.#keepaliveMs / 1000),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
    });
  }

  /** Pings, and ends a connection that is silent though it is being read. */
  #watch(): void {
    if (!this.ready) return;
    if (this.#out.stuckMs() > this.#keepaliveMs * 1.5) return this.end("stuck");
    const silentMs = performance.now() - this.#lastByte;
    if (!this.#socket.isPaused() && silentMs > this.#keepaliveMs * 1.5) return this.end("silent");
    this.write({ cmd: "pingreq" });
  }

  write(packet: Packet): void {
    if (!this.#ended) this.#out.put(mqtt.generate(packet).toString("latin1"));
  }

  /** Reads on, or stops reading: while the window is full, or the broker does not take what it is answered. */
  #flow(): void {
    if (this.#ended) return;
    const { waiting } = this.#out;
    if (this.#shut || this.#inFlight >= this.#window || waiting >= ANSWERS_HIGH) this.#socket.pause();
    else if (this.#inFlight <= this.#window / 2 && waiting <= ANSWERS_HIGH / 2) this.#socket.resume();
  }

  /** A line is done with. */
  #receipt(messageId: number | undefined): void {
    if (messageId !== undefined && !this.#ended) this.#out.put(puback(messageId));
    this.#flow();
  }

  #take(packet: Packet): void {
    if (this.#ended) return;
    if (packet.cmd === "connack") {
      if (packet.returnCode !== 0) return this.end(refusal(packet.returnCode));
      this.write({ cmd: "subscribe", messageId: this.#id(), subscriptions: [{ topic: this.#dialect.filter, qos: 1 }] });
    } else if (packet.cmd === "suback") {
      if (packet.granted[0] !== 1) return this.end("subscription-refused");
      this.ready = true;
    } else if (packet.cmd === "pingresp") {
      this.#on.works();
    } else if (packet.cmd === "publish") {
      this.#line(packet.topic, packet.payload as Buffer, packet.qos === 1 ? packet.messageId : undefined);
    }
  }

  #line(topic: string, payload: Buffer, messageId: number | undefined): void {
    const { rates } = this.#options;
    const heard = this.#dialect.read(topic, payload);
    if (typeof heard === "string") this.#handover.fault(heard);
    // The link is everybody's: it is read on. Without an ack line the board keeps the pack and sends it again.
    else if (rates !== undefined && rates.waitMs(heard.board) > 0) this.#handover.fault("too-fast");
    else {
      rates?.take(heard.board);
      this.#inFlight++;
      this.#flow();
      void this.#handover.give(heard.line, false, heard.board).then((end) => this.#done(heard, end, messageId));
      return;
    }
    this.#receipt(messageId);
  }

  /** What became of a board's line, once it is on disk or will never be. */
  #done(heard: Heard<More>, end: Given, messageId: number | undefined): void {
    this.#inFlight--;
    if (end.outcome === "refused") {
      // What proves nothing must not use up what is that board's.
      this.#options.rates?.giveBack(heard.board);
    } else if (end.outcome !== "failed") {
      this.#on.works();
      const answer = this.#dialect.answer(heard, end, this.#publish);
      if (answer !== undefined)
        return void answer.then(
          () => this.#receipt(messageId),
          () => this.end("commit-failed"),
        );
    } else if (!(end.error instanceof NoRoom)) return this.end("commit-failed");
    // Without room for this board's packs the link stays up for the others; the board gets no ack line and keeps it.
    this.#receipt(messageId);
  }

  /** Publishes; false if the broker has too much to take already. */
  publish(topic: string, payload: string): boolean {
    if (this.#ended || this.#out.waiting > WRITE_MAX) return false;
    this.#publish(topic, payload);
    return true;
  }

  readonly #publish = (topic: string, payload: string): void => {
    if (!this.#ended) this.#out.put(publish(topic, this.#id(), payload));
  };

  #id(): number {
    this.#nextId = (this.#nextId % 65_535) + 1;
    return this.#nextId;
  }

  /** Stops reading, so that nothing new comes in before the end. */
  shut(): void {
    this.#shut = true;
    this.#socket.pause();
  }

  end(why: string): void {
    if (this.#ended) return;
    this.#cease();
    this.#socket.destroy();
    this.#on.over(why);
  }

  /**
   * Ends the connection in order: resolves when the broker has read every answer and closed it, or after `boundMs` of real
   * time. A socket that is closed while the broker writes to it loses what the broker has not read yet.
   */
  async leave(boundMs: number): Promise<void> {
    if (!this.ready) return this.end("stopped");
    this.write({ cmd: "disconnect" });
    this.#cease();
    this.#socket.end();
    // What still comes in is not taken; it is read to see the end.
    this.#socket.resume();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, boundMs);
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#socket.destroy();
    this.#on.over("stopped");
  }

  #cease(): void {
    this.#ended = true;
    this.ready = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#out.end();
  }
}

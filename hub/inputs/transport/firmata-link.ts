/**
 * One connection to a board that runs Firmata, from opening its port to its end: johnny-five on firmata-io on serialport.
 *
 * Traps of that stack, seen by running it: a johnny-five sensor goes on emitting its last value when the link is dead, so
 * a value counts only if the board itself reported since the one before; a write to a dead link is taken without a word,
 * so outputs are refused unless bytes came in lately; a component without `board` binds to the first board ever made, so
 * it is always named; a board listens for SIGINT and ends the whole process on it, unless it is told not to; nothing of a
 * connection can be used again, so each one is made of new objects; what it cannot parse it throws from the port's own
 * event, so that is caught here; and what a board says of a pin it hands to all who have asked, those too who asked later.
 *
 * A board goes on holding its pins when the hub is gone. So each connection begins and ends with Firmata's own reset,
 * after which every output is low; and a board that started anew under the link, or holds a relay otherwise than was
 * ordered, ends the connection.
 */
import type { FirmataTransport } from "firmata-io";
import { SerialPort } from "serialport";

/** Loaded only when a bench is configured. */
export async function loadFirmata(): Promise<FirmataStack> {
  const [five, io] = await Promise.all([import("johnny-five"), import("firmata-io")]);
  return { five: five.default, Firmata: io.default.Firmata };
}

export interface FirmataStack {
  five: typeof import("johnny-five");
  Firmata: typeof import("firmata-io").default.Firmata;
}

export interface LinkOptions {
  path: string;
  baudRate: number;
  /** Analog channels to be read. */
  channels: number[];
  sampleMs: number;
  /** Digital pins of relays: low before anything else is done. Others may be switched as well. */
  relays?: number[];
  /** Digital pins with a contact to ground, read with a pull-up. */
  contacts?: number[];
  /** Silence of the whole link after which it is over. */
  staleMs: number;
  /** Time allowed from opening the port to the board's answer. */
  connectTimeoutMs: number;
}

export interface LinkEvents {
  ready(): void;
  /** Median of what the board reported on that channel since the last call. */
  sample(channel: number, raw: number): void;
  /** What a contact has said for {@link SETTLE_MS}: once at the beginning, and when it has changed. */
  contact?(pin: number, closed: boolean): void;
  /** Called once, with the name of the reason. */
  over(why: string): void;
}

/** The declarations leave out that a sensor's timer can be stopped, and what a relay was told last. */
type Sensor = InstanceType<FirmataStack["five"]["Sensor"]> & { disable(): void };
type Relay = InstanceType<FirmataStack["five"]["Relay"]> & { readonly isClosed: boolean };

/** Reports of a channel come every this many milliseconds. */
const REPORT_MS = 20;
/** A contact bounces for some milliseconds. */
const SETTLE_MS = 50;
/** The end of a message that somebody else may have begun, then the reset. */
const RESET = Buffer.from([0xf7, 0xff]);
/** The longest message, what a board says of its pins, has some hundreds of bytes. */
const MESSAGE_MAX = 4096;
/** How long the reset may take to leave, at the end of a connection. */
const LEAVE_MS = 500;

export class FirmataLink {
  readonly #port: SerialPort;
  readonly #on: LinkEvents;
  readonly #options: LinkOptions;
  readonly #stack: FirmataStack;
  readonly #io: InstanceType<FirmataStack["Firmata"]>;
  #board: InstanceType<FirmataStack["five"]["Board"]> | undefined;
  #sensors: Sensor[] = [];
  readonly #driven = new Set<number>();
  readonly #relays = new Map<number, Relay>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #waiting = new Set<(state: number | null) => void>();
  /** By pin: who has asked for its state, in the order in which the board answers. */
  readonly #asked = new Map<number, ((state: number | null) => void)[]>();
  #lastByteAt = performance.now();
  #ended = false;
  /** Resolves when the port is closed, or could not be opened. */
  readonly closed: Promise<void>;

  constructor(stack: FirmataStack, options: LinkOptions, on: LinkEvents) {
    this.#stack = stack;
    this.#options = options;
    this.#on = on;
    const port = new SerialPort({ path: options.path, baudRate: options.baudRate, autoOpen: false });
    this.#port = port;
    port.on("open", () => port.write(RESET));
    this.#io = new stack.Firmata(this.#guarded(port), { reportVersionTimeout: 1000, samplingInterval: REPORT_MS });
    this.#io.on("error", () => this.end("error"));
    this.#io.once("ready", () => this.#greet());
    port.on("data", () => (this.#lastByteAt = performance.now()));
    port.on("error", () => this.end("error"));
    port.on("end", () => this.end("closed"));
    this.closed = new Promise((resolve) => {
      port.on("close", () => {
        resolve();
        this.end("closed");
      });
      port.open((error) => {
        if (error !== null) resolve();
        if (error !== null) return this.end(/no such file/i.test(error.message) ? "absent" : "error");
        if (this.#ended) return port.close(() => undefined);
        this.#timers.push(setTimeout(() => this.ready || this.end("no-firmata"), options.connectTimeoutMs));
      });
    });
  }

  /** The board answered, and has been heard lately. */
  get ready(): boolean {
    return (
      !this.#ended && this.#board?.isReady === true && performance.now() - this.#lastByteAt <= this.#options.staleMs
    );
  }

  /** The port, for a library that throws when a board sends nonsense. */
  #guarded(port: SerialPort): FirmataTransport {
    return {
      on: (event: string, listener: (what?: unknown) => void) =>
        port.on(event, (what: unknown) => {
          try {
            if (!this.#ended) listener(what);
            if (this.#io.buffer.length > MESSAGE_MAX) this.end("nonsense");
          } catch {
            this.end("nonsense");
          }
        }),
      write: (bytes, done) => port.write(bytes, done),
    };
  }

  #greet(): void {
    if (this.#ended) return;
    const { relays = [], contacts = [] } = this.#options;
    if ([...relays, ...contacts].some((pin) => this.#io.pins[pin] === undefined)) return this.end("no-such-pin");
    const options = { io: this.#io, repl: false, debug: false, sigint: false };
    const board = new this.#stack.five.Board(options);
    this.#board = board;
    board.on("error", () => this.end("error"));
    board.on("ready", () => {
      if (this.#ended) return;
      for (const pin of relays) this.relay(pin, false);
      this.#io.on("reportversion", () => this.end("restarted"));
      this.#sensors = this.#options.channels.map((channel) => this.#watch(channel));
      for (const pin of contacts) this.#listen(pin);
      this.#timers.push(setInterval(() => this.#check(), this.#options.staleMs / 4));
      this.#on.ready();
    });
  }

  /** Asks for what is not reported by itself, so that no state is older than a question, nor is the last byte. */
  #check(): void {
    if (performance.now() - this.#lastByteAt > this.#options.staleMs) return this.end("silent");
    for (const pin of this.#options.contacts ?? []) this.#io.reportDigitalPin(pin, 1);
    for (const [pin, relay] of this.#relays)
      this.#unlessHeld(pin, relay, () => this.#unlessHeld(pin, relay, () => this.end("astray")));
  }

  /**
   * Asks whether a relay's pin is held as ordered, and calls `astray` if not. Asked twice before anything is concluded: an
   * answer that was lost on the wire lets each later one be taken for that to the question before.
   */
  #unlessHeld(pin: number, relay: Relay, astray: () => void): void {
    const { isClosed } = relay;
    this.#ask(pin, (state) => {
      if (!this.#ended && relay.isClosed === isClosed && state !== Number(isClosed)) astray();
    });
  }

  #ask(pin: number, answered: (state: number | null) => void): void {
    const asked = this.#asked.get(pin) ?? [];
    asked.push(answered);
    if (!this.#asked.has(pin)) this.#io.on(`pin-state-${pin}`, () => asked.shift()?.(this.#io.pins[pin].state));
    this.#asked.set(pin, asked);
    this.#io.queryPinState(pin, () => undefined);
  }

  #listen(pin: number): void {
    const { MODES, pins } = this.#io;
    // Firmata before 2.5 has no pull-ups of its own to offer: there the one that is wired is all there is.
    this.#io.pinMode(pin, pins[pin].supportedModes.includes(MODES.PULLUP) ? MODES.PULLUP : MODES.INPUT);
    let heard: boolean | undefined;
    let told: boolean | undefined;
    let settling: NodeJS.Timeout | undefined;
    this.#io.digitalRead(pin, (value) => {
      const closed = value === 0;
      if (closed === heard) return;
      heard = closed;
      clearTimeout(settling);
      settling = setTimeout(() => {
        if (this.#ended || told === closed) return;
        told = closed;
        this.#on.contact?.(pin, closed);
      }, SETTLE_MS);
    });
  }

  #watch(channel: number): Sensor {
    let reported = 0;
    this.#io.on("analog-read-" + channel, () => reported++);
    const options = { pin: "A" + channel, freq: this.#options.sampleMs, board: this.#board };
    const sensor = new this.#stack.five.Sensor(options) as Sensor;
    sensor.on("data", (raw) => {
      if (reported > 0 && !this.#ended && typeof raw === "number") this.#on.sample(channel, raw);
      reported = 0;
    });
    return sensor;
  }

  /** Closes (`true`) or opens a relay on a digital pin. False, and nothing written, while the link is not alive. */
  relay(pin: number, closed: boolean): boolean {
    if (!this.ready) return false;
    let relay = this.#relays.get(pin);
    if (relay === undefined) {
      const options = { pin, board: this.#board };
      relay = new this.#stack.five.Relay(options) as Relay;
      this.#relays.set(pin, relay);
    }
    if (closed) relay.close();
    else relay.open();
    return true;
  }

  /** Puts a duty of 0–255 on a pin that can do PWM. False, and nothing written, while the link is not alive. */
  drive(pin: number, duty: number): boolean {
    const board = this.#board;
    if (!this.ready || board === undefined) return false;
    if (!this.#driven.has(pin)) board.pinMode(pin, this.#io.MODES.PWM);
    this.#driven.add(pin);
    board.analogWrite(pin, duty);
    return true;
  }

  /**
   * What the board itself says that it puts out on a pin: 0 or 1 of a relay, 0–255 of a PWM pin. Orders are carried out in
   * turn, so that everything ordered before has been done by then. Null when the link ends before the answer.
   */
  stateOf(pin: number): Promise<number | null> {
    if (!this.ready) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.#ask(pin, (state) => {
        this.#waiting.delete(resolve);
        resolve(state);
      });
    });
  }

  /** What runs on the board, as it says itself: `StandardFirmata.ino 2.4`. */
  get firmware(): string {
    const { name = "?", version } = this.#io.firmware;
    return `${name} ${version?.major ?? "?"}.${version?.minor ?? "?"}`;
  }

  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const resolve of this.#waiting) resolve(null);
    this.#waiting.clear();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const sensor of this.#sensors) sensor.disable();
    clearTimeout(this.#io.reportVersionTimeoutId);
    this.#io.removeAllListeners();
    this.#io.on("error", () => undefined);
    this.#leave();
    this.#on.over(why);
  }

  #leave(): void {
    const close = (): void => {
      clearTimeout(late);
      if (this.#port.isOpen) this.#port.close(() => undefined);
    };
    const late = setTimeout(close, LEAVE_MS);
    if (this.#port.isOpen) this.#port.write(RESET, close);
    else close();
  }
}

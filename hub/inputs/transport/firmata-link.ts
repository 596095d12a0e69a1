/**
 * One connection to a board that runs Firmata, from opening its port to its end: johnny-five on firmata-io on serialport.
 *
 * Traps of that stack, seen by running it: a johnny-five sensor goes on emitting its last value when the link is dead, so
 * a value counts only if the board itself reported since the one before; a write to a dead link is taken without a word,
 * so outputs are refused unless bytes came in lately; a component without `board` binds to the first board ever made, so
 * it is always named; every board ends the process at SIGINT, unless told not to; and nothing of a connection can be used
 * again, so each one is made of new objects.
 */
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
  /** Silence of the whole link after which it is over. */
  staleMs: number;
  /** Time allowed from opening the port to the board's answer. */
  connectTimeoutMs: number;
}

export interface LinkEvents {
  ready(): void;
  /** Median of what the board reported on that channel since the last call. */
  sample(channel: number, raw: number): void;
  /** Called once, with the name of the reason. */
  over(why: string): void;
}

/** The declarations leave out that a sensor's timer can be stopped. */
type Sensor = InstanceType<FirmataStack["five"]["Sensor"]> & { disable(): void };

/** Reports of a channel come every this many milliseconds. */
const REPORT_MS = 20;

export class FirmataLink {
  readonly #port: SerialPort;
  readonly #on: LinkEvents;
  readonly #options: LinkOptions;
  readonly #stack: FirmataStack;
  readonly #io: InstanceType<FirmataStack["Firmata"]>;
  #board: InstanceType<FirmataStack["five"]["Board"]> | undefined;
  #sensors: Sensor[] = [];
  readonly #driven = new Set<number>();
  readonly #relays = new Map<number, InstanceType<FirmataStack["five"]["Relay"]>>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #waiting = new Set<(state: number | null) => void>();
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
    this.#io = new stack.Firmata(port, { reportVersionTimeout: 1000, samplingInterval: REPORT_MS });
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

  #greet(): void {
    if (this.#ended) return;
    // Left to itself, the library ends the whole process at SIGINT, within milliseconds and whatever else runs in it.
    const options = { io: this.#io, repl: false, debug: false, sigint: false };
    const board = new this.#stack.five.Board(options);
    this.#board = board;
    board.on("error", () => this.end("error"));
    board.on("ready", () => {
      if (this.#ended) return;
      this.#sensors = this.#options.channels.map((channel) => this.#watch(channel));
      this.#timers.push(
        setInterval(() => {
          if (performance.now() - this.#lastByteAt > this.#options.staleMs) this.end("silent");
        }, this.#options.staleMs / 4),
      );
      this.#on.ready();
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
      relay = new this.#stack.five.Relay(options);
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
      this.#io.queryPinState(pin, () => {
        this.#waiting.delete(resolve);
        resolve(this.#io.pins[pin].state);
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
    if (this.#port.isOpen) this.#port.close(() => undefined);
    this.#on.over(why);
  }
}

/**
 * A bench input: an Arduino or any other board that runs Firmata, through johnny-five. Its analog pins become readings of
 * a registered board. Such a board cannot number and seal packs, so the hub's process does it in its place, with that
 * board's key: what reaches the pipeline is an ordinary line. Not for the field: Firmata has no checksum, and nothing is
 * kept while the hub is down.
 *
 * While the link is dead there are no packs at all, so that the board falls silent as a real one would. A pin that the
 * board does not report although the link lives is the fault `timeout`.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { isBoardName, seal, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { packBody } from "../../firmware/wire/pack.js";
import type { Property } from "../../firmware/wire/properties.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { tagOf } from "../../firmware/wire/seal.js";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { Accept } from "../model.js";
import { createBackoff } from "./transport/backoff.js";
import { FirmataLink, loadFirmata } from "./transport/firmata-link.js";
import type { InputStats } from "./transport/handover.js";
import { Handover } from "./transport/handover.js";

export interface FirmataPin {
  /** Analog channel: 0 for A0. */
  channel: number;
  /** Name of a property that a node may send, in whose unit the value is. */
  property: string;
  /** value = raw (0–1023) × scale + offset */
  scale: number;
  offset?: number;
}

export interface FirmataOptions {
  path: string;
  baudRate?: number;
  /** The registered board in whose name packs are sealed, and its key. */
  board: string;
  keyId: string;
  key: Uint8Array;
  pins: FirmataPin[];
  clock: Clock;
  /** Time between two packs, told by the clock: two samples at least. */
  periodMs: number;
  /** Eight hexadecimal digits; by default random, so that numbers never repeat from one start of the hub to the next. */
  epoch?: string;
  boot?: number;
  /** Time between two samples of a pin; the sample is the median of what was reported in between. Real time. */
  sampleMs?: number;
  /** A link silent for so long is over. Real time. */
  staleMs?: number;
  connectTimeoutMs?: number;
  backoffBaseMs?: number;
  backoffCapMs?: number;
  random?: () => number;
  stopBoundMs?: number;
}

export type RelayAnswer = { ok: true } | { ok: false; fault: "link-down" };

export interface FirmataInput {
  /** Closes or opens a relay on a digital pin. After the link was lost every relay is as the board's reset leaves it. */
  setRelay(pin: number, closed: boolean): RelayAnswer;
  stats(): InputStats & { ready: boolean; links: number };
  stop(): Promise<void>;
}

/** Packs kept for a journal that cannot commit; the oldest make room for new ones. */
const KEPT_MAX = 1000;

function setup(message: string): SetupError {
  return new SetupError("FIRMATA_SETUP", message, "Correct the bench input in the configuration.");
}

function propertyOf(pin: FirmataPin): Property {
  const property = PROPERTIES.find((candidate) => candidate.name === pin.property && candidate.from === "node");
  if (property === undefined) throw setup(`No property that a board may send: ${pin.property}`);
  if (!Number.isInteger(pin.channel) || pin.channel < 0 || pin.channel > 15 || !Number.isFinite(pin.scale))
    throw setup(`Pin of ${pin.property}: channel 0–15 and a finite scale are needed`);
  return property;
}

/** Starts the input; a board that is not there is tried again for ever. @throws SetupError for a bad set-up */
export async function startFirmata(options: FirmataOptions, accept: Accept, log: Logger): Promise<FirmataInput> {
  const { path, board, clock, pins, sampleMs = 100, staleMs = 2000 } = options;
  const properties = pins.map(propertyOf);
  if (path === "" || !isBoardName(board) || pins.length === 0)
    throw setup("A path, a board's name and a pin are needed");
  if (!(options.periodMs >= 2 * sampleMs)) throw setup(`The period must be at least two samples (${2 * sampleMs} ms)`);
  const stack = await loadFirmata();
  const handover = new Handover(accept, "firmata:" + path);
  const backoff = createBackoff(
    options.backoffBaseMs ?? 500,
    options.backoffCapMs ?? 10_000,
    options.random ?? Math.random,
  );
  const epoch = options.epoch ?? randomBytes(4).toString("hex");
  const startedAt = clock.now();
  const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
  /** Samples since the last pack: each stands in one pack at most, so that none can be a stale one. */
  let latest = new Map<number, number>();
  let kept: string[] = [];
  let link: FirmataLink | undefined;
  let retry: NodeJS.Timeout | undefined;
  let links = 0;
  let seq = 0;
  let flushing = false;
  let stopped = false;

  function attempt(): void {
    link = new FirmataLink(
      stack,
      {
        path,
        baudRate: options.baudRate ?? 57_600,
        channels: [...new Set(pins.map((pin) => pin.channel))],
        sampleMs,
        staleMs,
        connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      },
      {
        ready() {
          links++;
          backoff.reset();
        },
        sample: (channel, raw) => void latest.set(channel, raw),
        over(why) {
          latest = new Map();
          if (stopped) return;
          handover.fault("link:" + why);
          const waitMs = backoff.next();
          log.warn({ path, why, waitMs }, "Firmata board lost");
          retry = setTimeout(attempt, waitMs);
        },
      },
    );
  }

  function reading(pin: FirmataPin, property: Property): Reading {
    const raw = latest.get(pin.channel);
    if (raw === undefined) {
      handover.fault("pin-silent");
      return { property, ok: false, fault: "timeout" };
    }
    return { property, ok: true, value: raw * pin.scale + (pin.offset ?? 0) };
  }

  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    while (kept.length > 0 && !stopped) {
      const line = kept[0];
      const result = await handover.give(line, false, board);
      if (result.outcome === "failed") break;
      if (kept[0] === line) kept.shift();
    }
    flushing = false;
  }

  function pack(): void {
    if (link?.ready === true && latest.size > 0) {
      const id = `${epoch}.${options.boot ?? 1}.${++seq}`;
      const body = packBody(pins.map((pin, i) => reading(pin, properties[i])));
      latest = new Map();
      const now = clock.now();
      const text = unsealed("pack", board, id, now - startedAt, now.toFixed(0) + "/h0", body);
      const line = seal(text, options.keyId, (covered) => tagOf(sha256, options.key, covered));
      if (line.length > UPLINK_MAX) return handover.fault("too-long");
      kept.push(line);
      if (kept.length > KEPT_MAX) {
        handover.fault("left-out");
        kept = kept.slice(-KEPT_MAX);
      }
    }
    void flush();
  }

  attempt();
  const halt = clock.every(options.periodMs, pack);

  return {
    setRelay(pin, closed) {
      if (link?.relay(pin, closed) === true) return { ok: true };
      handover.fault("relay-refused");
      return { ok: false, fault: "link-down" };
    },
    stats: () => ({ ...handover.stats(), ready: link?.ready === true, links }),
    async stop() {
      stopped = true;
      halt();
      clearTimeout(retry);
      await handover.settled(options.stopBoundMs ?? 5000);
      link?.end("stopped");
      await link?.closed;
    },
  };
}

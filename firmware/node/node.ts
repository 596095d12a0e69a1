/**
 * The loop of a post: wake, warm up, sample, take the median, number and seal the pack, keep it in flash, send it,
 * sleep. Whatever happens to the link, the loop goes on; whatever happens to the loop, the watchdog restarts it.
 */
import { seal, UPLINK_MAX, unsealed } from "../wire/line.js";
import type { Line, LineType } from "../wire/line.js";
import { packBody } from "../wire/pack.js";
import type { Reading } from "../wire/pack.js";
import { sameTag, tagOf } from "../wire/seal.js";
import { fillKey, portOptions, readConfig } from "./config.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import { nextIdentity } from "./identity.js";
import type { Renew } from "./keys.js";
import { openOutbox } from "./outbox.js";
import { noteReset, takeReset } from "./reset.js";
import { sampleAll } from "./sampler.js";
import type { Fitted, Sampling } from "./sampler.js";
import { createSender } from "./sender.js";
import type { Uplink } from "./sender.js";
import { createHubTime } from "./time.js";

export interface NodeImage {
  /** Site type, and version of the firmware. */
  image: string;
  version: string;
  periodS: number;
  /** The longest that a round of measuring can take, in seconds. */
  roundS: number;
  /** Chunks of the outbox. */
  slots: number;
  fitted: Fitted[];
  /** Makes what changes the board's key: see keys.ts. */
  renew(): Renew;
  uplink(hal: Hal, config: Config): Uplink | null;
}

/** The longest line leaves room for its CRC and line feed on a serial link. */
const SERIAL_EXTRA = 6;
/** Before the first round the link gets time to come up and to say hello. */
const FIRST_ROUND_MS = 5000;
/** A restart after an error waits, so that an error at every start does not wear out the flash. */
const REBOOT_AFTER_MS = 10000;

/** Starts the post. Returns what is wrong with its set-up, or an empty text when it runs. */
export function startNode(hal: Hal, image: NodeImage): string {
  const config = readConfig(hal.store);
  if (typeof config === "string") return config;
  const uplink = image.uplink(hal, config);
  if (uplink === null) return "aryk.cfg: uplink: incomplete for this image";
  const reset = takeReset(hal.store);
  const identity = nextIdentity(hal);
  const key = new Uint8Array(64);
  fillKey(key, config);
  const hubTime = createHubTime();
  const periodMs = 1000 * (config.periodS === undefined ? image.periodS : config.periodS);
  let seq = 0;
  let measuring = false;

  const mac = (text: string): string => tagOf(hal.sha256, key, text);
  image.renew()(hal, config, key, mac, "");
  const sealed = (type: LineType, number: number, uptimeMs: number, body: string): string => {
    const id = identity.epoch + "." + identity.boot + "." + number;
    return seal(unsealed(type, config.board, id, uptimeMs, hubTime.field(uptimeMs), body), config.keyId, mac);
  };
  const numbered = (type: LineType, uptimeMs: number, body: string): string => {
    seq += 1;
    return sealed(type, seq, uptimeMs, body);
  };

  const outbox = openOutbox(hal, image.slots, (gap) => numbered("gap", hal.uptimeMs(), JSON.stringify(gap)));
  const hello = (): string => {
    const body = { image: image.image, version: image.version, reset: reset, waiting: outbox.waiting() };
    return sealed("hello", 0, hal.uptimeMs(), JSON.stringify(body));
  };
  const sender = createSender({
    hal: hal,
    outbox: outbox,
    uplink: uplink,
    hubTime: hubTime,
    board: config.board,
    hello: hello,
    measuring: () => measuring,
    heeds: (line: Line) =>
      line.keyId === config.keyId &&
      sameTag(line.tag, mac(line.sealed)) &&
      (line.type !== "command" || image.renew()(hal, config, key, mac, line.body)),
  });

  /** One line if it fits, else its halves. */
  const keep = (parts: string[], uptimeMs: number): void => {
    const line = numbered("pack", uptimeMs, "[" + parts.join(",") + "]");
    if (line.length <= UPLINK_MAX - SERIAL_EXTRA || parts.length < 2) {
      outbox.add(line);
      return;
    }
    seq -= 1;
    const half = parts.length >> 1;
    keep(parts.slice(0, half), uptimeMs);
    keep(parts.slice(half), uptimeMs);
  };

  const sampling: Sampling = {
    fitted: image.fitted,
    pacePercent: config.pacePercent === undefined ? 100 : config.pacePercent,
    portOf: (name) => {
      const over = portOptions(config, name);
      const pin = hal.pins === null ? null : hal.pins.pin(name, over);
      return { uart: hal.uart(name, over), i2c: hal.i2c(name, over), pin: pin, after: hal.after };
    },
    power: (name, on) => {
      if (hal.pins !== null) hal.pins.power(name, on);
    },
    after: hal.after,
  };

  const cycle = (): void => {
    const startedMs = hal.uptimeMs();
    measuring = true;
    // The records of each sensor as text: shorter in the heap than the readings.
    const parts: string[] = [];
    const take = (readings: Reading[]): void => {
      const body = packBody(readings);
      parts.push(body.substr(1, body.length - 2));
    };
    sampleAll(sampling, take, () => {
      const nowMs = hal.uptimeMs();
      keep(parts, nowMs);
      measuring = false;
      hal.kick();
      hal.after(0, sender.wake);
      hal.after(periodMs - ((nowMs - startedMs) % periodMs), cycle);
    });
  };

  hal.onError((text) => {
    hal.print("error: " + text);
    noteReset(hal.store, "error");
    hal.after(REBOOT_AFTER_MS, hal.reboot);
  });
  // Three periods without a round that ended are a board that hangs.
  hal.watchdog(Math.ceil((3 * periodMs) / 1000) + image.roundS);
  hal.after(0, sender.start);
  hal.after(FIRST_ROUND_MS, cycle);
  return "";
}

/**
 * The loop of a post: wake, warm up, sample, take the median, number and seal the pack, keep it in flash, send it,
 * sleep. Whatever happens to the link, the loop goes on; whatever happens to the loop, the watchdog restarts it.
 */
import { seal, unsealed } from "../wire/line.js";
import type { LineType } from "../wire/line.js";
import type { Gap, Hello, Reading } from "../wire/pack.js";
import { tagOf } from "../wire/seal.js";
import type { Cadence, Pace } from "./cadence.js";
import type { Obey, Post } from "./commands.js";
import { CHUNK_BYTES } from "./chunk.js";
import { fillKey, portOptions, readConfig } from "./config.js";
import type { Config } from "./config.js";
import type { Form } from "./form.js";
import type { Hal } from "./hal.js";
import { nextIdentity } from "./identity.js";
import type { Identity } from "./identity.js";
import { openOutbox } from "./outbox.js";
import type { Outbox } from "./outbox.js";
import { noteReset, takeReset } from "./reset.js";
import type { Signal } from "./selftest.js";
import { sampleAll } from "./sampler.js";
import type { Fitted, Sampling } from "./sampler.js";
import type { Sender } from "./sender.js";
import type { AskServer, Datagram } from "./sntp.js";
import { createSupervisor } from "./supervisor.js";
import { createHubTime } from "./time.js";
import type { HubTime } from "./time.js";
import type { OnTrial, Watch } from "./trial.js";

/** What a link is given of the node. */
export interface LinkParts {
  hal: Hal;
  config: Config;
  outbox: Outbox;
  identity: Identity;
  hubTime: HubTime;
  mac(text: string): string;
  /** A fresh hello, and a fresh word to the hub: neither is kept in flash. */
  hello(): string;
  word(body: string): string;
  measuring(): boolean;
  /** Carries out the body of a genuine command; true when the hub must hear a hello. */
  obey(body: string): boolean;
  /** The hub has answered. */
  heard(): void;
  /** Longest time between two packs, in ms. */
  periodMs(): number;
  /** The link, watched over where the image is on trial. */
  watch: Watch;
  /** What a hello would say now, if it had room for all of it. */
  says(): Hello;
}

/** How a post reaches its hub: by lines (link-line.ts), or by a narrow radio (link-lora.ts). */
export interface Link {
  sender: Sender;
  signal(): Signal;
  /** Leaves the radio network; undefined for a link without one. */
  rejoin?: () => void;
}

export interface NodeImage {
  /** Site type, and version of the firmware. */
  image: string;
  version: string;
  /** The site type's own numbers (hardware/sites.ts, `sampling`). */
  numbers: Pace;
  /** The longest that a round of measuring can take, in seconds. */
  roundS: number;
  /** Chunks of the outbox. */
  slots: number;
  fitted: Fitted[];
  /** Null where nothing but time decides. */
  cadence: ((pace: Pace) => Cadence) | null;
  /** Makes what carries out commands: see commands.ts. */
  obey(): Obey;
  /** Makes what watches over an image on trial: see trial.ts. */
  trial(): OnTrial;
  form(identity: Identity, sealed: (type: LineType, seq: number, uptimeMs: number, body: string) => string): Form;
  /** Asks a time server (sntp.ts); null where there are no datagrams. */
  clock: { ask(): AskServer; send: Datagram } | null;
  /** Opens the link, if the set-up says all that it needs; its second step starts it. */
  link(hal: Hal, config: Config): ((parts: LinkParts) => Link) | null;
}

/** Before the first round the link gets time to come up and to say hello. */
const FIRST_ROUND_MS = 5000;
/** A restart after an error waits, so that an error at every start does not wear out the flash. */
const REBOOT_AFTER_MS = 10000;
/** It waits longer where the start before ended so, too, and this one has come no further than that. */
const REBOOT_AGAIN_MS = 240000;
const EARLY_MS = 60000;
/** A contact may start a round, but not more often than this. */
const EDGE_REST_MS = 10000;

/** Starts the post. Returns what is wrong with its set-up, or an empty text when it runs. */
export function startNode(hal: Hal, image: NodeImage): string {
  const config = readConfig(hal.store);
  if (typeof config === "string") return config;
  const open = image.link(hal, config);
  if (open === null) return "aryk.cfg: uplink: incomplete for this image";
  const reset = takeReset(hal.store);
  const identity = nextIdentity(hal);
  const key = new Uint8Array(64);
  fillKey(key, config);
  const hubTime = createHubTime();
  let seq = 0;
  let measuring = false;
  let again = false;
  let turns = -1;
  let startedMs = -EDGE_REST_MS;
  let stopNext: () => void = () => undefined;
  let stopEdge: () => void = () => undefined;
  let cycle: () => void = () => undefined;

  const mac = (text: string): string => tagOf(hal.sha256, key, text);
  const sealed = (type: LineType, number: number, uptimeMs: number, body: string): string => {
    const id = identity.epoch + "." + identity.boot + "." + number;
    return seal(unsealed(type, config.board, id, uptimeMs, hubTime.field(uptimeMs), body), config.keyId, mac);
  };
  const form = image.form(identity, sealed);
  const numbered = (): number => {
    seq += 1;
    return seq;
  };
  const gapLine = (gap: Gap): string => form.gap(numbered(), hal.uptimeMs(), gap);
  // Flash may have room for fewer chunks than the board's own.
  const chunks = Math.min(image.slots, Math.floor(hal.store.total() / CHUNK_BYTES));
  const outbox = openOutbox(hal, chunks, gapLine, form);

  const measureNow = (): void => {
    if (measuring) {
      again = true;
      return;
    }
    stopNext();
    stopNext = hal.after(0, cycle);
  };
  const post: Post = {
    hal: hal,
    config: config,
    key: key,
    mac: mac,
    // A period that stands in the set-up hides all of them: what the hub sets is then refused, and the hub sees that.
    own: config.periodS === undefined ? image.numbers : {},
    numbers: {},
    settings: { rev: 0, refused: "" },
    test: null,
    measureNow: measureNow,
    reply: (body) => {
      outbox.add(form.reply(numbered(), hal.uptimeMs(), body));
    },
    say: () => undefined,
    waiting: () => outbox.waiting(),
    signal: () => ({ signalDbm: null }),
  };
  image.obey()(post, "");
  const pace = post.numbers;
  const cadence = image.cadence === null || config.periodS !== undefined ? null : image.cadence(pace);
  const periodS = (): number => {
    if (config.periodS !== undefined) return config.periodS;
    return cadence === null ? pace.drySeconds : cadence.periodS(hal.uptimeMs());
  };
  const longestS = (): number => (config.periodS === undefined ? pace.drySeconds : config.periodS);

  const trial = image.trial()(hal, outbox, form, identity.epoch + "." + identity.boot, 1000 * longestS());
  const says = (): Hello => {
    const said: Hello = { image: image.image, version: image.version, reset: reset, waiting: outbox.waiting() };
    said.set = post.settings.rev;
    said.period = Math.ceil(longestS());
    said.wear = outbox.rounds();
    const dbm = post.signal().signalDbm;
    if (dbm !== null) said.signalDbm = dbm;
    if (post.settings.refused !== "") said.refused = post.settings.refused;
    return Object.assign({}, said, trial.says);
  };
  const link = open({
    hal: hal,
    config: config,
    outbox: trial.outbox,
    identity: identity,
    hubTime: hubTime,
    mac: mac,
    hello: () => form.hello(hal.uptimeMs(), says()),
    word: (body) => sealed("reply", 0, hal.uptimeMs(), body),
    measuring: () => measuring,
    obey: (body) => image.obey()(post, body),
    heard: () => supervisor.heard(),
    periodMs: () => 1000 * longestS(),
    watch: trial.watch,
    says: says,
  });
  post.signal = link.signal;
  if (link.sender.say !== undefined) post.say = link.sender.say;
  const sender = link.sender;
  const supervisor = createSupervisor({
    hal: hal,
    roundS: image.roundS,
    periodS: longestS,
    reset: reset,
    waiting: () => outbox.waiting(),
    rejoin: link.rejoin,
  });

  /** One record if it fits, else its halves. False when flash did not take all of it. */
  const keep = (parts: string[], uptimeMs: number): boolean => {
    const record = form.pack(numbered(), uptimeMs, parts);
    if (record.length <= form.longest || parts.length < 2) return outbox.add(record);
    seq -= 1;
    const half = parts.length >> 1;
    const first = keep(parts.slice(0, half), uptimeMs);
    return keep(parts.slice(half), uptimeMs) && first;
  };

  const sampling: Sampling = {
    fitted: image.fitted,
    pacePercent: config.pacePercent === undefined ? 100 : config.pacePercent,
    portOf: (name) => {
      const over = portOptions(config, name);
      const pin = hal.pins === null ? null : hal.pins.pin(name, over);
      return { uart: hal.uart(name, over), i2c: hal.i2c(name, over), pin: pin, after: hal.after, turn: turns };
    },
    power: (name, on) => {
      if (hal.pins !== null) hal.pins.power(name, on);
    },
    after: hal.after,
  };

  const finish = (parts: string[]): void => {
    const nowMs = hal.uptimeMs();
    supervisor.ended(keep(parts, nowMs));
    measuring = false;
    if (post.test !== null) {
      post.reply(post.test.report());
      post.test = null;
    }
    hal.after(0, sender.wake);
    const server = config.uplink.ntp;
    if (image.clock !== null && server !== undefined && hubTime.asksServer(nowMs))
      image.clock.ask()(hal, image.clock.send, server, hubTime.take);
    const periodMs = 1000 * periodS();
    stopNext = hal.after(again ? 0 : periodMs - ((nowMs - startedMs) % periodMs), cycle);
    again = false;
  };

  cycle = () => {
    turns += 1;
    startedMs = hal.uptimeMs();
    measuring = true;
    supervisor.began();
    // The records of each sensor as text: shorter in the heap than the readings.
    const parts: string[] = [];
    const take = (readings: Reading[]): void => {
      form.parts(readings).forEach((part) => parts.push(part));
      if (cadence !== null) cadence.see(readings, startedMs);
      if (post.test !== null) post.test.note(readings);
    };
    // A board with one UART lends it to the sensors meanwhile.
    sender.hold(() => sampleAll(sampling, take, () => finish(parts)));
  };

  let failed = false;
  hal.onError((text) => {
    hal.print("error: " + text);
    if (failed) return;
    failed = true;
    noteReset(hal.store, "error");
    const again = reset === "error" && hal.uptimeMs() < EARLY_MS;
    hal.after(again ? REBOOT_AGAIN_MS : REBOOT_AFTER_MS, hal.reboot);
    if (!again) return;
    // Meanwhile the link goes on, though the round may never end: what mends the post comes by it.
    supervisor.ended(false);
    measuring = false;
    hal.after(0, sender.wake);
  });
  image.fitted.forEach((one) => {
    if (one.edges === undefined || hal.pins === null) return;
    // One that comes too soon is not forgotten: it waits until the contact's rest is over.
    hal.pins.onEdge(one.port, () => {
      stopEdge();
      stopEdge = hal.after(Math.max(0, EDGE_REST_MS - (hal.uptimeMs() - startedMs)), measureNow);
    });
  });
  hal.after(0, sender.start);
  stopNext = hal.after(FIRST_ROUND_MS, cycle);
  return "";
}

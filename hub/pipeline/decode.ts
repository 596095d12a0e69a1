/**
 * Bodies of uplink lines as data. What does not fit is refused with a reason, whole: half a pack is never kept as one.
 */
import { FAULTS } from "../../firmware/wire/pack.js";
import type { Fault, Gap, Hello, Reading, Reply } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import type { Property } from "../../firmware/wire/properties.js";
import { readPlainPack } from "./plain-pack.js";

/** Why an authentic line became a dead letter. Each is counted under this name. */
export type DeadReason =
  | "bad-json"
  | "bad-senml"
  | "bad-value"
  | "unknown-property"
  | "hub-property"
  | "wrong-unit"
  | "too-many-records"
  | "bad-hello"
  | "bad-gap"
  | "bad-number"
  | "bad-reply"
  | "collision";

export type Decoded<T> = { ok: true; value: T } | { ok: false; reason: DeadReason; detail: string };

/** Most records of one pack, and ranges of one gap: more do not fit a line of sensible readings. */
export const MAX_RECORDS = 32;
const MAX_NUMBER = 0xffffffff;

const BY_NAME: ReadonlyMap<string, Property> = new Map(PROPERTIES.map((p) => [p.name, p]));
const FAULT_NAMES: ReadonlySet<string> = new Set(FAULTS);
/**
 * SenML labels that change what a record means (RFC 8428 §4, §5): base fields, times, sums, other kinds of value. Posts
 * send none of them, and to ignore one would be to misread the record. Labels ending in "_" must be understood, too.
 */
const MEANINGFUL: ReadonlySet<string> = new Set(
  ["bn", "bt", "bu", "bv", "bs", "bver", "t", "ut", "s", "vb", "vd"].concat(["ct", "blv"]),
);

function refuse(reason: DeadReason, detail: string): { ok: false; reason: DeadReason; detail: string } {
  return { ok: false, reason, detail: detail.slice(0, 200) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function json(body: string): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(body) };
  } catch (error) {
    return refuse("bad-json", (error as Error).message);
  }
}

function record(value: unknown, index: number): Decoded<Reading> {
  const at = `record ${index}`;
  if (!isObject(value)) return refuse("bad-senml", `${at} is no object`);
  for (const label in value)
    if (MEANINGFUL.has(label) || label.endsWith("_")) return refuse("bad-senml", `${at} has the label ${label}`);
  const { n, u, v, vs } = value;
  if (typeof n !== "string") return refuse("bad-senml", `${at} has no name`);
  const property = BY_NAME.get(n);
  if (property === undefined) return refuse("unknown-property", n);
  if (property.from === "hub") return refuse("hub-property", n);
  if (vs !== undefined) {
    if (v !== undefined) return refuse("bad-senml", `${n} has a value and a text`);
    if (typeof vs !== "string" || vs[0] !== "!" || !FAULT_NAMES.has(vs.slice(1)))
      return refuse("bad-value", `${n}: ${JSON.stringify(vs)} is no fault`);
    return { ok: true, value: { property, ok: false, fault: vs.slice(1) as Fault } };
  }
  if (u !== property.unit) return refuse("wrong-unit", `${n} in ${JSON.stringify(u) ?? "no unit"}`);
  if (typeof v !== "number" || !Number.isFinite(v)) return refuse("bad-value", `${n} has no finite number`);
  return { ok: true, value: { property, ok: true, value: v } };
}

/** The readings of a pack's body (SenML JSON, RFC 8428, the subset of firmware/wire/pack.ts). */
export function decodePack(body: string): Decoded<Reading[]> {
  const plain = readPlainPack(body, MAX_RECORDS);
  if (plain !== undefined) return { ok: true, value: plain };
  const parsed = json(body);
  if (!parsed.ok) return parsed;
  const records = parsed.value;
  if (!Array.isArray(records) || records.length === 0) return refuse("bad-senml", "the body is no list of records");
  if (records.length > MAX_RECORDS) return refuse("too-many-records", `${records.length} records`);
  const readings: Reading[] = [];
  for (let i = 0; i < records.length; i++) {
    const one = record(records[i], i);
    if (!one.ok) return one;
    const name = one.value.property;
    if (readings.some((other) => other.property === name)) return refuse("bad-senml", `${name.name} stands twice`);
    readings.push(one.value);
  }
  return { ok: true, value: readings };
}

function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 64;
}

const HELLO_NUMBERS = ["set", "period", "slot", "wear"] as const;
const HELLO_TEXTS = ["refused", "runs", "back", "has", "fence"] as const;
const LONGEST_TEXT = 200;
/** What a receiver can say of its strength, in dBm. */
const SIGNAL_DBM = { least: -200, most: 30 };

/** What a board says when it has started. */
export function decodeHello(body: string): Decoded<Hello> {
  const parsed = json(body);
  if (!parsed.ok) return parsed;
  const hello = parsed.value;
  if (!isObject(hello)) return refuse("bad-hello", "the body is no object");
  const { image, version, reset, waiting } = hello;
  if (!isShortText(image) || !isShortText(version) || !isShortText(reset))
    return refuse("bad-hello", "image, version and reset must be short texts");
  if (!isNumber(waiting, 0)) return refuse("bad-hello", "waiting must be a whole number");
  const value: Hello = { image, version, reset, waiting };
  // Older firmware does not say these; one that says something else by their name is no firmware of ours.
  for (const name of HELLO_NUMBERS)
    if (hello[name] !== undefined) {
      const number = hello[name];
      if (!isNumber(number, name === "period" ? 1 : 0)) return refuse("bad-hello", `${name} must be a whole number`);
      value[name] = number;
    }
  if (hello.signalDbm !== undefined) {
    const dBm = hello.signalDbm;
    if (!isNumber(dBm, SIGNAL_DBM.least) || dBm > SIGNAL_DBM.most) return refuse("bad-hello", "signalDbm is none");
    value.signalDbm = dBm;
  }
  for (const name of HELLO_TEXTS)
    if (hello[name] !== undefined) {
      const text = hello[name];
      if (typeof text !== "string" || text.length > LONGEST_TEXT) return refuse("bad-hello", `${name} must be a text`);
      if (text !== "") value[name] = text;
    }
  return { ok: true, value };
}

/** What a board answers to an order; its report is kept as it stands. */
export function decodeReply(body: string): Decoded<Reply> {
  const parsed = json(body);
  if (!parsed.ok) return parsed;
  const reply = parsed.value;
  if (!isObject(reply)) return refuse("bad-reply", "the body is no object");
  const { verb, to } = reply;
  if (!isShortText(verb) || !isShortText(to)) return refuse("bad-reply", "verb and to must be short texts");
  return { ok: true, value: { ...reply, verb, to } };
}

function isNumber(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= MAX_NUMBER;
}

/** `<epoch>.<boot>` as parts; undefined if it is malformed. */
function streamName(text: unknown): { epoch: string; boot: number } | undefined {
  if (typeof text !== "string" || !/^[0-9a-f]{8}\.(0|[1-9][0-9]{0,9})$/.test(text)) return undefined;
  const boot = Number(text.slice(9));
  return boot <= MAX_NUMBER ? { epoch: text.slice(0, 8), boot } : undefined;
}

/** What a board's ring had to drop. */
export function decodeGap(body: string): Decoded<Gap> {
  const parsed = json(body);
  if (!parsed.ok) return parsed;
  const list = isObject(parsed.value) ? parsed.value.dropped : undefined;
  if (!Array.isArray(list) || list.length === 0) return refuse("bad-gap", "dropped is no list of ranges");
  if (list.length > MAX_RECORDS) return refuse("too-many-records", `${list.length} ranges`);
  const dropped: Gap["dropped"] = [];
  for (const range of list as unknown[]) {
    if (!Array.isArray(range) || range.length !== 3) return refuse("bad-gap", "a range has three parts");
    const [stream, first, last] = range as unknown[];
    if (streamName(stream) === undefined || !isNumber(first, 1) || !isNumber(last, first))
      return refuse("bad-gap", `no range: ${JSON.stringify(range)}`);
    dropped.push([stream as string, first, last]);
  }
  return { ok: true, value: { dropped } };
}

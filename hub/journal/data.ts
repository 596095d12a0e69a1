/**
 * How the entries of one group commit stand in their row, in less than half the bytes that JSON objects would take:
 *
 *   2["distance","mqtt",…]      names: properties and inputs, and the 2 that tells this form from plain JSON
 *   [[1,"site-1",…],{…},…]      one record for each entry
 *   aryk1 pack b1 …             the sealed line of each record that is a list
 *
 * A list is a pack: [input, site, received, node time, time, where the time is from, why it is in doubt, …readings]. A
 * reading is property, value and calibration · 10 + flag, and after it the words of what did not pass. Board and number
 * stand in the line. Whatever does not fit is kept as an object, whole.
 */
import { VERSION } from "../../firmware/wire/line.js";
import type { Entry, Flag, Observation, PackEntry, TimeFrom, TimeWhy } from "../model.js";

type Record = [
  input: number,
  site: string | null,
  received: number,
  nodeTime: number | null,
  time: number,
  timeFrom: number,
  timeWhy: string | null,
  ...readings: (number | string | null)[],
];

/** A field that an entry is given later must be written here too, or it would be lost: then this does not compile. */
type Written =
  | ("kind" | "board" | "epoch" | "boot" | "seq" | "line" | "source" | "received" | "nodeTime")
  | ("time" | "timeFrom" | "timeWhy" | "site" | "observations");
type WrittenReading = "property" | "value" | "flag" | "why" | "calibration";
type Nothing<T extends never> = T;
export type Forgotten = Nothing<Exclude<keyof PackEntry, Written> | Exclude<keyof Observation, WrittenReading>>;

const HEAD = VERSION + " pack ";
const TIMES: TimeFrom[] = ["node", "anchor", "received"];
const FIRST_READING = 7;

/** Does the line say whose it is, and which number it has? */
function saysItself({ line, board, epoch, boot, seq }: PackEntry): boolean {
  if (board.includes(" ") || epoch.includes(".")) return false;
  return line.startsWith(HEAD) && line.startsWith(`${board} ${epoch}.${boot}.${seq} `, HEAD.length);
}

/** Gathers the entries of one group as text. */
export class GroupText {
  #names: string[] = [];
  #records: string[] = [];
  #lines: string[] = [];
  /** About how many bytes it is. */
  bytes = 0;

  add(entry: Entry): void {
    const plain = entry.kind === "pack" && saysItself(entry) && !entry.line.includes("\n");
    const record = plain ? this.#record(entry) : JSON.stringify(entry);
    this.#records.push(record);
    this.bytes += record.length;
    if (!plain) return;
    this.#lines.push(entry.line);
    this.bytes += entry.line.length;
  }

  text(): string {
    return `2${JSON.stringify(this.#names)}\n[${this.#records.join(",")}]\n${this.#lines.join("\n")}`;
  }

  #name(name: string): number {
    const known = this.#names.indexOf(name);
    if (known >= 0) return known;
    this.bytes += name.length;
    return this.#names.push(name) - 1;
  }

  #record(entry: PackEntry): string {
    const { source, site, received, nodeTime, time, timeFrom, timeWhy, observations } = entry;
    let out = `[${this.#name(source)},${site === null ? "null" : JSON.stringify(site)},${number(received)}`;
    out += `,${number(nodeTime)},${number(time)},${TIMES.indexOf(timeFrom)}`;
    out += timeWhy === undefined ? ",null" : `,"${timeWhy}"`;
    for (const observation of observations) {
      const { property, value, flag, calibration, why } = observation;
      out += `,${this.#name(property)},${number(value)},${calibration * 10 + flag}`;
      if (why !== undefined) for (const word of why) out += "," + JSON.stringify(word);
    }
    return out + "]";
  }
}

/** As JSON writes it. */
function number(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "null" : `${value}`;
}

function observationsOf(record: Record, names: string[]): Observation[] {
  const observations: Observation[] = [];
  for (let i = FIRST_READING; i < record.length;) {
    const code = record[i + 2] as number;
    const observation: Observation = {
      property: names[record[i] as number],
      value: record[i + 1] as number | null,
      flag: (code % 10) as Flag,
      calibration: Math.floor(code / 10),
    };
    for (i += 3; typeof record[i] === "string"; i++) (observation.why ??= []).push(record[i] as string);
    observations.push(observation);
  }
  return observations;
}

function packOf(record: Record, line: string, names: string[]): PackEntry {
  const [input, site, received, nodeTime, time, timeFrom, timeWhy] = record;
  const boardEnd = line.indexOf(" ", HEAD.length);
  const [epoch, boot, seq] = line.slice(boardEnd + 1, line.indexOf(" ", boardEnd + 1)).split(".");
  const entry: PackEntry = {
    kind: "pack",
    board: line.slice(HEAD.length, boardEnd) as PackEntry["board"],
    epoch,
    boot: Number(boot),
    seq: Number(seq),
    line,
    source: names[input],
    received,
    nodeTime,
    time,
    timeFrom: TIMES[timeFrom],
    site: site as PackEntry["site"],
    observations: observationsOf(record, names),
  };
  if (timeWhy !== null) entry.timeWhy = timeWhy as TimeWhy;
  return entry;
}

/** The entries of a row, written in this form or (by older hubs) as plain JSON. Throws if it is neither. */
export function readGroup(data: string): Entry[] {
  if (!data.startsWith("2")) return JSON.parse(data) as Entry[];
  const [head, body, ...lines] = data.split("\n");
  const names = JSON.parse(head.slice(1)) as string[];
  const records = JSON.parse(body) as (Record | Entry)[];
  let line = 0;
  return records.map((record) => (Array.isArray(record) ? packOf(record, lines[line++], names) : record));
}

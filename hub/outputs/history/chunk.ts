/**
 * An hour of one series in a few hundred bytes: what is kept of a reading once its hour is over. Lossless.
 *
 *   version(1) count states runs times seqs scale values
 *
 * Whole numbers are varints (7 bits a byte, lowest first); signed ones are folded (0, −1, 1, −2 → 0, 1, 2, 3).
 * - states: JSON of the distinct [flag, calibration, has value, …why], then how many samples in a row have which
 * - times:  ms after the hour's start, as change of the difference (a steady cadence costs one byte a sample)
 * - seqs:   runs of equal differences (an undisturbed board costs two bytes an hour)
 * - values: with the fewest decimals (0–9) that give every value back exactly, as differences of whole numbers; if no
 *   such number exists, scale is 255 and they are doubles
 */
import type { Flag } from "../../model.js";

export const HOUR_MS = 3_600_000;

/** One reading of one series. */
export interface Sample {
  time: number;
  seq: number;
  value: number | null;
  flag: Flag;
  calibration: number;
  why?: string[];
}

const VERSION = 1;
const RAW = 255;
const MOST_DECIMALS = 9;
const LARGEST = 2 ** 50;

class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = value;
  }

  varint(value: number): void {
    while (value >= 128) {
      this.byte((value % 128) + 128);
      value = Math.floor(value / 128);
    }
    this.byte(value);
  }

  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.byte(byte);
  }

  done(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError("the chunk ends too early");
    return this.#bytes[this.#at++];
  }

  varint(): number {
    let value = 0;
    let weight = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte % 128) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
    throw new RangeError("a number of the chunk does not end");
  }

  signed(): number {
    const folded = this.varint();
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }

  bytes(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new RangeError("the chunk ends too early");
    return this.#bytes.subarray(this.#at, (this.#at += count));
  }
}

/** Fewest decimals that give all values back exactly, or {@link RAW}. */
function scaleFor(samples: Sample[]): number {
  let decimals = 0;
  for (const { value } of samples) {
    if (value === null) continue;
    for (;;) {
      const power = 10 ** decimals;
      const units = Math.round(value * power);
      if (Math.abs(units) <= LARGEST && units / power === value) break;
      if (++decimals > MOST_DECIMALS) return RAW;
    }
  }
  return decimals;
}

function writeRuns(out: ByteWriter, values: number[], write: (value: number) => void): void {
  for (let i = 0; i < values.length;) {
    let end = i + 1;
    while (end < values.length && values[end] === values[i]) end++;
    write(values[i]);
    out.varint(end - i);
    i = end;
  }
}

function readRuns(input: ByteReader, count: number, read: () => number): number[] {
  const values: number[] = [];
  while (values.length < count) {
    const value = read();
    const length = input.varint();
    if (length === 0 || values.length + length > count) throw new RangeError("a run of the chunk is too long");
    for (let i = 0; i < length; i++) values.push(value);
  }
  return values;
}

/** Packs the samples of one hour, in order of time and seq. `hour` counts hours since 1970. */
export function encodeChunk(hour: number, samples: Sample[]): Buffer {
  const out = new ByteWriter();
  out.byte(VERSION);
  out.varint(samples.length);
  const states = new Map<string, number>();
  const stateOf = samples.map((s) => {
    const text = JSON.stringify([s.flag, s.calibration, s.value === null ? 0 : 1, ...(s.why ?? [])]);
    if (!states.has(text)) states.set(text, states.size);
    return states.get(text) as number;
  });
  const json = Buffer.from(`[${[...states.keys()].join(",")}]`, "utf8");
  out.varint(json.length);
  out.bytes(json);
  writeRuns(out, stateOf, (state) => out.varint(state));
  let time = hour * HOUR_MS;
  let step = 0;
  for (const sample of samples) {
    out.signed(sample.time - time - step);
    step = sample.time - time;
    time = sample.time;
  }
  const seqSteps = samples.map((s, i) => s.seq - (i === 0 ? 0 : samples[i - 1].seq));
  writeRuns(out, seqSteps, (difference) => out.signed(difference));
  const scale = scaleFor(samples);
  out.byte(scale);
  let units = 0;
  for (const { value } of samples) {
    if (value === null) continue;
    if (scale === RAW) {
      const double = Buffer.alloc(8);
      double.writeDoubleLE(value);
      out.bytes(double);
    } else {
      const next = Math.round(value * 10 ** scale);
      out.signed(next - units);
      units = next;
    }
  }
  return out.done();
}

/** Unpacks a chunk. Throws `RangeError` or `SyntaxError` if its bytes are damaged. */
export function decodeChunk(hour: number, data: Uint8Array): Sample[] {
  const input = new ByteReader(data);
  const version = input.byte();
  if (version !== VERSION) throw new RangeError(`chunk version ${version} is not known`);
  const count = input.varint();
  if (count > HOUR_MS) throw new RangeError("the chunk has too many samples");
  const json = Buffer.from(input.bytes(input.varint())).toString("utf8");
  const states = JSON.parse(json) as [Flag, number, 0 | 1, ...string[]][];
  if (!Array.isArray(states) || !states.every(Array.isArray)) throw new RangeError("the chunk's states are none");
  const stateOf = readRuns(input, count, () => input.varint());
  if (stateOf.some((state) => state >= states.length)) throw new RangeError("a state of the chunk is not known");
  const times: number[] = [];
  let time = hour * HOUR_MS;
  let step = 0;
  for (let i = 0; i < count; i++) {
    step += input.signed();
    times.push((time += step));
  }
  const seqSteps = readRuns(input, count, () => input.signed());
  const scale = input.byte();
  const power = 10 ** scale;
  let seq = 0;
  let units = 0;
  return stateOf.map((state, i): Sample => {
    const [flag, calibration, present, ...why] = states[state];
    seq += seqSteps[i];
    let value: number | null = null;
    if (present === 1 && scale === RAW) value = Buffer.from(input.bytes(8)).readDoubleLE();
    else if (present === 1) value = (units += input.signed()) / power;
    const sample: Sample = { time: times[i], seq, value, flag, calibration };
    if (why.length > 0) sample.why = why;
    return sample;
  });
}

/** Both lists as one, in order; of two samples with the same time and seq the first list's stays. */
export function mergeSamples(kept: Sample[], added: Sample[]): Sample[] {
  const seen = new Set(kept.map((s) => `${s.time}.${s.seq}`));
  const all = [...kept];
  for (const sample of added) {
    const id = `${sample.time}.${sample.seq}`;
    if (!seen.has(id)) all.push(sample);
    seen.add(id);
  }
  return all.sort((a, b) => a.time - b.time || a.seq - b.seq);
}

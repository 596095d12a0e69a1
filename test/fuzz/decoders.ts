/**
 * Readers of bytes from elsewhere that are functions: a database's answers, chunks of the history, rows of the journal,
 * lines of a serial port and of a recording, and on the board the broker's packets and the hub's lines. Inputs come from
 * a corpus that grows by what reaches new code.
 */
import { createPacketReader } from "../../firmware/node/mqtt-packet.js";
import { DOWNLINK_MAX, parseLine, seal, toSerial, UPLINK_MAX, unsealed } from "../../firmware/wire/line.js";
import { LineSplitter } from "../../hub/inputs/transport/line-splitter.js";
import { formatRow, parseRow } from "../../hub/inputs/transport/recording.js";
import { decodeChunk, encodeChunk, type Sample } from "../../hub/outputs/history/chunk.js";
import { judge, retryAfterSeconds } from "../../hub/outputs/influxdb/answer.js";
import { dataCrc, isWhole } from "../../hub/journal/schema.js";
import { startCoverage } from "./coverage.js";
import { mutatedBytes } from "./mutate.js";
import type { Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

/** What a reader made of an input: "" for a value, else the fault's name. */
type Reader = (input: Buffer, random: Random, broken: (what: string) => void) => string;

interface Decoder {
  name: string;
  seeds: Buffer[];
  /** Files whose code guides it. */
  files: string[];
  read: Reader;
}

const INPUTS_A_STEP = 300;
/** Inputs of a step that are run once more alone, to see which of them reached something new. */
const MOST_LOOKS = 12;
const MOST_CORPUS = 400;
const HOUR = 492_000;
const POINTS = ["eco,site=a pm25=1 1", "eco,site=b pm25=2 2", "eco,site=c pm25=x 3"];
const tag = (): string => "0123456789abcdef".repeat(2);
const pieces = (random: Random, bytes: Buffer): Buffer[] => {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const to = at + 1 + random.below(random.chance(0.5) ? 4 : 512);
    out.push(bytes.subarray(at, to));
    at = to;
  }
  return out;
};

/** The database's answer: the first line of the input is `status|content type|retry-after`, the rest its body. */
function answered(input: Buffer, _random: Random, broken: (what: string) => void): string {
  const text = input.toString("utf8");
  const [head = "", ...rest] = text.split("\n");
  const [status, contentType = "", retryAfter] = head.split("|");
  const answer = { status: Number(status) || 400, contentType, retryAfter, body: rest.join("\n") };
  const wait = retryAfterSeconds(retryAfter, 0);
  if (wait !== undefined && !(wait >= 0 && Number.isFinite(wait))) broken(`Retry-After is read as ${wait} s`);
  const verdict = judge(answer, POINTS, 0);
  if (verdict.kind === "lines")
    for (const index of verdict.bad.keys())
      if (!(Number.isInteger(index) && index >= 0 && index < POINTS.length))
        broken(`line ${index} of ${POINTS.length} is bad`);
  return verdict.kind === "accepted" ? "" : verdict.kind;
}

function chunk(input: Buffer, _random: Random, broken: (what: string) => void): string {
  let samples: Sample[];
  try {
    samples = decodeChunk(HOUR, input);
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return error.name;
    throw error;
  }
  for (const { time, seq } of samples)
    if (!Number.isFinite(time) || !Number.isFinite(seq)) broken("a sample has no time or number");
  return "";
}

/** A row of the journal: its bytes with the check sum of others must not pass for whole. */
function row(input: Buffer, _random: Random, broken: (what: string) => void): string {
  const data = input.toString("latin1");
  const whole = isWhole(data, dataCrc(ROW));
  if (whole && data !== ROW) broken("a damaged row passes for whole");
  return whole ? "" : "damaged";
}

function serial(input: Buffer, random: Random, broken: (what: string) => void): string {
  const outcomes = new Set<string>();
  const splitter = new LineSplitter(
    UPLINK_MAX + 16,
    (line) => {
      if (line.length > UPLINK_MAX + 16 || line.includes("\n")) broken("a line is none");
      const parsed = parseLine(line, true, UPLINK_MAX);
      outcomes.add(parsed.ok ? "" : parsed.fault);
    },
    () => outcomes.add("overflow"),
  );
  for (const piece of pieces(random, input)) splitter.push(piece);
  return [...outcomes].find((one) => one !== "") ?? "";
}

function recording(input: Buffer): string {
  const parsed = parseRow(input.toString("latin1"));
  if (!parsed.ok) return parsed.fault;
  const line = parseLine(parsed.line, false, UPLINK_MAX);
  return line.ok ? "" : line.fault;
}

function downlink(input: Buffer): string {
  const parsed = parseLine(input.toString("latin1"), false, DOWNLINK_MAX);
  return parsed.ok ? "" : parsed.fault;
}

const DEVICE_MAX = 512;
function deviceMqtt(input: Buffer, random: Random, broken: (what: string) => void): string {
  let packets = 0;
  let ended = 0;
  const reader = createPacketReader(
    DEVICE_MAX,
    (type, flags, rest) => {
      packets++;
      if (!(type >= 0 && type < 16 && flags >= 0 && flags < 16) || rest.length > DEVICE_MAX) broken("a packet is none");
      if (ended > 0) broken("a packet after the end");
    },
    () => ended++,
  );
  for (const piece of pieces(random, input)) {
    reader.push(piece.toString("latin1"));
    if (reader.held() > DEVICE_MAX) broken(`holds back ${reader.held()} bytes`);
  }
  if (ended > 1) broken("broken twice");
  return ended > 0 ? "broken" : packets > 0 ? "" : "incomplete";
}

const ack = (body: string): string =>
  seal(unsealed("ack", "post-1", "0a0b0c0d.1.7", 0, "1772348400000/h0", body), "k1", tag);
const uplink = seal(
  unsealed("pack", "post-1", "0a0b0c0d.1.7", 5000, "-", '[{"n":"distance","u":"mm","v":1000}]'),
  "k1",
  tag,
);
const SAMPLES: Sample[] = Array.from({ length: 60 }, (_, i) => {
  const time = HOUR * 3_600_000 + i * 60_000;
  return {
    time,
    seq: i + 1,
    value: i % 7 === 0 ? null : 20 + i / 10,
    flag: i % 9 === 0 ? 3 : 1,
    calibration: 2,
    ...(i % 9 === 0 ? { why: ["spike"] } : {}),
  };
});
const ROW = JSON.stringify([{ kind: "event", event: "hello", board: "post-1", detail: {} }]);
const latin = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text, "latin1"));

const DECODERS: Decoder[] = [
  {
    name: "influxdb-answer",
    files: ["hub/outputs/influxdb/answer"],
    read: answered,
    seeds: latin(
      '400|application/json|\n{"error":"partial write: field type conflict: input field \\"pm25\\" on measurement \\"eco\\" dropped=1"}',
      `400|application/json|\n{"error":"unable to parse '${POINTS[2]!}': invalid number"}`,
      '400|application/json|\n{"error":"partial write of line protocol occurred","data":[{"original_line":"x","line_number":2,"error_message":"bad"}]}',
      "429|text/plain|30\nslow down",
      "503|text/html|Wed, 21 Oct 2026 07:28:00 GMT\n<html>busy</html>",
      "204||\n",
      '413|application/json|\n{"message":"too large"}',
      '400|application/json|\n{"error":"partial write: max-series-per-database limit exceeded: (1)"}',
    ),
  },
  {
    name: "history-chunk",
    files: ["hub/outputs/history/chunk"],
    read: chunk,
    seeds: [
      encodeChunk(HOUR, SAMPLES),
      encodeChunk(HOUR, SAMPLES.slice(0, 1)),
      encodeChunk(HOUR, [{ ...SAMPLES[1]!, value: Math.PI * 1e-7 }]),
    ],
  },
  { name: "journal-row", files: ["hub/journal-schema"], read: row, seeds: latin(ROW) },
  {
    name: "serial-stream",
    files: ["transport/line-splitter", "firmware/wire/line"],
    read: serial,
    seeds: latin(toSerial(uplink) + "\r\n", `noise\n${toSerial(uplink)}\n`.repeat(3)),
  },
  {
    name: "recording-row",
    files: ["transport/recording", "firmware/wire/line"],
    read: recording,
    seeds: latin(formatRow(1772348400000, uplink)),
  },
  {
    name: "downlink-line",
    files: ["firmware/wire/line"],
    read: downlink,
    seeds: latin(ack("ok"), ack("ok,receipts"), ack("-")),
  },
  {
    name: "board-mqtt",
    files: ["node/mqtt-packet"],
    read: deviceMqtt,
    seeds: latin(
      "\x20\x02\x00\x00",
      "\x40\x02\x00\x01\x90\x03\x00\x01\x01",
      "\x32\x0b\x00\x05a/b/c\x00\x07ok",
      "\xd0\x00",
    ),
  },
];

export const decoders: Target = {
  name: "decoders",
  share: 1,
  async start(report): Promise<Running> {
    const coverage = startCoverage(DECODERS.flatMap((decoder) => decoder.files));
    const corpora = DECODERS.map((decoder) => [...decoder.seeds]);
    const hits = DECODERS.map(() => 0);
    let turn = 0;
    const one = (at: number, input: Buffer, random: Random, to: Report): void => {
      const { name, read } = DECODERS[at]!;
      hits[at]!++;
      to.feed(input);
      let fault: string;
      try {
        fault = read(input, random, (what) => to.broken(`${name}: ${what}`, input));
      } catch (error) {
        to.broken(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, input);
        return to.fault(`${name}:threw`);
      }
      if (fault === "") to.fine();
      else to.fault(`${name}:${fault}`);
    };
    return {
      async step(random) {
        const at = turn++ % DECODERS.length;
        const { seeds, read } = DECODERS[at]!;
        const corpus = corpora[at]!;
        coverage.note(coverage.look());
        const batch = Array.from({ length: INPUTS_A_STEP }, () =>
          random.chance(0.02) ? random.pick(corpus) : mutatedBytes(random, random.pick(corpus), corpus),
        );
        for (const input of batch) one(at, input, random, report);
        const left = new Set(coverage.look());
        // A look costs as much as many inputs: which of them it was is asked only while something new is left, and of
        // some only. What is not found now is new again the next time.
        for (let looks = 0; looks < MOST_LOOKS && left.size > 0; looks++) {
          const input = random.pick(batch);
          try {
            read(input, random, () => undefined);
          } catch {
            // Told when it was fed.
          }
          const mine = coverage.again().filter((piece) => left.delete(piece));
          if (mine.length > 0) corpus.push(input);
          coverage.note(mine);
        }
        while (corpus.length > MOST_CORPUS) corpus.splice(seeds.length + random.below(corpus.length - seeds.length), 1);
      },
      async check() {
        const never = DECODERS.filter((_, at) => turn >= DECODERS.length && hits[at] === 0);
        if (never.length > 0) throw new Error(`never fed: ${never.map((decoder) => decoder.name).join(", ")}`);
        report.note?.(
          `${coverage.reached()} pieces of code reached, corpus of ${corpora.map((c) => c.length).join(" + ")} inputs`,
        );
      },
      async stop() {
        coverage.stop();
      },
    };
  },
};

/** Bytes as sensors send them, spoilt: a parser says a value or a named fault, and holds back one frame at the most. */
import { decodeElectrode } from "../../firmware/sensors/ads1115/cell.js";
import { crc8 } from "../../firmware/sensors/crc8.js";
import { createDgsParser } from "../../firmware/sensors/dgs-no2/frame.js";
import { dgsLine } from "../../firmware/sensors/dgs-no2/sim.js";
import type { Framer } from "../../firmware/sensors/framer.js";
import { createA02yyuwParser } from "../../firmware/sensors/a02yyuw/frame.js";
import { createNmeaParser } from "../../firmware/sensors/gnss/frame.js";
import { gga, sentence } from "../../firmware/sensors/gnss/sim.js";
import { createMb7386Parser } from "../../firmware/sensors/mb7386/frame.js";
import { createMb7389Parser } from "../../firmware/sensors/mb7389/frame.js";
import { BANNER, lineFor } from "../../firmware/sensors/mb7389/sim.js";
import { withSum } from "../../firmware/sensors/plantower/frame.js";
import { createPms3003Parser } from "../../firmware/sensors/pms3003/frame.js";
import { createPms5003Parser } from "../../firmware/sensors/pms5003/frame.js";
import { dataFrame } from "../../firmware/sensors/pms5003/sim.js";
import { createPms5003tParser } from "../../firmware/sensors/pms5003t/frame.js";
import { createSds011Parser } from "../../firmware/sensors/sds011/frame.js";
import type { Outcome } from "../../firmware/sensors/sensor.js";
import { decodeSht31 } from "../../firmware/sensors/sht31/frame.js";
import { createSps30Parser } from "../../firmware/sensors/sps30/frame.js";
import { frameOf } from "../../firmware/sensors/ultrasonic/sim.js";
import { FAULTS } from "../../firmware/wire/pack.js";
import { capturedFrames } from "../firmware/captures.js";
import { mutated, mutatedBytes } from "./mutate.js";
import type { Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

const STREAMS_A_STEP = 40;

interface Stream {
  create(onOutcome: (outcome: Outcome<unknown>) => void): Framer;
  frames: string[];
  maxBytes: number;
  /** Puts the right check on a spoilt frame, so that it comes through to what is behind the check. */
  mend(frame: string): string;
}

/** The sum over what stands between, for the SDS011. */
function sds011Mended(frame: string): string {
  let sum = 0;
  for (let i = 2; i < 8; i++) sum += frame.charCodeAt(i);
  return frame.slice(0, 8) + String.fromCharCode(sum & 255) + "\xab";
}

/** The complement of the sum, for the SPS30, where nothing between the flags needs stuffing. */
function sps30Mended(frame: string): string {
  const inside = frame.slice(1, -2).replace(/[\x7d\x7e\x11\x13]/g, "\x01");
  let sum = 0;
  for (let i = 0; i < inside.length; i++) sum += inside.charCodeAt(i);
  return `\x7e${inside}${String.fromCharCode(~sum & 255)}\x7e`;
}

/** The low byte of the sum, for the A02YYUW and its kin. */
function ultrasonicMended(frame: string): string {
  return frameOf((frame.charCodeAt(1) << 8) | frame.charCodeAt(2));
}

/** The two digits of the xor, for NMEA: whatever stands between the marks. */
function nmeaMended(frame: string): string {
  return sentence(frame.slice(1, -5).replace(/[$*\r\n]/g, ","));
}

const HERE = { latitudeDeg: 43.25206, longitudeDeg: 76.90535, hdop: 0.9 };

const plantower = (frame: string): string => withSum(frame.slice(0, -2));

const STREAMS: Stream[] = [
  { create: createMb7389Parser, frames: [lineFor(1234), BANNER, "R10000\r"], maxBytes: 7, mend: (frame) => frame },
  { create: createDgsParser, frames: [dgsLine(38), dgsLine(-7, true)], maxBytes: 96, mend: (frame) => frame },
  { create: createPms3003Parser, frames: capturedFrames("pms3003", "PMS3003"), maxBytes: 24, mend: plantower },
  { create: createPms5003Parser, frames: capturedFrames("pms5003", "PMSx003"), maxBytes: 32, mend: plantower },
  { create: createPms5003Parser, frames: [dataFrame({ pm1: 5, pm25: 12, pm10: 20 })], maxBytes: 32, mend: plantower },
  { create: createPms5003tParser, frames: capturedFrames("pms5003t", "PMS5003T"), maxBytes: 32, mend: plantower },
  { create: createMb7386Parser, frames: ["R5000\r", "R0500\r", "R10000\r"], maxBytes: 7, mend: (frame) => frame },
  { create: createA02yyuwParser, frames: [1953, 1023, 30, 0].map(frameOf), maxBytes: 4, mend: ultrasonicMended },
  { create: createNmeaParser, frames: [gga(HERE), gga(null)], maxBytes: 100, mend: nmeaMended },
  { create: createSds011Parser, frames: capturedFrames("sds011", "SDS01x"), maxBytes: 10, mend: sds011Mended },
  { create: createSps30Parser, frames: capturedFrames("sps30", "SPS30"), maxBytes: 90, mend: sps30Mended },
];

function spoilt(random: Random, { frames, mend }: Stream): string {
  const frame = random.pick(frames);
  switch (random.below(5)) {
    case 0:
      return random.bytes(random.size(5000)).toString("latin1");
    case 1:
      return mutated(random, random.pick(frames) + frame, frames, frames);
    case 2: // right check, wrong content
      return mend(
        frame.replace(/[^]/g, (c, at: number) =>
          at > 3 && random.chance(0.2) ? String.fromCharCode(random.below(256)) : c,
        ),
      );
    case 3:
      return frame.slice(0, random.below(frame.length)).repeat(random.below(100));
    default:
      return mutated(random, frame.repeat(1 + random.below(20)), frames, frames);
  }
}

/** The fault of an outcome, "" for a value, undefined for what is neither. */
function nameOf(outcome: Outcome<unknown>): string | undefined {
  if (outcome.ok) return outcome.value === undefined || outcome.value === null ? undefined : "";
  return FAULTS.includes(outcome.fault) ? outcome.fault : undefined;
}

function feed(random: Random, report: Report, stream: Stream): void {
  const bytes = spoilt(random, stream);
  report.feed(Buffer.from(bytes, "latin1"));
  const names = new Set<string | undefined>();
  const framer = stream.create((outcome) => names.add(nameOf(outcome)));
  for (let at = 0; at < bytes.length;) {
    const to = at + 1 + random.below(random.chance(0.5) ? 8 : 1024);
    framer.push(bytes.slice(at, to));
    at = to;
    if (framer.held() > stream.maxBytes)
      report.broken(`holds back ${framer.held()} bytes`, Buffer.from(bytes, "latin1"));
  }
  if (names.has(undefined)) return report.unnamed("neither a value nor a fault", Buffer.from(bytes, "latin1"));
  names.delete("");
  const [fault] = names;
  if (fault === undefined) report.fine();
  else report.fault(fault);
}

/** The parts that answer with words rather than a stream. */
function words(random: Random, report: Report): void {
  const good = [random.below(256), random.below(256), 0, random.below(256), random.below(256), 0];
  if (random.chance(0.5)) {
    good[2] = crc8(good[0]!, good[1]!);
    good[5] = crc8(good[3]!, good[4]!);
  }
  const bytes = random.chance(0.7) ? Buffer.from(good) : mutatedBytes(random, Buffer.from(good), [Buffer.from(good)]);
  const mv = random.pick([random.below(5000) / 2, -1, NaN, Infinity, 1e308]);
  for (const [input, outcome] of [
    [bytes, decodeSht31(bytes)],
    [String(mv), decodeElectrode(mv)],
  ] as const) {
    report.feed(input);
    const name = nameOf(outcome);
    if (name === undefined) report.unnamed("neither a value nor a fault", input);
    else if (name === "") report.fine();
    else report.fault(name);
  }
}

export const sensors: Target = {
  name: "sensors",
  share: 0.5,
  async start(report): Promise<Running> {
    return {
      async step(random) {
        for (let i = 0; i < STREAMS_A_STEP; i++) feed(random, report, random.pick(STREAMS));
        words(random, report);
      },
      async check() {},
      async stop() {},
    };
  },
};

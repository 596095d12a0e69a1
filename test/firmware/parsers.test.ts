import { createDgsParser } from "../../firmware/sensors/dgs-no2/frame.js";
import { dgsLine } from "../../firmware/sensors/dgs-no2/sim.js";
import { createMb7389Parser } from "../../firmware/sensors/mb7389/frame.js";
import { dataFrame } from "../../firmware/sensors/pms5003/sim.js";
import { createPms5003Parser } from "../../firmware/sensors/pms5003/frame.js";
import { createPms3003Parser } from "../../firmware/sensors/pms3003/frame.js";
import { createPms5003tParser } from "../../firmware/sensors/pms5003t/frame.js";
import { createSds011Parser } from "../../firmware/sensors/sds011/frame.js";
import { createSps30Parser } from "../../firmware/sensors/sps30/frame.js";
import { withSum } from "../../firmware/sensors/plantower/frame.js";
import { BANNER, lineFor } from "../../firmware/sensors/mb7389/sim.js";
import { bytes, capturedFrames } from "./captures.js";
import { parserContract } from "./parser-contract.js";

/** A Plantower frame whose second and third words are the start of a frame with this payload length. */
function plantowerStartInside(payload: number): string {
  const head = "BM\0" + String.fromCharCode(payload);
  return withSum(head + "\0\x07" + head + "\0\x09".repeat((payload - 8) / 2));
}

parserContract("the PMS5003, captured", {
  create: createPms5003Parser,
  frames: capturedFrames("pms5003", "PMSx003").slice(0, 3),
  startInside: plantowerStartInside(28).slice(0, 28) + fixed(plantowerStartInside(28)),
  maxBytes: 32,
  noise: "BM\0\x1cB\xffBMM",
  checked: true,
});

/** The version and a clear error byte, and the check that belongs to them. */
function fixed(frame: string): string {
  return withSum(frame.slice(0, 28) + "\x97\0").slice(28);
}

parserContract("the PMS5003, simulated", {
  create: createPms5003Parser,
  frames: [dataFrame({ pm1: 5, pm25: 12, pm10: 20 }), dataFrame({ pm1: 80, pm25: 160, pm10: 210 })],
  startInside: dataFrame({ pm1: 0x424d, pm25: 28, pm10: 0x424d }),
  maxBytes: 32,
  noise: "BM\0\x04BBM\0",
  checked: true,
});

parserContract("the PMS3003", {
  create: createPms3003Parser,
  frames: [capturedFrames("pms3003", "PMS3003").at(-1)!, withSum("BM\0\x14" + "\0\x21".repeat(9))],
  startInside: plantowerStartInside(20),
  maxBytes: 24,
  noise: "BM\0\x14B\xffBMM",
  checked: true,
});

parserContract("the PMS5003T", {
  create: createPms5003tParser,
  frames: capturedFrames("pms5003t", "PMS5003T").slice(0, 3),
  startInside: plantowerStartInside(28).slice(0, 28) + fixed(plantowerStartInside(28)),
  maxBytes: 32,
  noise: "BM\0\x1cB\xffBMM",
  checked: true,
});

parserContract("the SDS011", {
  create: createSds011Parser,
  frames: capturedFrames("sds011", "SDS01x").slice(0, 2),
  startInside: bytes("aa c0 aa c0 aa c0 aa c0 3e ab"),
  maxBytes: 10,
  noise: "\xaa\xc0\xaa\xaa\xc0\xab",
  checked: true,
});

parserContract("the SPS30", {
  create: createSps30Parser,
  frames: capturedFrames("sps30", "SPS30").slice(0, 3),
  // Its third capture carries 7E and 11, stuffed as 7D 5E and 7D 31.
  startInside: capturedFrames("sps30", "SPS30")[2]!,
  maxBytes: 90,
  noise: "\x7e\x00\x03\x7d\x7e\x7d\x5e",
  checked: true,
});

parserContract("the MB7389", {
  create: createMb7389Parser,
  frames: [lineFor(1234), lineFor(2750), "R10500\r"],
  // The start byte cannot stand inside a line; the nearest thing is a line whose start was sent twice.
  startInside: "RR0420\r",
  maxBytes: 7,
  noise: BANNER + "R12\xffRR",
  checked: false,
});

parserContract("the DGS-NO2", {
  create: createDgsParser,
  frames: [dgsLine(38), dgsLine(-7), dgsLine(1204)],
  // Every digit is what a line begins with.
  startInside: dgsLine(412),
  maxBytes: 96,
  noise: "0412, 38\n040217020156, 4",
  checked: false,
});

parserContract("the DGS2", {
  create: createDgsParser,
  frames: [dgsLine(38, true), dgsLine(-7, true)],
  startInside: dgsLine(412, true),
  maxBytes: 96,
  noise: "0412, 38\n040217020156, 4",
  checked: false,
});

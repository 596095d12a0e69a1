import assert from "node:assert/strict";
import { createDgsParser } from "../../firmware/sensors/dgs-no2/frame.js";
import { dgsLine } from "../../firmware/sensors/dgs-no2/sim.js";
import { createPms5003Parser } from "../../firmware/sensors/pms5003/frame.js";
import { createPms3003Parser } from "../../firmware/sensors/pms3003/frame.js";
import { createPms5003tParser } from "../../firmware/sensors/pms5003t/frame.js";
import { createSds011Parser } from "../../firmware/sensors/sds011/frame.js";
import { createSps30Parser } from "../../firmware/sensors/sps30/frame.js";
import { withSum } from "../../firmware/sensors/plantower/frame.js";
import { SENSORS } from "../../firmware/sensors/list.js";
import type { Stream } from "../../firmware/sensors/sim.js";
import { bytes, capturedFrames } from "./captures.js";
import { parserContract } from "./parser-contract.js";

/** What the folders of the sensors on a UART hand in; undefined where one forgot. */
const streams = await Promise.all(
  SENSORS.filter(({ ports }) => ports.includes("uart")).map(async ({ name }) => {
    const file = new URL(`../../firmware/sensors/${name}/sim.js`, import.meta.url).href;
    return { name, stream: ((await import(file)) as { stream?: Stream<unknown> }).stream };
  }),
);

describe("the parsers", () => {
  it("of all sensors on a UART are tried", () => {
    assert.deepEqual(
      streams.filter(({ stream }) => stream === undefined).map(({ name }) => name),
      [],
    );
    assert.ok(streams.length >= 13);
  });
});

for (const { name, stream } of streams) if (stream !== undefined) parserContract(name, stream);

// What real parts said, beyond what the simulated ones say.

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

parserContract("the PMS3003, captured", {
  create: createPms3003Parser,
  frames: [capturedFrames("pms3003", "PMS3003").at(-1)!, withSum("BM\0\x14" + "\0\x21".repeat(9))],
  startInside: plantowerStartInside(20),
  maxBytes: 24,
  noise: "BM\0\x14B\xffBMM",
  checked: true,
});

parserContract("the PMS5003T, captured", {
  create: createPms5003tParser,
  frames: capturedFrames("pms5003t", "PMS5003T").slice(0, 3),
  startInside: plantowerStartInside(28).slice(0, 28) + fixed(plantowerStartInside(28)),
  maxBytes: 32,
  noise: "BM\0\x1cB\xffBMM",
  checked: true,
});

parserContract("the SDS011, captured", {
  create: createSds011Parser,
  frames: capturedFrames("sds011", "SDS01x").slice(0, 2),
  startInside: bytes("aa c0 aa c0 aa c0 aa c0 3e ab"),
  maxBytes: 10,
  noise: "\xaa\xc0\xaa\xaa\xc0\xab",
  checked: true,
});

parserContract("the SPS30, captured", {
  create: createSps30Parser,
  frames: capturedFrames("sps30", "SPS30").slice(0, 3),
  // Its third capture carries 7E and 11, stuffed as 7D 5E and 7D 31.
  startInside: capturedFrames("sps30", "SPS30")[2]!,
  maxBytes: 90,
  noise: "\x7e\x00\x03\x7d\x7e\x7d\x5e",
  checked: true,
});

parserContract("the DGS2", {
  create: createDgsParser,
  frames: [dgsLine(38, true), dgsLine(-7, true)],
  startInside: dgsLine(412, true),
  maxBytes: 96,
  noise: "0412, 38\n040217020156, 4",
  checked: false,
});

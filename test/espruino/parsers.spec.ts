/**
 * The parsers on the interpreter that the boards run, fed with the captured frames: it must find what Node finds. Needs
 * ESPRUINO_BIN (and takes ESPRUINO_SMALL_BIN, with a small board's memory, if it is there).
 */
import assert from "node:assert/strict";
import { build } from "esbuild";
import { createA02yyuwParser } from "../../firmware/sensors/a02yyuw/frame.js";
import { createNmeaParser } from "../../firmware/sensors/gnss/frame.js";
import { gga } from "../../firmware/sensors/gnss/sim.js";
import { createMb7389Parser } from "../../firmware/sensors/mb7389/frame.js";
import { BANNER } from "../../firmware/sensors/mb7389/sim.js";
import { createPms3003Parser } from "../../firmware/sensors/pms3003/frame.js";
import { createPms5003Parser } from "../../firmware/sensors/pms5003/frame.js";
import { createPms5003tParser } from "../../firmware/sensors/pms5003t/frame.js";
import { createSds011Parser } from "../../firmware/sensors/sds011/frame.js";
import { createSps30Parser } from "../../firmware/sensors/sps30/frame.js";
import { frameOf } from "../../firmware/sensors/ultrasonic/sim.js";
import type { Framer } from "../../firmware/sensors/framer.js";
import type { Outcome } from "../../firmware/sensors/sensor.js";
import { projectRoot } from "../../hub/root.js";
import { capturedFrames } from "../firmware/captures.js";
import { boardFolder, interpreterFrom, startInterpreter } from "../rig/espruino.js";

const CHUNK = 7;
const DONE = "@@done";

type Create = (onOutcome: (outcome: Outcome<unknown>) => void) => Framer;

/** Frames, the last of them once more with a damaged byte in front of a good one. */
function stream(frames: string[]): string {
  const last = frames.at(-1)!;
  const damaged = last.slice(0, 5) + String.fromCharCode(last.charCodeAt(5) ^ 0x80) + last.slice(6);
  return "\xff\x80" + frames.join("") + damaged + last;
}

const PARSERS: { sensor: string; name: string; create: Create; stream: string }[] = [
  {
    sensor: "pms5003",
    name: "createPms5003Parser",
    create: createPms5003Parser,
    stream: stream(capturedFrames("pms5003", "PMSx003")),
  },
  {
    sensor: "pms3003",
    name: "createPms3003Parser",
    create: createPms3003Parser,
    stream: stream(capturedFrames("pms3003", "PMS3003")),
  },
  {
    sensor: "pms5003t",
    name: "createPms5003tParser",
    create: createPms5003tParser,
    stream: stream(capturedFrames("pms5003t", "PMS5003T")),
  },
  {
    sensor: "sds011",
    name: "createSds011Parser",
    create: createSds011Parser,
    stream: stream(capturedFrames("sds011", "SDS01x")),
  },
  {
    sensor: "sps30",
    name: "createSps30Parser",
    create: createSps30Parser,
    stream: stream(capturedFrames("sps30", "SPS30")),
  },
  {
    sensor: "mb7389",
    name: "createMb7389Parser",
    create: createMb7389Parser,
    stream: BANNER + "\xffR1234\rR0300\rR5000\rR0000\rR12\xff4\rR2345\r",
  },
  {
    sensor: "a02yyuw",
    name: "createA02yyuwParser",
    create: createA02yyuwParser,
    stream: stream([1953, 1023, 0, 30, 0xfffe].map(frameOf)),
  },
  {
    sensor: "gnss",
    name: "createNmeaParser",
    create: createNmeaParser,
    stream: stream([
      gga(null),
      gga({ latitudeDeg: 43.25206, longitudeDeg: 76.90535, hdop: 0.9 }),
      gga({ latitudeDeg: -33.5, longitudeDeg: -179.99999, hdop: 12.25 }),
    ]),
  },
];

/** An outcome as text that both interpreters write alike: numbers in thousandths. */
const SAY = `
  var say = function (value) {
    if (typeof value === "number") return "" + Math.round(value * 1000);
    if (typeof value !== "object") return "" + value;
    return "{" + Object.keys(value).map(function (key) { return key + ":" + say(value[key]); }).join(",") + "}";
  };`;

const say = new Function(`${SAY} return say;`)() as (value: unknown) => string;

function literal(text: string): string {
  return '"' + [...text].map((c) => "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0")).join("") + '"';
}

async function program(parser: (typeof PARSERS)[number]): Promise<string> {
  const entry = `import { ${parser.name} } from "./firmware/sensors/${parser.sensor}/frame.js";
    ${SAY}
    const parser = ${parser.name}(function (outcome) { print("@@" + say(outcome)); });
    const stream = ${literal(parser.stream)};
    for (let i = 0; i < stream.length; i += ${CHUNK}) parser.push(stream.substr(i, ${CHUNK}));
    print("@@held " + parser.held());
    print("${DONE}");`;
  const result = await build({
    stdin: { contents: entry, resolveDir: projectRoot(), loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    target: "es5",
    supported: { "const-and-let": true, arrow: true, "template-literal": true, "object-extensions": true },
    charset: "ascii",
    minifySyntax: true,
    minifyWhitespace: true,
    tsconfigRaw: "{}",
  });
  return result.outputFiles[0]!.text;
}

function onNode(parser: (typeof PARSERS)[number]): string[] {
  const said: string[] = [];
  const framer = parser.create((outcome) => said.push(say(outcome)));
  for (let i = 0; i < parser.stream.length; i += CHUNK) framer.push(parser.stream.slice(i, i + CHUNK));
  return [...said, `held ${framer.held()}`];
}

for (const variable of ["ESPRUINO_BIN", "ESPRUINO_SMALL_BIN"])
  describe(`parsers on the interpreter of ${variable}`, () => {
    for (const parser of PARSERS)
      it(`finds what Node finds in the bytes of the ${parser.sensor}`, async function () {
        const bin = interpreterFrom(variable);
        if (bin === null) {
          console.log(`      skipped: ${variable} names no interpreter`);
          return this.skip();
        }
        const expected = onNode(parser);
        assert.ok(expected.length > 5, "there is something to find");
        const board = boardFolder({ ".bootcde": await program(parser) });
        const interpreter = startInterpreter(bin, board.folder);
        try {
          await interpreter.printed(DONE);
          const found = [...interpreter.output().matchAll(/@@(.*?)\r?\n/g)].map((m) => m[1]);
          assert.deepEqual(
            found.filter((line) => "@@" + line !== DONE),
            expected,
          );
        } finally {
          await interpreter.kill();
          board.remove();
        }
      });
  });

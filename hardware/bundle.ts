/**
 * From sources to one text that the interpreter runs: a bundler, a minifier, and between and after them the check that
 * nothing is left that the interpreter lacks. Nothing is lowered: what runs on the board is what stands in the sources.
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import { build } from "esbuild";
import type { Message, Plugin } from "esbuild";
import { minify } from "terser";
import { ImageError } from "./image-error.js";
import { keep, markOf, readKept } from "./kept.js";
import { subsetFaults } from "./subset.js";

/** What the hub alone needs of a property stays out of the heap of a post: its codes, where no narrow radio needs them. */
const leaveOutHubFacts = (withCodes: boolean): Plugin => ({
  name: "leave-out-hub-facts",
  setup(build) {
    build.onLoad({ filter: /firmware[\\/]wire[\\/]properties\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        withCodes ? /, from: "\w+" \}/g : /, code: \d+, from: "\w+" \}/g,
        " }",
      ),
      loader: "ts",
    }));
  },
});

/** Imports from `making:<module>#<export>` are a function that makes that module's export, all its tables included, anew. */
const MAKING = "making:";

/**
 * Turns {@link MAKING} imports into one function each, with the module and everything it imports inside. Between two
 * calls only the function's own entry stays in the heap.
 */
function makers(name: string, folder: string, withCodes: boolean, made: Bundle[]): Plugin {
  return {
    name: "makers",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${MAKING}`) }, ({ path }) => ({
        path: path.slice(MAKING.length),
        namespace: "making",
      }));
      build.onLoad({ filter: /.*/, namespace: "making" }, async ({ path }) => {
        const [module, exported] = path.split("#");
        const entry = `import { ${exported} } from "${module}"; give(${exported});`;
        const { code } = await bundle(name, entry, folder, withCodes, made);
        const body = code.replace(/^\(function\(\)\{\n/, "").replace(/\}\)\(\);\n$/, "");
        const contents = `export const make = function () { let it; const give = (x) => { it = x; };\n${body}\nreturn it; };`;
        return { contents, loader: "js" };
      });
    },
  };
}

function refused(name: string, lines: string[]): ImageError {
  return new ImageError(
    "NOT_ESPRUINO",
    `${name}: the interpreter lacks what this asks for\n${lines.join("\n")}`,
    "Write it in the subset described in firmware/README.md.",
  );
}

/** A bundle, and where each place of it comes from. */
interface Bundle {
  code: string;
  origin(line: number, column: number): string;
}

/** Adds to `made` what is to be checked: this bundle, and before it those that went into it. */
async function bundle(
  name: string,
  entry: string,
  folder: string,
  withCodes: boolean,
  made: Bundle[],
): Promise<Bundle> {
  const result = await build({
    stdin: { contents: entry, resolveDir: folder, sourcefile: `${name}.entry.ts`, loader: "ts" },
    absWorkingDir: folder,
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "es5",
    supported: { "const-and-let": true, arrow: true, "template-literal": true, "object-extensions": true },
    external: ["Storage", "Flash", "crypto", "net", "Wifi", "dgram"],
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
    sourcemap: "external",
    outfile: "image.js",
    tsconfigRaw: "{}",
    plugins: [leaveOutHubFacts(withCodes), makers(name, folder, withCodes, made)],
  }).catch((error: { errors?: Message[] }) => {
    const place = (e: Message) => (e.location ? `${e.location.file}:${e.location.line}: ` : "");
    throw error.errors
      ? refused(
          name,
          error.errors.map((e) => place(e) + e.text),
        )
      : error;
  });
  const text = (ending: string) => result.outputFiles.find((f) => f.path.endsWith(ending))?.text ?? "";
  const map = new SourceMap(JSON.parse(text(".map")) as SourceMapPayload);
  const whole: Bundle = {
    // The wrapper stands on the line before the first: the map's lines begin one line later.
    code: `(function(){\n${text(".js").replace(/^"use strict";/, "")}})();\n`,
    origin(line, column) {
      const entry = map.findEntry(line - 2, column);
      return "originalSource" in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : `image:${line}`;
    },
  };
  made.push(whole);
  return whole;
}

/** Throws if the interpreter would not run this, or run it wrongly. */
async function check(name: string, code: string, place: (line: number, column: number) => string): Promise<void> {
  const faults = await subsetFaults(code);
  if (faults.length > 0)
    throw refused(
      name,
      faults.map((f) => `${place(f.line, f.column)}: ${f.reason}`),
    );
}

/**
 * Names of fields that never leave an image: a name of up to four characters takes one variable of the heap, a longer
 * one takes two. Nothing that the interpreter, `aryk.cfg` or a line on the wire knows by name may stand here, nor
 * anything that is looked up by a string.
 */
export const FIELDS = (
  "after ageMs ageS answerMs append asksServer began begin cadence chain clock closed counts crc32Hex cycleMs decimals edges " +
  "ended entropy epoch fault faults field fitted greeted heard heeds hello hubTime humidityPercent identity intact " +
  "learn lengthOf limits longest maker maxBytes maxMm measureNow measuring minMm newest noEchoMm numbers " +
  "obstacleMm onEdge onError other outbox parser parts patienceMs periodMs pm10Atm pm10Cf1 pm1Atm pm1Cf1 pm25Atm " +
  "pm25Cf1 portOf properties property rangesOf rangesPerGap rejoin report roundS rounds sample sampleEveryMs " +
  "samples sampleTimeoutMs sealed sender sensor sentMs serial settings settle sha256 slots source spread start " +
  "starts stopWaiting store suffix taken temperatureC uarts unanswered unixMs uptimeMs value values wanted " +
  "warmUpMs watch watchdog window"
).split(" ");

async function shrink(code: string): Promise<string> {
  const result = await minify(code, {
    ecma: 2015,
    toplevel: true,
    // More inlining makes variables that are used before they are declared, which the interpreter takes for globals.
    compress: { ecma: 2015, arrows: false, hoist_funs: true, inline: 1, passes: 3 },
    mangle: { properties: { regex: new RegExp(`^(${FIELDS.join("|")})$`), builtins: true, keep_quoted: true } },
    format: { ecma: 2015, ascii_only: true, max_line_len: 120, comments: false },
  });
  if (result.code === undefined) throw new Error("terser gave no code");
  return result.code;
}

/**
 * Builds the program `entry` (TypeScript), whose imports are relative to `folder`. A small one is kept in the file
 * `kept`, where one is named, and taken from there as long as it would be made of the same. Throws {@link ImageError}
 * with file, line and reason for what the interpreter would not run, or run wrongly.
 */
export async function buildScript(
  name: string,
  entry: string,
  folder: string,
  small: boolean,
  kept?: string,
): Promise<string> {
  const made: Bundle[] = [];
  // A property code is what a narrow radio says in the place of its name.
  const bundled = await bundle(name, entry, folder, entry.includes("form-binary"), made);
  // What goes into a bundle is made side by side: its order is chance.
  const mark = markOf(made.map(({ code }) => code).sort());
  const known = small && kept !== undefined ? readKept(kept, mark) : null;
  if (known !== null) return known;
  for (const { code, origin } of made) await check(name, code, origin);
  if (!small) return bundled.code;
  const code = await shrink(bundled.code);
  await check(name, code, (line, column) => `image:${line}:${code.split("\n")[line - 1]?.substr(column, 40)}`);
  if (kept !== undefined) keep(kept, mark, code);
  return code;
}

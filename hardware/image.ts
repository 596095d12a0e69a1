/**
 * From a site type to what runs on its board: one text, kept in flash as `.bootcde`. The firmware is written in the
 * subset that the interpreter has, so that a bundler and a minifier are enough; `subset.ts` refuses the rest.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Message, Plugin } from "esbuild";
import { minify } from "terser";
import type { Board, PortFact } from "./boards.js";
import { ImageError } from "./image-error.js";
import { checkPorts } from "./ports.js";
import { siteType } from "./sites.js";
import type { SiteType } from "./sites.js";

/** What the hub alone needs of a property stays out of the heap of a post. */
const leaveOutHubFacts: Plugin = {
  name: "leave-out-hub-facts",
  setup(build) {
    build.onLoad({ filter: /firmware[\\/]wire[\\/]properties\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/, code: \d+, from: "\w+" \}/g, " }"),
      loader: "ts",
    }));
  },
};

export interface Image {
  siteType: string;
  board: Board;
  /** What is written to `.bootcde`. ASCII. */
  code: string;
  bytes: number;
}

/** The project's top folder, from the sources and from the build alike. */
function projectFolder(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, "package.json"))) dir = dirname(dir);
  return dir;
}

function camel(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The program of a site type: which board facts, sensors and uplink its node is started with. */
export function entryOf(type: SiteType, board: Board, version: string): string {
  const sensors = [...new Set(type.sensors.map((s) => s.sensor))];
  const fitted = type.sensors.map((s) => `{ sensor: ${camel(s.sensor)}, port: "${s.port}" }`);
  const ports = [...type.sensors.map((s) => s.port), ...(type.uplink === "serial" ? [board.serialUplink] : [])];
  const used = (facts: Record<string, PortFact>) =>
    JSON.stringify(Object.fromEntries(Object.entries(facts).filter(([port]) => ports.includes(port))));
  const uplink = type.uplink === "serial" ? `serialUplink("${board.serialUplink}")` : "mqttUplink()";
  return [
    `import { boardHal } from "./firmware/node/board.js";`,
    `import { startNode } from "./firmware/node/node.js";`,
    `import { ${type.uplink}Uplink } from "./firmware/node/uplink-${type.uplink}.js";`,
    ...sensors.map((s) => `import { ${camel(s)} } from "./firmware/sensors/${s}/driver.js";`),
    `const hal = boardHal({ uarts: ${used(board.uarts)}, i2cs: ${used(board.i2cs)} });`,
    `const fault = startNode(hal, { image: "${type.name}", version: "${version}", periodS: ${type.periodS},`,
    `  slots: ${board.outboxSlots}, fitted: [${fitted.join(", ")}], uplink: ${uplink} });`,
    `hal.print(fault === "" ? "${type.name} ${version}" : fault);`,
  ].join("\n");
}

function refusal(name: string, errors: Message[]): ImageError {
  const lines = errors.map((e) => (e.location ? `${e.location.file}:${e.location.line}: ` : "") + e.text);
  return new ImageError(
    "NOT_ESPRUINO",
    `${name}: the interpreter lacks what this asks for\n${lines.join("\n")}`,
    "Write it in the subset described in firmware/README.md.",
  );
}

async function bundle(name: string, entry: string, folder: string): Promise<string> {
  const result = await build({
    stdin: { contents: entry, resolveDir: folder, sourcefile: `${name}.entry.ts`, loader: "ts" },
    absWorkingDir: folder,
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "es5",
    supported: { "const-and-let": true, arrow: true, "template-literal": true, "object-extensions": true },
    external: ["Storage", "crypto", "net", "Wifi"],
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
    tsconfigRaw: "{}",
    plugins: [leaveOutHubFacts],
  }).catch((error: { errors?: Message[] }) => {
    throw error.errors ? refusal(name, error.errors) : error;
  });
  return `(function(){\n${result.outputFiles[0].text.replace(/^"use strict";\n/, "")}})();\n`;
}

async function shrink(code: string): Promise<string> {
  const result = await minify(code, {
    ecma: 2015,
    toplevel: true,
    // More inlining makes variables that are used before they are declared, which the interpreter takes for globals.
    compress: { ecma: 2015, arrows: false, hoist_funs: true, inline: 1, passes: 3 },
    mangle: true,
    format: { ecma: 2015, ascii_only: true, max_line_len: 120, comments: false },
  });
  if (result.code === undefined) throw new Error("terser gave no code");
  return result.code;
}

/**
 * Builds the image of a site type. Throws {@link ImageError} for a port that is wanted twice and for code that the
 * interpreter would not run, or would run wrongly.
 */
export async function buildImage(siteTypeName: string, options: { minify?: boolean } = {}): Promise<Image> {
  const type = siteType(siteTypeName);
  if (type === undefined)
    throw new ImageError("NO_SITE_TYPE", `no site type "${siteTypeName}"`, "Name one of hardware/sites.ts.");
  const board = checkPorts(type);
  const folder = projectFolder();
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const bundled = await bundle(type.name, entryOf(type, board, version), folder);
  const code = options.minify === false ? bundled : await shrink(bundled);
  return { siteType: type.name, board, code, bytes: Buffer.byteLength(code) };
}

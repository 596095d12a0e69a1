/**
 * From a site type to what runs on its board: one text, kept in flash as `.bootcde`. What makes one board differ from
 * another is not in it, but in the file `aryk.cfg` beside it.
 *
 *   node --import tsx hardware/image.ts [--all | <site type> …] [--out <folder>]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SENSORS } from "../firmware/sensors/index.js";
import type { Board, PortFact } from "./boards.js";
import { buildScript } from "./bundle.js";
import { ImageError } from "./image-error.js";
import { checkPorts } from "./ports.js";
import { SITE_TYPES, siteType } from "./sites.js";
import type { SiteType } from "./sites.js";

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

/** The longest that a round of measuring can take, in seconds: every sensor in turn, each sample at its limit. */
function longestRoundS(type: SiteType): number {
  const graceMs = 1000;
  const ms = type.sensors.map(({ sensor }) => {
    const s = SENSORS.find((known) => known.name === sensor);
    return s === undefined ? 0 : s.warmUpMs + s.samples * (s.sampleEveryMs + s.sampleTimeoutMs + graceMs);
  });
  return Math.ceil(ms.reduce((sum, one) => sum + one, 0) / 1000);
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
    ...sensors.map(
      (s) => `import { make as ${camel(s)} } from "making:./firmware/sensors/${s}/driver.js#${camel(s)}";`,
    ),
    `import { make as renew } from "making:./firmware/node/keys.js#renew";`,
    `const hal = boardHal({ uarts: ${used(board.uarts)}, i2cs: ${used(board.i2cs)} });`,
    `hal.after(0, () => {`,
    `  const fault = startNode(hal, { image: "${type.name}", version: "${version}", periodS: ${type.periodS},`,
    `    roundS: ${longestRoundS(type)}, slots: ${board.outboxSlots}, fitted: [${fitted.join(", ")}], renew: renew,`,
    `    uplink: ${uplink} });`,
    `  hal.print(fault === "" ? "${type.name} ${version}" : fault);`,
    `});`,
  ].join("\n");
}

/**
 * Builds the image of a site type. Throws {@link ImageError} for a port that is wanted twice and for code that the
 * interpreter would not run, or would run wrongly.
 */
export async function buildImage(
  siteTypeName: string,
  options: { minify?: boolean; uplink?: SiteType["uplink"] } = {},
): Promise<Image> {
  const known = siteType(siteTypeName);
  if (known === undefined)
    throw new ImageError("NO_SITE_TYPE", `no site type "${siteTypeName}"`, "Name one of hardware/sites.ts.");
  const type = { ...known, uplink: options.uplink ?? known.uplink };
  const board = checkPorts(type);
  const folder = projectFolder();
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const code = await buildScript(type.name, entryOf(type, board, version), folder, options.minify !== false);
  return { siteType: type.name, board, code, bytes: Buffer.byteLength(code) };
}

/** Builds what the arguments name and prints a line for each image. */
async function main(args: string[]): Promise<void> {
  const at = args.indexOf("--out");
  const out = at >= 0 ? args[at + 1] : undefined;
  const names = args.filter((arg, i) => !arg.startsWith("--") && (at < 0 || i !== at + 1));
  for (const name of args.includes("--all") ? SITE_TYPES.map((t) => t.name) : names) {
    const image = await buildImage(name);
    if (out !== undefined) {
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${name}.js`), image.code, "latin1");
    }
    console.log(`${name.padEnd(16)} ${image.board.name.padEnd(10)} ${image.bytes} bytes`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof ImageError ? `${error.message}\n${error.remedy}` : error);
    process.exitCode = 1;
  });
}

/**
 * From a site type to what runs on its board: one text, kept in flash as `.bootcde`. What makes one board differ from
 * another is not in it, but in the file `aryk.cfg` beside it.
 *
 *   node --import tsx hardware/image.ts [--all | <site type> …] [--out <folder>]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sensorKind } from "../firmware/sensors/list.js";
import type { Board, PortFact } from "./boards.js";
import { buildScript } from "./bundle.js";
import { ImageError } from "./image-error.js";
import { checkPorts, optionsOf } from "./ports.js";
import { SITE_TYPES, siteType } from "./sites.js";
import type { Build, SensorOnPort, SiteType } from "./sites.js";

export interface Image {
  siteType: string;
  board: Board;
  build: Build;
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
  const ms = type.sensors.map((fitted) => {
    const s = sensorKind(fitted.sensor)?.make(optionsOf(type, fitted));
    return s === undefined ? 0 : s.warmUpMs + s.samples * (s.sampleEveryMs + s.sampleTimeoutMs + graceMs);
  });
  return Math.ceil(ms.reduce((sum, one) => sum + one, 0) / 1000);
}

function fittedText(type: SiteType, fitted: SensorOnPort): string {
  const { sensor, port, power, suffix } = fitted;
  let text = `{ maker: ${camel(sensor)}, options: ${JSON.stringify(optionsOf(type, fitted))}, port: "${port}"`;
  if (power !== undefined) text += `, power: "${power}"`;
  if (suffix !== undefined) text += `, suffix: "${suffix}"`;
  return text + " }";
}

/** The pins that an image uses, and what opens them; "null" where it uses none. */
function pinsText(type: SiteType, board: Board): { load: string; open: string } {
  const ports = type.sensors.map(({ port }) => port);
  const powers = type.sensors.map(({ power }) => power);
  const used = <T>(facts: Record<string, T>, names: (string | undefined)[]) =>
    Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)));
  const pins = used(board.pins, ports);
  const switches = Object.fromEntries(
    Object.entries(used(board.switches, powers)).map(([name, { pin, on }]) => [name, { pin, on }]),
  );
  if (Object.keys(pins).length + Object.keys(switches).length === 0) return { load: "", open: "null" };
  return {
    load: `import { openPins } from "./firmware/node/pin-board.js";`,
    open: `openPins(${JSON.stringify({ ports: pins, switches })})`,
  };
}

/** The program of a site type: which board facts, sensors and uplink its node is started with. */
export function entryOf(type: SiteType, build: Build, board: Board, version: string): string {
  const sensors = [...new Set(type.sensors.map((s) => s.sensor))];
  const ports = [...type.sensors.map((s) => s.port), ...(build.uplink === "serial" ? [board.serialUplink] : [])];
  const used = (facts: Record<string, PortFact>) =>
    JSON.stringify(Object.fromEntries(Object.entries(facts).filter(([port]) => ports.includes(port))));
  const uplink = build.uplink === "serial" ? `serialUplink("${board.serialUplink}")` : "mqttUplink()";
  const pins = pinsText(type, board);
  return [
    `import { boardHal } from "./firmware/node/board.js";`,
    pins.load,
    `import { startNode } from "./firmware/node/node.js";`,
    `import { ${build.uplink}Uplink } from "./firmware/node/uplink-${build.uplink}.js";`,
    ...sensors.map((s) => `import { make as ${camel(s)} } from "making:./firmware/sensors/${s}/driver.js#make";`),
    `import { make as renew } from "making:./firmware/node/keys.js#renew";`,
    `const hal = boardHal({ uarts: ${used(board.uarts)}, i2cs: ${used(board.i2cs)} }, ${pins.open});`,
    `hal.after(0, () => {`,
    `  const fault = startNode(hal, { image: "${type.name}", version: "${version}", periodS: ${type.sampling.drySeconds},`,
    `    roundS: ${longestRoundS(type)}, slots: ${board.outboxSlots}, renew: renew,`,
    `    fitted: [${type.sensors.map((fitted) => fittedText(type, fitted)).join(", ")}],`,
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
  options: { minify?: boolean; build?: Build } = {},
): Promise<Image> {
  const type = siteType(siteTypeName);
  if (type === undefined)
    throw new ImageError("NO_SITE_TYPE", `no site type "${siteTypeName}"`, "Name one of hardware/sites.ts.");
  const build = options.build ?? type.builds[0];
  const board = checkPorts(type, build);
  const folder = projectFolder();
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const code = await buildScript(type.name, entryOf(type, build, board, version), folder, options.minify !== false);
  return { siteType: type.name, board, build, code, bytes: Buffer.byteLength(code) };
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

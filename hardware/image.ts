/**
 * From a site type to what runs on its board: one text, kept in flash as `.bootcde`. What makes one board differ from
 * another is not in it, but in the file `aryk.cfg` beside it.
 *
 *   node --import tsx hardware/image.ts [--all | <site type> …] [--out <folder>] [--build <n>] [--set-up <aryk.cfg>]
 *     [--keep <folder>]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sensorKind } from "../firmware/sensors/list.js";
import type { Board, PortFact } from "./boards.js";
import { buildLoader, flashImage, flashScript } from "./flash-image.js";
import { ImageError } from "./image-error.js";
import { checkPorts, checkSwitches, optionsOf } from "./ports.js";
import { sensorsOf, SITE_TYPES, siteType } from "./sites.js";
import type { Build, SensorOnPort, SiteType } from "./sites.js";

export interface Image {
  siteType: string;
  /** What its boards say in their hello: another build is another name, because its image would not run here. */
  name: string;
  version: string;
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
function longestRoundS(type: SiteType, build: Build): number {
  const graceMs = 1000;
  const ms = sensorsOf(type, build).map((fitted) => {
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
  if (sensorKind(sensor)?.edges === true) text += ", edges: 1";
  return text + " }";
}

/** The pins that an image uses, and what opens them; "null" where it uses none. */
function pinsText(type: SiteType, build: Build, board: Board): { load: string; open: string } {
  const fitted = sensorsOf(type, build);
  const ports = fitted.map(({ port }) => port);
  const powers = [...fitted.map(({ power }) => power), build.uplink === "modem" ? "modem" : undefined];
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

/** How an image is made for each way to the hub: what it imports, its link, the form of its records, the port it needs. */
interface Way {
  imports: string[];
  link: string;
  form: string;
  port: string | null;
  /** What asks a time server, where the board has a network of its own. */
  clock?: string;
  /** The longest that the link keeps a round of measuring waiting for its port, in seconds. */
  holdS: number;
}

const LINES = [
  `import { lineForm } from "./firmware/node/form.js";`,
  `import { lineLink } from "./firmware/node/link-line.js";`,
];
const AS_LINES = "(identity, sealed) => lineForm(sealed)";

const WAYS: Record<Build["uplink"], (board: Board) => Way> = {
  serial: (board) => ({
    imports: [...LINES, `import { serialUplink } from "./firmware/node/uplink-serial.js";`],
    link: `lineLink(serialUplink("${board.serialUplink}"))`,
    form: AS_LINES,
    port: board.serialUplink,
    holdS: 0,
  }),
  mqtt: () => ({
    imports: [
      ...LINES,
      `import { mqttUplink } from "./firmware/node/uplink-mqtt.js";`,
      `import { wifiDbm } from "./firmware/node/wifi-board.js";`,
      `import { udpBoard } from "./firmware/node/udp-board.js";`,
      `import { make as askServer } from "making:./firmware/node/sntp.js#askServer";`,
    ],
    clock: "{ ask: askServer, send: udpBoard }",
    link: "lineLink(mqttUplink(wifiDbm))",
    form: AS_LINES,
    port: null,
    holdS: 0,
  }),
  lora: (board) => ({
    imports: [
      `import { binaryForm } from "./firmware/node/form-binary.js";`,
      `import { loraLink } from "./firmware/node/link-lora.js";`,
    ],
    link: `loraLink("${board.radio}", null)`,
    form: "binaryForm",
    port: board.radio,
    holdS: 40,
  }),
  modem: (board) => ({
    imports: [...LINES, `import { modemUplink } from "./firmware/node/uplink-modem.js";`],
    link: `lineLink(modemUplink("${board.radio}", ${board.switches.modem === undefined ? "null" : '"modem"'}))`,
    form: AS_LINES,
    port: board.radio,
    holdS: 40,
  }),
};

/** What boards of a build say that they run: the usual one bears the name of its site type. */
export function imageName(type: SiteType, build: Build): string {
  const { board, uplink } = build;
  const usual = type.builds[0];
  return board === usual.board && uplink === usual.uplink ? type.name : `${type.name}/${board}-${uplink}`;
}

/** The program of a site type: which board facts, sensors and uplink its node is started with. */
export function entryOf(type: SiteType, build: Build, board: Board, version: string): string {
  const fitted = sensorsOf(type, build);
  const sensors = [...new Set(fitted.map((s) => s.sensor))];
  const way = WAYS[build.uplink](board);
  const ports = [...fitted.map((s) => s.port), ...(way.port === null ? [] : [way.port])];
  const adaptive = Object.keys(type.sampling).length > 1;
  const used = (facts: Record<string, PortFact>) =>
    JSON.stringify(Object.fromEntries(Object.entries(facts).filter(([port]) => ports.includes(port))));
  const pins = pinsText(type, build, board);
  return [
    `import { boardHal } from "./firmware/node/board.js";`,
    pins.load,
    `import { startNode } from "./firmware/node/node.js";`,
    ...way.imports,
    adaptive ? `import { createCadence } from "./firmware/node/cadence.js";` : "",
    ...sensors.map((s) => `import { make as ${camel(s)} } from "making:./firmware/sensors/${s}/driver.js#make";`),
    `import { make as obey } from "making:./firmware/node/commands.js#obey";`,
    `import { make as trial } from "making:./firmware/node/trial.js#onTrial";`,
    `const hal = boardHal({ uarts: ${used(board.uarts)}, i2cs: ${used(board.i2cs)} }, ${pins.open});`,
    `hal.after(0, () => {`,
    `  const fault = startNode(hal, { image: "${imageName(type, build)}", version: "${version}", numbers: ${JSON.stringify(type.sampling)},`,
    `    roundS: ${longestRoundS(type, build) + way.holdS}, slots: ${board.outboxSlots}, obey: obey, trial: trial,`,
    `    cadence: ${adaptive ? "createCadence" : "null"}, form: ${way.form}, link: ${way.link},`,
    `    clock: ${way.clock ?? "null"},`,
    `    fitted: [${fitted.map((one) => fittedText(type, one)).join(", ")}] });`,
    `  hal.print(fault === "" ? "${type.name} ${version}" : fault);`,
    `});`,
  ].join("\n");
}

/**
 * Builds the image of a site type; with a folder `keepIn` only what is not kept there as it would be built now. Throws
 * {@link ImageError} for a port that is wanted twice and for code that the interpreter would not run, or would run
 * wrongly.
 */
export async function buildImage(
  siteTypeName: string,
  options: { minify?: boolean; build?: Build; keepIn?: string } = {},
): Promise<Image> {
  const type = siteType(siteTypeName);
  if (type === undefined)
    throw new ImageError("NO_SITE_TYPE", `no site type "${siteTypeName}"`, "Name one of hardware/sites.ts.");
  const build = options.build ?? type.builds[0];
  const board = checkPorts(type, build);
  await checkSwitches(type, board, build);
  const folder = projectFolder();
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const name = imageName(type, build);
  const { minify, keepIn } = options;
  // The sources and the build are two makers: neither takes the other's place.
  const file = name.replace("/", ".") + extname(import.meta.url);
  const kept = keepIn === undefined ? undefined : join(keepIn, file);
  // Bundler and minifier take longer to load than most of what imports this: only who builds waits for them.
  const { buildScript } = await import("./bundle.js");
  const code = await buildScript(type.name, entryOf(type, build, board, version), folder, minify !== false, kept);
  return { siteType: type.name, name, version, board, build, code, bytes: Buffer.byteLength(code) };
}

/** Storage of a new board with this image and this text as its `aryk.cfg`: for a programmer, and for a console. */
export async function buildFlash(image: Image, setUp: string): Promise<{ flash: Buffer; script: string }> {
  const { storageBase: base, storageBytes: bytes } = image.board;
  const flash = flashImage(image.code, await buildLoader(), { "aryk.cfg": setUp }, { base, bytes });
  return { flash, script: flashScript(flash, { base, bytes }) };
}

/** The value behind an option; undefined when it is not given. */
function option(args: string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

/** Builds what the arguments name and prints a line for each image. */
async function main(args: string[]): Promise<void> {
  const out = option(args, "--out");
  const setUp = option(args, "--set-up");
  const build = Number(option(args, "--build") ?? 0);
  const keepIn = option(args, "--keep");
  const valued = ["--out", "--set-up", "--build", "--keep"];
  const names = args.filter((arg, i) => !arg.startsWith("--") && !valued.includes(args[i - 1]));
  for (const name of args.includes("--all") ? SITE_TYPES.map((t) => t.name) : names) {
    const image = await buildImage(name, { build: siteType(name)?.builds[build], keepIn });
    if (out !== undefined) {
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${name}.js`), image.code, "latin1");
      if (setUp !== undefined) {
        const { flash, script } = await buildFlash(image, readFileSync(setUp, "latin1"));
        // The set-up holds the board's key.
        writeFileSync(join(out, `${name}.flash.bin`), flash, { mode: 0o600 });
        writeFileSync(join(out, `${name}.flash.js`), script, { mode: 0o600 });
      }
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

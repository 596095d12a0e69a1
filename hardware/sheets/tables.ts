/** Tables that stand in READMEs, between a mark that names them and a mark that ends them. */
import { backAfterBench } from "../bench/wiring.js";
import { BOARDS, REFUSED } from "../boards.js";
import type { Board } from "../boards.js";
import { SITE_TYPES } from "../sites.js";
import { tableText } from "./doc.js";

type Maker = () => string;

const kilo = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`;
const sorted = (names: string[]): string[] => [...new Set(names)].sort();

function boards(): string {
  const used = (board: Board): string =>
    sorted(
      SITE_TYPES.filter(({ builds }) => builds.some((build) => build.board === board.name)).map(({ name }) => name),
    ).join(", ");
  return tableText(
    ["board", "interpreter", "chip", "variables", "storage", "logic", "network", "used for"],
    BOARDS.map((board) => [
      `\`${board.name}\``,
      `Espruino 2v29, \`${board.espruino}\``,
      board.mcu,
      String(board.variables),
      kilo(board.storageBytes),
      `${board.logicV} V`,
      board.network ?? "by a modem, LoRa or a line",
      used(board),
    ]),
  );
}

const listed = (options: { [name: string]: unknown }): string =>
  Object.entries(options)
    .filter(([name]) => name !== "device")
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

function ports(): string {
  const portsOf = ({ uarts, i2cs, pins, switches }: Board): Map<string, string> =>
    new Map([
      ...[...Object.entries(uarts), ...Object.entries(i2cs)].map(
        ([name, { device, options }]) => [name, `${device}: ${listed(options)}`] as const,
      ),
      ...Object.entries(pins).map(([name, { kind, options }]) => [name, `${kind}: ${listed(options)}`] as const),
      ...Object.entries(switches).map(([name, { pin, mA }]) => [`switch ${name}`, `${pin}, ${mA} mA`] as const),
    ]);
  const maps = BOARDS.map(portsOf);
  const names = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return tableText(
    ["port", ...BOARDS.map(({ name }) => `\`${name}\``)],
    names.map((name) => [name, ...maps.map((map) => map.get(name) ?? "–")]),
  );
}

function refused(): string {
  return tableText(
    ["board", "why not"],
    REFUSED.map(({ board, why }) => [board, why]),
  );
}

function sites(): string {
  return tableText(
    ["site type", "in the city", "sensors", "ways to build it", "derived", "watched for"],
    SITE_TYPES.map(({ name, inCity, sensors, builds, derived, rules }) => [
      `\`${name}\``,
      inCity,
      sensors.map(({ sensor, suffix = "" }) => sensor + suffix).join(", "),
      builds
        .map(({ board, uplink, supply, sensors: more = [] }) =>
          [`${board} ${uplink} ${supply}`, ...more.map(({ sensor }) => sensor)].join(" + "),
        )
        .join("; "),
      derived.join(", "),
      rules.join(", "),
    ]),
  );
}

/** What goes back on behind the bench test, builds with the same in one row. */
function back(): string {
  const rows = new Map<string, string[]>();
  for (const type of SITE_TYPES)
    for (const build of type.builds) {
      const list = backAfterBench(type, build);
      const off = list.length === 0 ? "nothing but the node's USB" : list.map(({ en }) => en).join("; ");
      const name = type.builds.length === 1 ? type.name : `${type.name} (${build.uplink})`;
      rows.set(off, [...(rows.get(off) ?? []), name]);
    }
  return tableText(
    ["off for the test, and back on behind it", "at"],
    [...rows].map(([off, names]) => [off, names.join(", ")]),
  );
}

/** File, mark, and what makes the table between the marks. */
export const TABLES: { file: string; name: string; make: Maker }[] = [
  { file: "hardware/README.md", name: "boards", make: boards },
  { file: "hardware/README.md", name: "ports", make: ports },
  { file: "hardware/README.md", name: "refused", make: refused },
  { file: "hardware/README.md", name: "sites", make: sites },
  { file: "hardware/bench/README.md", name: "back", make: back },
];

/** The text with a new table between the marks of that name. Throws when the marks are not there. */
export function replaced(text: string, name: string, content: string): string {
  const from = `<!-- table: ${name} -->`;
  const to = "<!-- end of table -->";
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`there is no place for the table "${name}"`);
  return `${text.slice(0, start + from.length)}\n\n${content}\n\n${text.slice(end)}`;
}

/** The circuit of one way of building a type of post. */
import { sensorKind } from "../../firmware/sensors/list.js";
import { boardOf } from "../boards.js";
import type { Board } from "../boards.js";
import { factsOf } from "../facts.js";
import { partOf } from "../parts.js";
import { optionsOf } from "../ports.js";
import { sensorsOf } from "../sites.js";
import type { Build, SiteType } from "../sites.js";
import type { Block, Circuit, Terminal } from "./circuit.js";
import { between, netsOf, resistor } from "./circuit.js";
import { boxHeater, headHeaters, withHeads } from "./heater-blocks.js";
import { radioBlocks } from "./radio-blocks.js";
import type { FittedSensor } from "./converter-blocks.js";
import { sensorBlocks } from "./sensor-blocks.js";
import { GND, SENSE, supplyBlocks, type Rails } from "./supply-blocks.js";

/** One way of building one type of post, with everything that its sheets are made of. */
export interface Post {
  type: SiteType;
  build: Build;
  board: Board;
  fitted: FittedSensor[];
  circuit: Circuit;
  /** Name of its picture, without the ending. */
  name: string;
}

/** The sensors of a build with their facts. Throws when one is not there, or tells nothing of itself. */
async function fittedOf(type: SiteType, build: Build): Promise<FittedSensor[]> {
  const all: FittedSensor[] = [];
  for (const on of sensorsOf(type, build)) {
    if (sensorKind(on.sensor) === undefined) throw new Error(`${type.name}: no sensor is called ${on.sensor}`);
    all.push({ on, facts: await factsOf(on.sensor), options: optionsOf(type, on) });
  }
  return all;
}

/** Which port a pin of the board belongs to, for its label; `ports` are those with a sensor. */
export function useOf(board: Board, pin: string, ports: string[]): string {
  for (const ports of [board.uarts, board.i2cs])
    for (const [port, { options }] of Object.entries(ports))
      for (const [role, name] of Object.entries(options)) if (name === pin) return `${role.toUpperCase()} ${port}`;
  for (const [port, { options }] of Object.entries(board.pins))
    if (ports.includes(port) && Object.values(options).includes(pin)) return port;
  for (const [name, { pin: at }] of Object.entries(board.switches)) if (at === pin) return `switch ${name}`;
  return "";
}

export const isPin = (net: string): boolean => /^D\d+$/.test(net);

/** The board: its supply, and each pin that something is joined to. */
function boardBlock(board: Board, rails: Rails, others: Block[], fitted: FittedSensor[], sense: boolean): Block {
  const ports = fitted.map(({ on }) => on.port);
  const { label, order } = partOf(board.name);
  const used = [...netsOf({ blocks: others }).keys()].filter(isPin);
  used.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const wantsLow = others.some(({ terminals }) => terminals.some(({ net }) => net === rails.low));
  const supply: Terminal[] =
    rails.five === null
      ? [{ pin: "3V3", net: rails.low, needsV: [1.7, 3.6], note: "not BAT, not 5V" }]
      : [
          { pin: "5V", net: rails.five, needsV: [4.5, 5.5] },
          ...(wantsLow ? [{ pin: "3V3", net: rails.low, givesV: 3.3 }] : []),
        ];
  return {
    name: board.name,
    title: label.en.replace(/^board /, ""),
    lines: [`${order.split(/,| \(/)[0]}, Espruino ${board.espruino}`],
    part: board.name,
    kind: "board",
    terminals: [
      ...supply,
      { pin: "GND", net: GND },
      ...(sense ? [SENSE] : []),
      ...used.map((net) => ({ pin: `${net} ${useOf(board, net, ports)}`.trim(), net })),
    ],
    open: [],
  };
}

/** Pull-ups of each bus that something is on: one pair, wherever they stand. */
export function pullUps(board: Board, rails: Rails, blocks: Block[]): Block[] {
  const nets = netsOf({ blocks });
  return Object.entries(board.i2cs).flatMap(([port, { options }]) => {
    const lines = [options.sda, options.scl].map(String).filter((net) => nets.has(net));
    if (lines.length === 0) return [];
    const pair = between(`pull-ups ${port}`, resistor("4.7 kΩ"), rails.low, lines[0]);
    const title = `${lines.length} × ${pair.title}`;
    return [
      {
        ...pair,
        title,
        terminals: [rails.low, ...lines].map((net) => ({ pin: "", net })),
        smalls: lines.map(() => resistor("4.7 kΩ")),
      },
    ];
  });
}

/** The circuit of a build: supply, board, sensors, what they need between them, and the uplink. */
export function circuitOf(type: SiteType, build: Build, board: Board, fitted: FittedSensor[]): Circuit {
  const switched = fitted.find(({ on }) => on.power !== undefined)?.on.power;
  const { rails, blocks } = supplyBlocks(
    type.name,
    build,
    switched === undefined ? null : board.switches[switched].pin,
  );
  // What reads the board's own divider has no wires of its own.
  const inside = (one: FittedSensor): boolean => one.facts.ofBoard === true && rails.five === null;
  const sensors = fitted.filter((one) => !inside(one)).flatMap((one) => sensorBlocks(one, board, rails));
  const once = sensors.filter((block, i) => sensors.findIndex(({ name }) => name === block.name) === i);
  for (const again of sensors.filter((block) => !once.includes(block))) {
    const first = once.find(({ name }) => name === again.name);
    // Two cells at one converter: its inputs are added up.
    first?.terminals.push(...again.terminals.filter(({ pin }) => !first.terminals.some((t) => t.pin === pin)));
  }
  // What is of 230 V stands on its side of the picture.
  blocks.push(...boxHeater(type, build));
  const others = [
    ...withHeads(type, once),
    ...pullUps(board, rails, once),
    ...radioBlocks(build, board, rails),
    ...headHeaters(type, build),
  ];
  return {
    blocks: [...blocks, boardBlock(board, rails, [...blocks, ...others], fitted, fitted.some(inside)), ...others],
  };
}

/** Name of a build's picture. */
export const nameOf = (type: SiteType, build: Build): string => `${type.name}-${build.board}-${build.uplink}`;

/** All posts that can be built of a site type, in the order of its builds. */
export async function postsOf(type: SiteType): Promise<Post[]> {
  const posts: Post[] = [];
  for (const build of type.builds) {
    const fitted = await fittedOf(type, build);
    const board = boardOf(build.board);
    if (board === undefined) throw new Error(`${type.name}: no board is called ${build.board}`);
    const circuit = circuitOf(type, build, board, fitted);
    posts.push({ type, build, board, fitted, circuit, name: nameOf(type, build) });
  }
  return posts;
}

/**
 * The wiring of one sensor alone, by each kind of port that it can stand on: the same blocks as in the pictures of the
 * posts, at a board whose supply is given. They lie in the sensors' folders, so that a sensor that no site has is
 * explained like all others.
 */
import { SENSORS } from "../../firmware/sensors/list.js";
import type { PortKind, SensorKind } from "../../firmware/sensors/sensor.js";
import { boardOf, BOARDS, type Board } from "../boards.js";
import { factsOf } from "../facts.js";
import { portKind } from "../ports.js";
import { sensorsOf, SITE_TYPES } from "../sites.js";
import type { Block, Circuit, Terminal } from "./circuit.js";
import { netsOf } from "./circuit.js";
import type { FittedSensor } from "./converter-blocks.js";
import { isPin, pullUps, useOf } from "./of-build.js";
import { drawingOf } from "./picture.js";
import { sensorBlocks } from "./sensor-blocks.js";
import { GND, SENSE, type Rails } from "./supply-blocks.js";
import { WORDS } from "./words.js";

/** Folder of the sensors' folders. */
export const SENSOR_FOLDERS = "firmware/sensors";

/** Rails of a board that is fed with 5 V; one that runs on cells has none but its own. */
const WIRED: Rails = { five: "5V", low: "3V3", lowV: 3.3, switched: "5V", switchedV: 5 };
const BY_CELLS: Rails = { five: null, low: "3V3", lowV: 3.3, switched: "3V3", switchedV: 3.3 };

/** One sensor on one port. */
export interface SensorPicture {
  sensor: string;
  kind: PortKind;
  board: Board;
  circuit: Circuit;
  /** Path of its file, from the project's top folder. */
  file: string;
}

const portOf = (board: Board, kind: PortKind): string | undefined =>
  [board.uarts, board.i2cs, board.pins].flatMap((ports) => Object.keys(ports)).find((p) => portKind(board, p) === kind);

/** The board at which it is drawn: a usual one where it stands at no site, or at sites with such a board too. */
function drawnAt(sensor: string, kind: PortKind): Board {
  const used = SITE_TYPES.flatMap((type) =>
    type.builds.flatMap((build) => {
      const board = boardOf(build.board);
      const there = sensorsOf(type, build).some(
        (on) => on.sensor === sensor && board && portKind(board, on.port) === kind,
      );
      return there && board !== undefined ? [board] : [];
    }),
  );
  return BOARDS.find((board) => used.includes(board)) ?? BOARDS[0];
}

/** The board with its supply given, and each pin that something is joined to. */
function boardBlock(board: Board, port: string, rails: Rails, others: Block[], sense: boolean): Block {
  const nets = [...netsOf({ blocks: others }).keys()];
  const given: Terminal[] = [];
  if (rails.five !== null && nets.includes(rails.five)) given.push({ pin: "5V", net: rails.five, givesV: 5 });
  if (nets.includes(rails.low)) given.push({ pin: "3V3", net: rails.low, givesV: rails.lowV });
  const pins = nets.filter(isPin).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  return {
    name: board.name,
    title: board.name,
    lines: [board.mcu],
    part: null,
    kind: "board",
    terminals: [
      ...given,
      { pin: "GND", net: GND },
      ...(sense ? [SENSE] : []),
      ...pins.map((net) => ({ pin: `${net} ${useOf(board, net, [port])}`.trim(), net })),
    ],
    open: [],
  };
}

/** What a board that measures its own cells has beside it. */
const CELLS: Block = {
  name: "cells",
  title: "cells, behind their fuse",
  lines: [],
  part: null,
  kind: "sensor",
  terminals: [
    { pin: "+", net: SENSE.net, givesV: 3.6 },
    { pin: "−", net: GND },
  ],
  open: [],
};

async function pictureOn(kind: PortKind, { name: sensor, defaults: options }: SensorKind): Promise<SensorPicture> {
  const facts = await factsOf(sensor);
  const board = drawnAt(sensor, kind);
  const port = portOf(board, kind);
  if (port === undefined) throw new Error(`${sensor}: ${board.name} has no port for ${kind}`);
  const rails = board.network === null ? BY_CELLS : WIRED;
  const fitted: FittedSensor = { on: { sensor, port }, facts, options };
  const inside = facts.ofBoard === true && rails.five === null;
  const blocks = inside ? [CELLS] : sensorBlocks(fitted, board, rails);
  const others = [...blocks, ...pullUps(board, rails, blocks)];
  const circuit = { blocks: [boardBlock(board, port, rails, others, inside), ...others] };
  return { sensor, kind, board, circuit, file: `${SENSOR_FOLDERS}/${sensor}/wiring-${kind}.svg` };
}

/** All pictures of all sensors of the list. */
export async function sensorPictures(): Promise<SensorPicture[]> {
  const all = await Promise.all(SENSORS.map((one) => Promise.all(one.ports.map((kind) => pictureOn(kind, one)))));
  return all.flat();
}

/** The picture as an SVG. */
export async function drawnSensor({ sensor, kind, board, circuit }: SensorPicture): Promise<string> {
  const { label } = await factsOf(sensor);
  return drawingOf({
    circuit,
    title: `${WORDS.picture.en}: ${sensor}, ${kind}`,
    heading: `${sensor}: ${kind}, ${board.name}`,
    label,
    legend: [WORDS.legendJoined, WORDS.legendOutside, WORDS.legendOpen],
    numberOf: () => undefined,
  });
}

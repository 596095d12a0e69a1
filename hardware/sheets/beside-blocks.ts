/** What stands in the wires between a sensor and the board, as its facts tell it: resistors of a contact, a receiver. */
import type { Beside, Spot } from "../../firmware/sensors/facts-of.js";
import type { Board } from "../boards.js";
import { portKind } from "../ports.js";
import type { Block, Small } from "./circuit.js";
import { between, resistor } from "./circuit.js";
import { blockName, portNets, type FittedSensor } from "./converter-blocks.js";
import { GND, type Rails } from "./supply-blocks.js";

/** Where the wire of such a pin ends, or undefined: it goes to the board. */
const pinOf = (spot: Spot): string | undefined => /^pin (.*)$/.exec(spot)?.[1];

function besideOf({ on, facts }: FittedSensor, board: Board): Beside[] {
  const kind = portKind(board, on.port);
  return (facts.beside ?? []).filter((one) => one.on === undefined || one.on === kind);
}

/** Net of a pin that something stands beside; undefined where it goes straight to the board. */
export function ownNet(fitted: FittedSensor, pin: string, board: Board): string | undefined {
  const named = besideOf(fitted, board).some(({ joins }) => joins.some(({ to }) => pinOf(to) === pin));
  return named ? `${blockName(fitted.on)} ${pin}` : undefined;
}

function smallOf(mark: string): Small {
  if (mark.endsWith("Ω")) return resistor(mark);
  const what = mark.endsWith("F")
    ? { en: "capacitor", ru: "конденсатор", kk: "конденсатор" }
    : { en: "diode", ru: "диод", kk: "диод" };
  return { mark, label: { en: `${what.en} ${mark}`, ru: `${what.ru} ${mark}`, kk: `${what.kk} ${mark}` } };
}

/** Everything that stands beside a sensor at its port. Throws where it goes to what the port has not. */
export function besideBlocks(fitted: FittedSensor, board: Board, rails: Rails): Block[] {
  const name = blockName(fitted.on);
  const netOf = (to: Spot): string => {
    const pin = pinOf(to);
    if (pin !== undefined) return ownNet(fitted, pin, board) ?? to;
    if (to === "gnd") return GND;
    if (to === "low") return rails.low;
    const net = portNets(board, fitted.on.port)[to as "rx" | "signal"];
    if (net === undefined) throw new Error(`${name}: ${to}, which ${fitted.on.port} has not`);
    return net;
  };
  return besideOf(fitted, board).map(({ mark, joins, extra }, i): Block => {
    const [a, b] = joins.map(({ to }) => netOf(to));
    if (joins.every(({ pin }) => pin === undefined)) return between(`${name} beside ${i + 1}`, smallOf(mark), a, b);
    return {
      name: `${name} ${mark}`,
      title: mark,
      lines: [],
      part: extra ?? null,
      kind: "sensor",
      terminals: joins.map(({ pin = "", to }) => ({ pin, net: netOf(to) })),
      open: [],
    };
  });
}

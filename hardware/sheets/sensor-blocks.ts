/** A sensor on a port of a board, as blocks: pins by its own facts, and what must stand between it and the board. */
import type { PartPin } from "../../firmware/sensors/facts-of.js";
import type { Board } from "../boards.js";
import { portKind } from "../ports.js";
import { besideBlocks, ownNet } from "./beside-blocks.js";
import type { Block, Small, Terminal } from "./circuit.js";
import { between, resistor } from "./circuit.js";
import { blockName, converterOf, electrode, loadCell, LOOP, portNets, type FittedSensor } from "./converter-blocks.js";
import { GND, type Rails } from "./supply-blocks.js";

/** What an input of the board bears above its own supply, in V. */
const MARGIN_V = 0.3;
/** A longer part number is a description: the parts list has it. */
const LONGEST_TITLE = 40;
const FUSE_50MA: Small = {
  mark: "50 mA",
  label: {
    en: "fuse 50 mA, with holder",
    ru: "предохранитель 50 мА, с держателем",
    kk: "50 мА сақтандырғыш, ұстағышымен",
  },
};

/** The voltage that a pin's note begins with: "5 V: the fan needs it", "12–24 V, …". */
function wantedV(note: string | undefined): number | null {
  const found = /^(\d+(?:\.\d+)?)(?:–\d+)? V/.exec(note ?? "");
  return found === null ? null : Number(found[1]);
}

const ofConverter = ({ pin, name }: PartPin): boolean => pin.startsWith("ADS1115") || name.startsWith("ADS1115");

function supplyNet(pin: PartPin, fitted: FittedSensor, rails: Rails): string {
  const wanted = wantedV(pin.note);
  if (wanted === 12) return "12V";
  if (fitted.on.power !== undefined) return rails.switched;
  return wanted === 5 && rails.five !== null ? rails.five : rails.low;
}

function netOf(pin: PartPin, fitted: FittedSensor, board: Board, rails: Rails): string {
  const { sensor, port } = fitted.on;
  const own = ownNet(fitted, pin.pin, board);
  if (own !== undefined) return own;
  if (pin.to === "gnd") return GND;
  if (pin.to === "supply") return supplyNet(pin, fitted, rails);
  if (pin.to === "loop") return LOOP;
  if (pin.name === "working electrode") return electrode(fitted, "WE");
  if (pin.name === "auxiliary electrode") return electrode(fitted, "AE");
  const nets = portNets(board, port);
  // A part that speaks either way has its data on the pin that says both.
  const onBus = portKind(board, port) === "i2c";
  const to = onBus && pin.to === "tx" ? "sda" : onBus && pin.to === "rx" ? "scl" : pin.to;
  const net = nets[to];
  if (net === undefined) throw new Error(`${sensor}: pin ${pin.pin} goes to ${pin.to}, which ${port} has not`);
  return net;
}

/** The blocks of a sensor. Throws when one of its pins goes to what its port has not. */
export function sensorBlocks(fitted: FittedSensor, board: Board, rails: Rails): Block[] {
  const { on, facts } = fitted;
  const name = blockName(on);
  const onBus = portKind(board, on.port) === "i2c";
  const bridge = facts.pins.filter(({ to }) => to === "bridge");
  const own = facts.pins
    .filter((pin) => !ofConverter(pin) && !bridge.includes(pin))
    .map((pin): PartPin => (onBus && pin.groundedOnI2c === true ? { ...pin, to: "gnd" } : pin));
  const divided = new Set<string>();

  const railV: { [net: string]: number } = {
    [rails.five ?? ""]: 5,
    [rails.low]: rails.lowV,
    [rails.switched]: rails.switchedV,
  };
  const fed = own.find(({ to }) => to === "supply");
  const outputV = Math.min(
    facts.logicV,
    fed === undefined ? facts.logicV : (railV[supplyNet(fed, fitted, rails)] ?? 0),
  );

  const terminalOf = (pin: PartPin): Terminal => {
    const net = netOf(pin, fitted, board, rails);
    const both = pin.pin.endsWith(pin.name) ? pin.pin : `${pin.pin} ${pin.name}`;
    const label = pin.name.includes(pin.pin) ? pin.name : both;
    const terminal: Terminal = { pin: label, net, note: pin.note };
    if (pin.to === "supply") terminal.needsV = facts.supplyV;
    if (net === "12V") terminal.inline = FUSE_50MA;
    if (pin.to === "rx" && outputV > rails.lowV + MARGIN_V) {
      terminal.inline = resistor("10 kΩ");
      divided.add(net);
    }
    return terminal;
  };

  const wired = own.filter(({ to }) => to !== "open").map(terminalOf);
  const open = own.filter(({ to }) => to === "open");
  const extra: Block[] = [];
  if (bridge.length > 0) {
    const { block, ends } = loadCell(bridge);
    wired.push(...ends);
    extra.push(block);
  }
  const ordered = facts.part.split(/ \(|, /)[0];
  const block: Block = {
    name,
    title: ordered.length > LONGEST_TITLE ? facts.label.en : ordered,
    lines: [`${name}: ${on.port}`],
    part: on.sensor,
    kind: "sensor",
    // Of a weighing only the cells are outside.
    ...(facts.outside !== undefined && extra.length === 0 ? { outside: true as const } : {}),
    terminals: wired,
    open: open.map(({ pin }) => pin),
  };
  const dividers = [...divided].map((net) => between(`${name} divider`, resistor("20 kΩ"), net, GND));
  return [block, ...extra, ...dividers, ...besideBlocks(fitted, board, rails), ...converterOf(fitted, board, rails)];
}

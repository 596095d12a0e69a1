/** What stands between a sensor and the board: a converter for cells and probes, the bridge of a weighing. */
import type { PartPin, SensorFacts } from "../../firmware/sensors/facts-of.js";
import type { Options } from "../../firmware/sensors/sensor.js";
import type { Board } from "../boards.js";
import type { SensorOnPort } from "../sites.js";
import type { Block, Terminal } from "./circuit.js";
import { between, resistor } from "./circuit.js";
import { GND, type Rails } from "./supply-blocks.js";

/** A sensor of a site type with everything that is known of it. */
export interface FittedSensor {
  on: SensorOnPort;
  facts: SensorFacts;
  options: Options;
}

/** Net of the loop of 4–20 mA, behind the probe. */
export const LOOP = "LOOP";
/** A converter's own needs (SBAS444): its supply. */
const CONVERTER_V: [number, number] = [2, 5.5];

export const blockName = ({ sensor, suffix = "" }: SensorOnPort): string => sensor + suffix;

/** Names of the nets behind a port: the board's pins. */
export function portNets(board: Board, port: string): Partial<Record<PartPin["to"], string>> {
  const none: { [option: string]: unknown } = {};
  const { rx, tx } = board.uarts[port]?.options ?? none;
  const { sda, scl } = board.i2cs[port]?.options ?? none;
  const { pin, miso, mosi } = board.pins[port]?.options ?? none;
  const named = (name: unknown): string | undefined => (name === undefined ? undefined : String(name));
  return {
    rx: named(rx),
    tx: named(tx),
    sda: named(sda),
    scl: named(scl),
    signal: named(pin ?? miso),
    sck: named(mosi),
  };
}

/** The converter ADS1115 at an address: its ADDR pin goes where the address wants it. */
function converter(address: number, inputs: Terminal[], board: Board, port: string, rails: Rails): Block {
  const { sda = "", scl = "" } = portNets(board, port);
  const strap = [GND, rails.low, sda, scl][address - 0x48];
  return {
    name: `ads1115-${address.toString(16)}`,
    title: `ADS1115 (0x${address.toString(16)})`,
    lines: [],
    part: "ADS1115",
    kind: "sensor",
    terminals: [
      { pin: "VDD", net: rails.low, needsV: CONVERTER_V },
      { pin: "GND", net: GND },
      { pin: "SCL", net: scl },
      { pin: "SDA", net: sda },
      { pin: "ADDR", net: strap },
      ...inputs,
    ],
    open: ["ALERT"],
  };
}

/** Net of a cell's electrode: "NO2 WE", "OX AE", with the suffix of the second of its kind. */
export const electrode = ({ on }: FittedSensor, which: string): string =>
  `${on.sensor.split("-")[0].toUpperCase()} ${which}${on.suffix ?? ""}`;

/** Cells and probes speak to a converter, not to the board: which of its inputs is an option of theirs. */
export function converterOf(fitted: FittedSensor, board: Board, rails: Rails): Block[] {
  const { port } = fitted.on;
  const { address, we, ae, channel } = fitted.options;
  const name = blockName(fitted.on);
  if (fitted.facts.pins.some(({ to }) => to === "loop"))
    return [
      converter(address, [{ pin: `A${channel}`, net: LOOP, inline: resistor("2.2 kΩ") }], board, port, rails),
      between(`${name} burden`, resistor("150 Ω 0.1 %"), LOOP, GND),
      {
        name: "boost-12v",
        title: "TPS61170: 12 V",
        lines: [],
        part: "boost-12v",
        kind: "supply",
        terminals: [
          { pin: "VIN, EN", net: rails.five ?? rails.switched, needsV: [3, 18] },
          { pin: "GND", net: GND },
          { pin: "VOUT", net: "12V", givesV: 12 },
        ],
        open: [],
      },
      ...(fitted.facts.extras ?? [])
        .filter(({ part }) => part.startsWith("surge arrester"))
        .map(({ part, note }): Block => ({
          name: "surge-loop",
          title: "SPD 24 V",
          lines: [],
          part,
          kind: "sensor",
          terminals: [
            { pin: "+", net: "12V", note },
            { pin: "−", net: LOOP },
            { pin: "PE", net: "PE" },
          ],
          open: [],
        })),
    ];
  if (we === undefined) return [];
  // A cell's board runs on 5 V and the converter on 3.3 V: what is too much is held back by its input's diodes (at most
  // 10 mA: ADS1115 data sheet SBAS444, §7.1), and by this it is below 1 mA.
  const guard = resistor("2.2 kΩ");
  const inputs: Terminal[] = [
    { pin: `A${we}`, net: electrode(fitted, "WE"), inline: guard },
    { pin: `A${ae}`, net: electrode(fitted, "AE"), inline: guard },
  ];
  return [converter(address, inputs, board, port, rails)];
}

/** The bridge of load cells that hangs on these pins: its ends at the part, and itself, with the colours of its wires. */
export function loadCell(pins: PartPin[]): { block: Block; ends: Terminal[] } {
  const ends: Terminal[] = pins.map(({ pin }) => ({ pin, net: `bridge ${pin}` }));
  const block: Block = {
    name: "load-cell",
    title: "4 × 350 Ω",
    lines: ["load cells in a bridge"],
    part: null,
    kind: "sensor",
    outside: true,
    terminals: ends.map((end, i) => ({ ...end, note: pins[i].note })),
    open: [],
  };
  return { block, ends };
}

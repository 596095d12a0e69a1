/**
 * What is joined to what in a post: blocks with terminals, and nets that terminals share by name. Wiring picture, list
 * of wires and list of small parts are all made from this one thing, and `rules.ts` looks for faults in it.
 */
import type { Text } from "../text.js";

/** A part without a block of its own: it sits in a wire (resistor, fuse, diode). */
export interface Small {
  label: Text;
  /** What the picture says of it: `10 kΩ`. */
  mark: string;
}

export interface Terminal {
  /** As it is printed on the part. */
  pin: string;
  net: string;
  inline?: Small;
  /** It feeds its net, with so many volts. */
  givesV?: number;
  /** It takes its supply from its net, and bears so many volts. */
  needsV?: [min: number, max: number];
  note?: string;
}

export interface Block {
  /** Its own in a circuit. */
  name: string;
  title: string;
  lines: string[];
  /** Its line in the parts list: a part's name of hardware/parts, or a sensor's folder. Small parts have their label. */
  part: string | null;
  kind: "supply" | "board" | "sensor" | "radio" | "small";
  /** It hangs outside of the box, at a cable. */
  outside?: true;
  terminals: Terminal[];
  /** Pins that stay open. */
  open: string[];
  /** What a block of the kind `small` stands for. */
  smalls?: Small[];
}

export interface Circuit {
  blocks: Block[];
}

/** A place where a wire ends. */
export interface End {
  block: Block;
  terminal: Terminal;
}

/** Every net with the terminals that are on it, in the order of the blocks. */
export function netsOf(circuit: Circuit): Map<string, End[]> {
  const nets = new Map<string, End[]>();
  for (const block of circuit.blocks)
    for (const terminal of block.terminals) {
      const ends = nets.get(terminal.net) ?? [];
      ends.push({ block, terminal });
      nets.set(terminal.net, ends);
    }
  return nets;
}

/** All small parts of a circuit: those in wires and those with a block of two ends. */
export function smallsOf(circuit: Circuit): Small[] {
  return circuit.blocks.flatMap((block) => [
    ...(block.smalls ?? []),
    ...block.terminals.flatMap(({ inline }) => (inline === undefined ? [] : [inline])),
  ]);
}

/** A resistor of 1 % (or better: say so in `mark`), such as "10 kΩ". */
export function resistor(mark: string): Small {
  const ohms = mark.replace("kΩ", "кОм").replace("Ω", "Ом").replaceAll(".", ",");
  const exact = mark.includes("%") ? "" : ", 1 %";
  return {
    mark,
    label: { en: `resistor ${mark}${exact}`, ru: `резистор ${ohms}${exact}`, kk: `${ohms}${exact} резисторы` },
  };
}

/** A small part between two nets. */
export function between(name: string, small: Small, a: string, b: string): Block {
  return {
    name,
    title: small.mark,
    lines: [],
    part: null,
    kind: "small",
    terminals: [
      { pin: "", net: a },
      { pin: "", net: b },
    ],
    open: [],
    smalls: [small],
  };
}

/** Heaters with their thermostats: of the box on 230 V, of a sensing head on 24 V. */
import { mountOf } from "../mounts/index.js";
import type { Head, Mount } from "../mounts/mount.js";
import { partOf } from "../parts.js";
import type { Build, SiteType } from "../sites.js";
import type { Block, Small, Terminal } from "./circuit.js";

/** Behind the thermostat of the box; drawn thick as all that is live. */
const HEATED = "L heat";
const OUT_24 = "24V";
const BACK_24 = "24V −";

function supply(name: string, part: string, title: string, terminals: Terminal[]): Block {
  return { name, title, lines: [], part, kind: "supply", terminals, open: [] };
}

/** In a head the thermostat is drawn in the heater's wire: the picture of two heads must fit on a page. */
const THERMOSTAT: Small = { label: partOf("thermostat").label, mark: "KTO 111" };
const OPENS = "over the thermostat: opens when warm, set to 5 °C";

function headBlock({ name }: Head): Block {
  const heater = supply(`heater-${name}`, "heater-head", "100 Ω: 6 W at 24 V", [
    { pin: "+", net: OUT_24, inline: THERMOSTAT, note: OPENS },
    { pin: "−", net: BACK_24 },
  ]);
  return { ...heater, lines: [inHead(name)], outside: true };
}

function boxBlocks(): Block[] {
  return [
    supply("thermostat", "thermostat", "KTO 111: 5 °C", [
      { pin: "1", net: "L", note: "opens when warm; set to 5 °C" },
      { pin: "2", net: HEATED },
    ]),
    supply("heater", "heater", "heater 20 W 230 V", [
      { pin: "L", net: HEATED },
      { pin: "N", net: "N" },
      { pin: "PE", net: "PE", note: "of a heater of class II: stays at the terminal" },
    ]),
  ];
}

/** What a block's second line says when it stands in a head. */
export const inHead = (name: string): string => `in head: ${name}`;

const mountOfMains = (type: SiteType, build: Build): Mount | undefined =>
  build.supply === "mains" ? mountOf(type.name) : undefined;

/** The heater of the box with its thermostat, where a type of post has one and stands on mains. */
export function boxHeater(type: SiteType, build: Build): Block[] {
  const heated = mountOfMains(type, build)?.extras.some(({ part }) => part === "heater") === true;
  return heated ? boxBlocks() : [];
}

/** The heaters of its heads with their supply. */
export function headHeaters(type: SiteType, build: Build): Block[] {
  const heads = mountOfMains(type, build)?.heads ?? [];
  if (heads.length === 0) return [];
  const fed = supply("mains-24v", "mains-24v", "HDR-15-24", [
    { pin: "L", net: "L" },
    { pin: "N", net: "N" },
    { pin: "+V", net: OUT_24, givesV: 24 },
    { pin: "−V", net: BACK_24, note: "not to GND: the heaters' current has wires of its own" },
  ]);
  return [fed, ...heads.map(headBlock)];
}

/** The same blocks, with those marked that a type of post has in a head away from its box. */
export function withHeads(type: SiteType, blocks: Block[]): Block[] {
  const heads = mountOf(type.name)?.heads ?? [];
  return blocks.map((block) => {
    const head = heads.find(({ holds }) => holds.includes(block.name));
    return head === undefined ? block : { ...block, lines: [...block.lines, inHead(head.name)], outside: true };
  });
}

/** Everything to order for a post, each part once, with its count and class of cost; and what it comes to. */
import { kitOf } from "../kits.js";
import type { Mount } from "../mounts/mount.js";
import { COST_USD, PARTS, partOf } from "../parts.js";
import { EXTRAS, SENSOR_ORDERS, SMALL_ORDERS } from "../parts/sensors.js";
import type { Text } from "../text.js";
import { smallsOf } from "./circuit.js";
import type { Post } from "./of-build.js";
import { isNeeded } from "./supply-blocks.js";
import { BOUGHT } from "./words.js";

export interface Line {
  number: number;
  /** Name that the circuit's blocks refer to. */
  part: string;
  label: Text;
  order: string;
  count: number;
  costClass: number;
  /** What to know of it, in English. */
  note?: string;
}

/** What sensors' facts name as extras and the circuit draws, or the mount brings: it is counted there. */
const COUNTED_ELSEWHERE = /^resistor|^capacitor|^Zener|^ADS1115|ISB|^step-up|^shield of white plates/;
const EXTRA_CLASS: [RegExp, number][] = [
  [/surge|MAX3232/, 2],
  [/./, 1],
];

type Found = Omit<Line, "number">;
const same = (en: string): Text => ({ en, ru: en, kk: en });

function sensorLines({ fitted, circuit }: Post): Found[] {
  const lines: Found[] = [];
  for (const { on, facts } of fitted) {
    // What is part of the board is not ordered.
    if (!circuit.blocks.some(({ part }) => part === on.sensor)) continue;
    lines.push({
      part: on.sensor,
      label: facts.label,
      order: [`${facts.part} (${facts.maker})`, SENSOR_ORDERS[on.sensor]].filter(Boolean).join("; "),
      count: 1,
      costClass: facts.costClass,
    });
    for (const extra of facts.extras ?? [])
      if (!COUNTED_ELSEWHERE.test(extra.part)) {
        const costClass = EXTRA_CLASS.find(([pattern]) => pattern.test(extra.part))?.[1] ?? 1;
        const { label = same(extra.part), order = extra.note } = EXTRAS[extra.part] ?? {};
        lines.push({ part: extra.part, label, order, count: extra.count, costClass });
      }
  }
  return lines;
}

function partLine(name: string, count: number): Found {
  const { label, order, costClass, note } = partOf(name);
  return { part: name, label, order, count, costClass, note };
}

/** Parts that stand in the circuit without a sensor or a kit that brings them: converters, the probe's supply. */
function boughtLines({ circuit }: Post, kit: string[], extras: string[]): Found[] {
  return circuit.blocks.flatMap(({ part }) => {
    if (part === null || kit.includes(part) || extras.includes(part)) return [];
    const bought = BOUGHT[part];
    if (bought !== undefined) return [{ part, ...bought, count: 1 }];
    return PARTS.some(({ name }) => name === part) ? [partLine(part, 1)] : [];
  });
}

function smallLines(post: Post): Found[] {
  const known = PARTS.map(({ label }) => label.en);
  return smallsOf(post.circuit)
    .filter(({ label }) => !known.includes(label.en))
    .map(({ label, mark }) => ({
      part: label.en,
      label,
      order: SMALL_ORDERS[mark] ?? (mark.endsWith("Ω") ? `${mark} 1 %, 0.25 W, metal film` : mark),
      count: 1,
      costClass: 1,
    }));
}

/** The parts of a post with what its mount adds, numbered; each part once. */
export function partsList(post: Post, mount: Mount): Line[] {
  const { type, build, fitted } = post;
  const outside = fitted.flatMap(({ facts }) => facts.outside ?? []);
  const switched = fitted.some(({ on }) => on.power !== undefined);
  const sensed = fitted.some(({ facts }) => facts.ofBoard === true);
  const kit = kitOf(type.name, outside, build).filter((item) => isNeeded(item, switched, sensed));
  const named = (items: { part: string }[]): string[] => items.map(({ part }) => part);
  const all: Found[] = [
    ...sensorLines(post),
    ...kit.map(({ part, count }) => partLine(part, count)),
    ...boughtLines(post, named(kit), named(mount.extras)),
    ...mount.extras.map(({ part, count }) => partLine(part, count)),
    ...smallLines(post),
  ];
  const lines: Found[] = [];
  for (const found of all) {
    const line = lines.find(({ part }) => part === found.part);
    if (line === undefined) lines.push({ ...found });
    else line.count += found.count;
  }
  return lines.map((line, i) => ({ number: i + 1, ...line }));
}

/** What a line costs about, US$: the ends of its class, times its count. */
export function costOf({ costClass, count }: Line): [from: number, to: number] {
  const [from, to] = COST_USD[costClass];
  return [from * count, to * count];
}

export function totalOf(lines: Line[]): { pieces: number; usd: [number, number] } {
  const sum = (of: (line: Line) => number): number => lines.reduce((all, line) => all + of(line), 0);
  return { pieces: sum(({ count }) => count), usd: [sum((l) => costOf(l)[0]), sum((l) => costOf(l)[1])] };
}

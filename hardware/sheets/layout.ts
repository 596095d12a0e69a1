/**
 * Where everything stands in a wiring picture. Blocks stand in two columns, their pins towards the middle; there every
 * net has an upright line of its own, and each pin a level one up to it. Two nets that do not overlap in height may
 * share a column, taken from the left as in the channels of printed circuits. Level lines of the two sides lie half a
 * step apart, so that none can be taken for another's going on.
 */
import type { Block, Circuit, Terminal } from "./circuit.js";
import { netsOf } from "./circuit.js";
import { WIDTH_MM, widthOf, wrapped } from "./svg.js";

export const BLOCK_W = 47;
/** A border is drawn on both sides of its line. */
export const EDGE = 0.4;
/** Beside each block: room for what sits in a wire, and for the net's name. */
export const ZONE_W = 19;
/** From pin to pin: the first with which a picture fits on a page. */
const PITCHES = [4.2, 3.7, 3.3, 3, 2.85];
export const TITLE_SIZE = 2.9;
export const SMALL_W = 20;
const LINE_H = 3.1;
const PAD = 1.2;
const GAP = 2.6;
/** Between a block's head and its first wire: the net's name stands there. */
const HEAD_GAP = 2.2;
/** Between the ends of two nets in one column. */
const CLEAR = 8;

export interface Row {
  terminal: Terminal;
  y: number;
}

export interface Placed {
  block: Block;
  left: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
  title: string[];
  lines: string[];
  rows: Row[];
}

export interface Rail {
  net: string;
  x: number;
  top: number;
  bottom: number;
}

export interface Layout {
  placed: Placed[];
  rails: Rail[];
  height: number;
}

function linesOf(block: Block): { title: string[]; lines: string[] } {
  if (block.kind === "small") return { title: [], lines: [] };
  const width = BLOCK_W - 2 * PAD;
  const title = wrapped(block.title, width - 8, { size: TITLE_SIZE, bold: true });
  const open = block.open.length === 0 ? [] : [`× ${block.open.join(", ")}`];
  const lines: string[] = [];
  for (const text of [...block.lines, ...open]) {
    const joined = lines.length === 0 ? text : `${lines[lines.length - 1]} · ${text}`;
    if (widthOf(joined) <= width) lines.splice(-1, 1, joined);
    else lines.push(...wrapped(text, width));
  }
  return { title, lines };
}

/** Where the first row of pins begins, below a block's upper edge. */
export function headHeight(title: string[], lines: string[]): number {
  return title.length * (TITLE_SIZE + 0.9) + lines.length * LINE_H + (title.length > 0 ? PAD : 0);
}

function heightOf(block: Block, pitch: number): number {
  const { title, lines } = linesOf(block);
  return headHeight(title, lines) + HEAD_GAP + block.terminals.length * pitch + PAD;
}

/**
 * Which blocks stand on the left: supply and board. Sensors stand on the right, what belongs to none of them where there
 * is more room, and the last sensors on the left as well if they are too many.
 */
function columns(circuit: Circuit, pitch: number): { left: Block[]; right: Block[] } {
  const tall = (blocks: Block[]): number => blocks.reduce((sum, block) => sum + heightOf(block, pitch) + GAP, 0);
  const board = circuit.blocks.findIndex(({ kind }) => kind === "board");
  const left = circuit.blocks.slice(0, board + 1);
  const rest = circuit.blocks.slice(board + 1);
  const right = rest.filter(
    ({ kind, name }) => kind === "sensor" || (kind === "small" && !name.startsWith("pull-ups")),
  );
  for (const block of rest.filter((one) => !right.includes(one)))
    (tall(left) <= tall(right) ? left : right).push(block);
  for (
    let last = right[right.length - 1];
    tall(left) + heightOf(last, pitch) < tall(right);
    last = right[right.length - 1]
  )
    left.push(...right.splice(-1, 1));
  return { left, right };
}

function place(blocks: Block[], left: boolean, top: number, pitch: number): Placed[] {
  let y = top;
  return blocks.map((block) => {
    const { title, lines } = linesOf(block);
    const width = block.kind === "small" ? SMALL_W : BLOCK_W;
    const phase = left ? 0 : pitch / 2;
    const lowest = y + headHeight(title, lines) + HEAD_GAP;
    const first = Math.ceil((lowest - phase) / pitch) * pitch + phase;
    const rows = block.terminals.map((terminal, i) => ({ terminal, y: first + i * pitch }));
    const height = rows[rows.length - 1].y + HEAD_GAP - y;
    const x = left ? BLOCK_W - width + (width === BLOCK_W ? EDGE : 0) : WIDTH_MM - BLOCK_W;
    const placed = { block, left, x, y, width: width === BLOCK_W ? width - EDGE : width, height, title, lines, rows };
    y += height + GAP;
    return placed;
  });
}

/** Nets as upright lines: those that begin highest first, each in the leftmost column that is free at its height. */
function railsOf(circuit: Circuit, placed: Placed[]): Rail[] {
  const spans = [...netsOf(circuit).keys()].map((net) => {
    const ys = placed.flatMap(({ rows }) => rows.filter(({ terminal }) => terminal.net === net).map(({ y }) => y));
    return { net, top: Math.min(...ys), bottom: Math.max(...ys) };
  });
  spans.sort((a, b) => a.top - b.top || b.bottom - a.bottom);
  const ends: number[] = [];
  const column = new Map<string, number>();
  for (const { net, top, bottom } of spans) {
    const free = ends.findIndex((end) => end + CLEAR <= top);
    const at = free < 0 ? ends.length : free;
    ends[at] = bottom;
    column.set(net, at);
  }
  const from = BLOCK_W + ZONE_W;
  const step = (WIDTH_MM - 2 * from) / (ends.length + 1);
  return spans.map(({ net, top, bottom }) => ({ net, top, bottom, x: from + step * ((column.get(net) ?? 0) + 1) }));
}

function withPitch(circuit: Circuit, top: number, pitch: number): Layout {
  const { left, right } = columns(circuit, pitch);
  const placed = [...place(left, true, top, pitch), ...place(right, false, top, pitch)];
  const height = Math.max(...placed.map(({ y, height: own }) => y + own));
  return { placed, rails: railsOf(circuit, placed), height };
}

/** Places a circuit below `top` mm, no deeper than `bottom` mm if that can be done. */
export function layoutOf(circuit: Circuit, top: number, bottom: number): Layout {
  const layouts = PITCHES.map((pitch) => withPitch(circuit, top, pitch));
  return layouts.find(({ height }) => height <= bottom) ?? layouts[layouts.length - 1];
}

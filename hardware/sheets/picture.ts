/** Wiring pictures: SVG to print, 180 mm wide, black on white. */
import type { Mount } from "../mounts/mount.js";
import type { Text } from "../text.js";
import type { Block, Circuit } from "./circuit.js";
import { layoutOf, TITLE_SIZE, type Placed, type Rail } from "./layout.js";
import type { Post } from "./of-build.js";
import type { Line } from "./parts-list.js";
import { dot, line, rect, svg, textAt, WIDTH_MM, widthOf, wrapped } from "./svg.js";
import { LANGUAGES, WORDS } from "./words.js";

const HEAD_H = 15;
const FOOT_H = 14;
/** A page of A4 with its margins holds so much. */
export const PAGE_MM = 268;
const SYMBOL_H = 2.7;
const MARK_SIZE = 2.3;
const LABEL_SIZE = 2.9;

/** What can kill is drawn thick. */
const strokeOf = (net: string): number => (/^[LN](~| heat)?$/.test(net) ? 0.8 : 0.35);

/** What sits in a wire, beside its block. */
function symbol(x: number, y: number, mark: string): string[] {
  const width = symbolWidth(mark);
  return [
    rect(x, y - SYMBOL_H / 2, width, SYMBOL_H, false, 0.3),
    textAt(x + width / 2, y + MARK_SIZE * 0.36, mark, { size: MARK_SIZE, anchor: "middle" }),
  ];
}

const symbolWidth = (mark: string): number => widthOf(mark, { size: MARK_SIZE }) + 1;

/** One pin: its name in the block, its wire to the net's line, what sits in the wire, and the net's name above it. */
function rowShapes(placed: Placed, row: Placed["rows"][number], rail: Rail): string[] {
  const { left, x, width, block } = placed;
  const { terminal, y } = row;
  const edge = left ? x + width : x;
  const shapes = [line(edge, y, rail.x, y, strokeOf(terminal.net)), dot(rail.x, y)];
  const inner = left ? edge - 1.2 : edge + 1.2;
  if (terminal.pin !== "")
    shapes.push(textAt(inner, y + 0.9, terminal.pin, { size: 2.5, anchor: left ? "end" : "start" }));
  if (terminal.inline !== undefined) {
    const wide = symbolWidth(terminal.inline.mark);
    shapes.push(...symbol(left ? edge + 1 : edge - 1 - wide, y, terminal.inline.mark));
  }
  // The names of a block's nets stand under each other, beyond the widest of what sits in its wires.
  const widest = Math.max(0, ...block.terminals.map(({ inline }) => (inline ? symbolWidth(inline.mark) + 1 : 0)));
  const at = left ? edge + widest + 0.8 : edge - widest - 0.8;
  shapes.push(textAt(at, y - 0.6, terminal.net, { bold: true, anchor: left ? "start" : "end" }));
  return shapes;
}

function blockShapes(placed: Placed, number: number | undefined): string[] {
  const { block, x, y, width, height, title, lines, rows } = placed;
  const shapes = [rect(x, y, width, height, block.outside === true, block.kind === "board" ? 0.7 : 0.4)];
  if (block.kind === "small") {
    const middle = (rows[0].y + rows[rows.length - 1].y) / 2;
    shapes.push(textAt(x + width / 2, middle + 0.9, block.title, { size: 2.5, bold: true, anchor: "middle" }));
    return shapes;
  }
  let at = y + TITLE_SIZE + 0.6;
  for (const text of title) {
    shapes.push(textAt(x + 1.5, at, text, { size: TITLE_SIZE, bold: true }));
    at += TITLE_SIZE + 0.9;
  }
  for (const text of lines) {
    shapes.push(textAt(x + 1.5, at - 0.4, text));
    at += 3.1;
  }
  if (number !== undefined)
    shapes.push(textAt(x + width - 1.2, y + TITLE_SIZE + 0.6, `№ ${number}`, { size: 2.5, anchor: "end" }));
  return shapes;
}

/** What a drawing shows, and how it is headed. */
export interface Drawing {
  circuit: Circuit;
  /** Of the file, as a reader reads it aloud. */
  title: string;
  heading: string;
  /** What it is, in all languages. */
  label: Text;
  legend: Text[];
  /** Number of a block's line in the parts list, where there is one. */
  numberOf: (block: Block) => number | undefined;
}

function head({ heading, label }: Drawing): string[] {
  const labels = LANGUAGES.map((language) => label[language]).join(" · ");
  return [
    textAt(0, 4.2, heading, { size: 4.2, bold: true }),
    ...wrapped(labels, WIDTH_MM, { size: LABEL_SIZE }).map((text, i) =>
      textAt(0, 8.6 + i * 3.6, text, { size: LABEL_SIZE }),
    ),
  ];
}

function foot(y: number, legend: Text[]): string[] {
  return LANGUAGES.map((language, i) => textAt(0, y + 3 + i * 3.6, legend.map((word) => word[language]).join(" · ")));
}

/** A circuit as an SVG. */
export function drawingOf(drawing: Drawing): string {
  const { circuit, title, legend, numberOf } = drawing;
  const { placed, rails, height } = layoutOf(circuit, HEAD_H, PAGE_MM - FOOT_H - 4);
  const railOf = new Map(rails.map((rail) => [rail.net, rail]));
  const shapes = [
    ...head(drawing),
    ...rails.map(({ net, x, top, bottom }) => line(x, top, x, bottom, strokeOf(net))),
    ...placed.flatMap((one) => blockShapes(one, numberOf(one.block))),
    ...placed.flatMap((one) =>
      one.rows.flatMap((row) => {
        const rail = railOf.get(row.terminal.net);
        return rail === undefined ? [] : rowShapes(one, row, rail);
      }),
    ),
    ...foot(height + 4, legend),
  ];
  return svg(height + 4 + FOOT_H, title, shapes);
}

/** The picture; `lines` gives each block the number of its line in the parts list. */
export function pictureOf(post: Post, mount: Mount, lines: Line[]): string {
  const { type, build, name, circuit } = post;
  return drawingOf({
    circuit,
    title: `${WORDS.picture.en}: ${name}`,
    heading: `${type.name}: ${build.board}, ${build.uplink}, ${build.supply}`,
    label: mount.label,
    legend: [WORDS.legendJoined, WORDS.legendOutside, WORDS.legendMains, WORDS.legendOpen],
    numberOf: (block) => lines.find(({ part }) => part === block.part)?.number,
  });
}

/** The part of a sheet that differs from build to build: picture, parts, wires, commands. */
import { WIRE_NOTES } from "../parts/sensors.js";
import type { Text } from "../text.js";
import { boxLayoutName, boxLayoutOf, boxLayoutTitle } from "./box-layout.js";
import type { Circuit, End } from "./circuit.js";
import { netsOf } from "./circuit.js";
import { said } from "../words/said.js";
import { commandsOf, flashingOf } from "./commission.js";
import { code, heading, paragraph, table, type Piece } from "./doc.js";
import { hubEndName, hubEndOf } from "./hub-end.js";
import type { Post } from "./of-build.js";
import { costOf, totalOf, type Line } from "./parts-list.js";
import { WORDS } from "./words.js";

const usd = ([from, to]: [number, number]): string => `${from}–${to}`;

function partsTable(lines: Line[], language: keyof Text): Piece[] {
  const { pieces, usd: sum } = totalOf(lines);
  const rows = lines.map((line) => [
    String(line.number),
    line.label[language],
    line.order,
    String(line.count),
    String(line.costClass),
    usd(costOf(line)),
  ]);
  const total = ["", WORDS.total[language], "", String(pieces), "", usd(sum)];
  const head = [WORDS.number, WORDS.part, WORDS.order, WORDS.count, WORDS.classOf, WORDS.cost];
  return [
    heading(3, WORDS.parts[language]),
    table(
      head.map((word) => word[language]),
      [...rows, total],
    ),
    paragraph(WORDS.classes[language]),
    table(
      [WORDS.number[language], WORDS.note[language]],
      lines.flatMap(({ number, note }) => (note === undefined ? [] : [[String(number), said(note, language)]])),
    ),
  ];
}

function endText({ block, terminal }: End): string {
  if (block.kind === "small") return block.title;
  const via = terminal.inline === undefined ? "" : ` (${terminal.inline.mark})`;
  return `${block.title.split(",")[0]}: ${terminal.pin}${via}`;
}

function wiresTable({ blocks }: Circuit, language: keyof Text): Piece[] {
  const rows = [...netsOf({ blocks })].map(([net, ends]) => {
    const notes = ends.flatMap(({ block, terminal }) => {
      const note = WIRE_NOTES[`${block.part} ${terminal.pin}`] ?? terminal.note;
      return note === undefined ? [] : [`${terminal.pin}: ${said(note, language)}`];
    });
    return [net, ends.map(endText).join(" — "), [...new Set(notes)].join("; ")];
  });
  return [table([WORDS.net[language], WORDS.joins[language], WORDS.note[language]], rows)];
}

function wires({ circuit }: Post, language: keyof Text): Piece[] {
  const open = circuit.blocks.filter((block) => block.open.length > 0);
  const opened = open.map((block) => `${block.title}: ${block.open.join(", ")}`).join("; ");
  return [
    heading(3, WORDS.wires[language]),
    ...wiresTable(circuit, language),
    paragraph(WORDS.colours[language]),
    ...(circuit.blocks.some(({ kind }) => kind === "small") ? [paragraph(WORDS.smallParts[language])] : []),
    ...(opened === "" ? [] : [paragraph(`${WORDS.leaveOpen[language]}: ${opened}.`)]),
  ];
}

function box(post: Post, lines: Line[], language: keyof Text): Piece[] {
  if (boxLayoutOf(post, lines) === null) return [];
  const title = boxLayoutTitle(language);
  return [heading(3, title), { kind: "picture", file: `${boxLayoutName(post)}.svg`, text: title }];
}

function hubEnd(post: Post, language: keyof Text): Piece[] {
  const circuit = hubEndOf(post);
  if (circuit === null) return [];
  const title = WORDS.hubEnd[language];
  return [
    heading(3, `${WORDS.wires[language]}: ${title}`),
    { kind: "picture", file: `${hubEndName(post)}.svg`, text: title },
    ...wiresTable(circuit, language),
  ];
}

/** Picture, parts, wires and set-up of one build. */
export function buildSection(post: Post, lines: Line[], language: keyof Text): Piece[] {
  const { build } = post;
  return [
    heading(2, `${WORDS.build[language]}: ${build.board}, ${build.uplink}, ${build.supply}`),
    { kind: "picture", file: `${post.name}.svg`, text: `${WORDS.wiring[language]}: ${post.name}` },
    ...partsTable(lines, language),
    ...wires(post, language),
    ...box(post, lines, language),
    ...hubEnd(post, language),
    heading(3, WORDS.settings[language]),
    paragraph(WORDS.boardSettings[language]),
    code(commandsOf(post)),
    paragraph(`${WORDS.intoFlash[language]}:`),
    code(flashingOf(post)),
  ];
}

/** A sheet as a list of plain pieces, and what becomes of it: Markdown to read on a screen, HTML to print. */
import { escaped } from "./svg.js";

export type Piece =
  | { kind: "comment"; text: string }
  | { kind: "heading"; level: 1 | 2 | 3; text: string }
  | { kind: "text"; text: string }
  | { kind: "picture"; file: string; text: string }
  | { kind: "steps"; items: { text: string; why?: string }[] }
  | { kind: "code"; lines: string[] }
  | { kind: "table"; head: string[]; rows: string[][] };

export const heading = (level: 1 | 2 | 3, text: string): Piece => ({ kind: "heading", level, text });
export const paragraph = (text: string): Piece => ({ kind: "text", text });
export const table = (head: string[], rows: string[][]): Piece => ({ kind: "table", head, rows });
export const code = (lines: string[]): Piece => ({ kind: "code", lines });

const cell = (text: string): string => text.replace(/\|/g, "\\|").replace(/\s+/g, " ").trim();
const lengthOf = (text: string): number => [...text].length;

/** A table with columns of one width, as the formatter of this project wants them. */
export function tableText(head: string[], rows: string[][]): string {
  const all = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, i) => Math.max(3, ...all.map((row) => lengthOf(row[i] ?? ""))));
  const row = (cells: string[]): string =>
    `| ${widths.map((width, i) => (cells[i] ?? "") + " ".repeat(width - lengthOf(cells[i] ?? ""))).join(" | ")} |`;
  return [row(all[0]), row(widths.map((width) => "-".repeat(width))), ...all.slice(1).map(row)].join("\n");
}

function markdownOf(piece: Piece): string {
  switch (piece.kind) {
    case "comment":
      return `<!-- ${piece.text} -->`;
    case "heading":
      return `${"#".repeat(piece.level)} ${piece.text}`;
    case "text":
      return piece.text;
    case "picture":
      return `![${piece.text}](../wiring/${piece.file})`;
    case "steps":
      return piece.items
        .map(({ text, why }, i) => `${i + 1}. ${text}${why === undefined ? "" : ` _${why}_`}`)
        .join("\n");
    case "code":
      return ["```sh", ...piece.lines, "```"].join("\n");
    case "table":
      return tableText(piece.head, piece.rows);
  }
}

export function toMarkdown(pieces: Piece[]): string {
  return pieces.map(markdownOf).join("\n\n") + "\n";
}

const STYLE = `
@page { size: A4; margin: 12mm 15mm; }
body { font: 9.5pt/1.35 "DejaVu Sans", "Liberation Sans", Arial, sans-serif; color: #000; }
h1 { font-size: 15pt; } h2 { font-size: 12pt; break-after: avoid; } h3 { font-size: 10.5pt; break-after: avoid; }
table { border-collapse: collapse; width: 100%; margin: 2mm 0; }
th, td { border: 0.25mm solid #000; padding: 0.8mm 1.4mm; text-align: left; vertical-align: top; font-size: 8.5pt; }
tr, li, img { break-inside: avoid; } thead { display: table-header-group; }
li { margin-bottom: 1mm; } em { font-size: 8.5pt; }
pre { font: 7pt/1.4 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; border: 0.25mm solid #000; padding: 1.5mm; }
h2:has(+ figure) { break-before: page; margin-top: 0; }
figure { margin: 0; } figure svg { max-width: 180mm; max-height: 258mm; width: auto; height: auto; }
`;

/** HTML of one piece; `pictureOf` gives an SVG's text by its file's name. */
function htmlOf(piece: Piece, pictureOf: (file: string) => string): string {
  switch (piece.kind) {
    case "comment":
      return "";
    case "heading":
      return `<h${piece.level}>${escaped(piece.text)}</h${piece.level}>`;
    case "text":
      return `<p>${escaped(piece.text)}</p>`;
    case "picture":
      return `<figure>${pictureOf(piece.file)}</figure>`;
    case "steps": {
      const item = ({ text, why }: { text: string; why?: string }): string =>
        `<li>${escaped(text)}${why === undefined ? "" : ` <em>${escaped(why)}</em>`}</li>`;
      return `<ol>${piece.items.map(item).join("")}</ol>`;
    }
    case "code":
      return `<pre>${escaped(piece.lines.join("\n"))}</pre>`;
    case "table": {
      const cells = (tag: string, row: string[]): string =>
        `<tr>${row.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("")}</tr>`;
      const rows = piece.rows.map((row) => cells("td", row)).join("");
      return `<table><thead>${cells("th", piece.head)}</thead><tbody>${rows}</tbody></table>`;
    }
  }
}

/** A page to print. */
export function toHtml(pieces: Piece[], language: string, title: string, pictureOf: (file: string) => string): string {
  const body = pieces.map((piece) => htmlOf(piece, pictureOf)).join("\n");
  const head = `<meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style>`;
  return `<!doctype html><html lang="${language}"><head>${head}</head><body>${body}</body></html>\n`;
}

/** Shapes of an SVG in millimetres, black on white. */

/** So wide may a picture be on paper, in mm: A4 with its margins. */
export const WIDTH_MM = 180;
/** No text is smaller: 2.3 mm are 6.5 points. */
export const SMALLEST_MM = 2.3;

const FONT = "DejaVu Sans, Liberation Sans, Arial, sans-serif";
/** Mean width of a letter of that font, as a share of its size; bold ones are wider. */
const LETTER = 0.6;
const BOLD_LETTER = 0.68;

export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

const num = (value: number): string => String(Math.round(value * 100) / 100);

export interface TextStyle {
  size?: number;
  bold?: boolean;
  anchor?: "start" | "middle" | "end";
}

/** About how wide a text is, in mm. */
export function widthOf(text: string, { size = SMALLEST_MM, bold = false }: TextStyle = {}): number {
  return text.length * size * (bold ? BOLD_LETTER : LETTER);
}

/** Cuts a text into lines no wider than `width` mm, between words. */
export function wrapped(text: string, width: number, style: TextStyle = {}): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && widthOf(`${last} ${word}`, style) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text with its base line at `y`. */
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { size = SMALLEST_MM, bold = false, anchor = "start" } = style;
  const weight = bold ? ' font-weight="bold"' : "";
  const at = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${num(x)}" y="${num(y)}" font-size="${num(size)}"${weight}${at}>${escaped(text)}</text>`;
}

export function rect(x: number, y: number, width: number, height: number, dashed = false, stroke = 0.4): string {
  const dash = dashed ? ' stroke-dasharray="2 1.2"' : "";
  return `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" fill="#fff" stroke="#000" stroke-width="${num(stroke)}"${dash}/>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke = 0.35): string {
  return `<path d="M${num(x1)} ${num(y1)}L${num(x2)} ${num(y2)}" stroke="#000" stroke-width="${num(stroke)}" fill="none"/>`;
}

export function dot(x: number, y: number): string {
  return `<circle cx="${num(x)}" cy="${num(y)}" r="0.75"/>`;
}

/** The whole picture. */
export function svg(height: number, title: string, shapes: string[]): string {
  const size = `width="${WIDTH_MM}mm" height="${num(height)}mm" viewBox="0 0 ${WIDTH_MM} ${num(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${FONT}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH_MM}" height="${num(height)}" fill="#fff"/>`,
    ...shapes,
    "</svg>",
    "",
  ].join("\n");
}

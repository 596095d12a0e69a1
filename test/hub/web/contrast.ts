/** Contrast of texts after WCAG 2.2 (relative luminance, 1.4.3), from the styles that a browser computed. */

/** What one element paints, as computed styles. */
export interface Layer {
  color: string;
  backgroundColor: string;
  backgroundImage: string;
  opacity: string;
  filter: string;
}

/** A text, and the layers from its own element to the page's root. */
export interface PaintedText {
  text: string;
  layers: Layer[];
}

/** Red, green, blue 0–255, and alpha 0–1. */
export type Colour = [number, number, number, number];
type Pair = { text: Colour; ground: Colour };

const NOTHING: Colour = [255, 255, 255, 0];

/** All colours named in a computed style. */
export function coloursIn(css: string): Colour[] {
  return [...css.matchAll(/rgba?\(([^)]*)\)/g)].map((match) => {
    const [r, g, b, a = 1] = match[1].split(/[, /]+/).map(Number);
    return [r, g, b, a];
  });
}

/** One colour painted over another. */
function over(top: Colour, below: Colour): Colour {
  const alpha = top[3] + below[3] * (1 - top[3]);
  if (alpha === 0) return NOTHING;
  const mix = (i: 0 | 1 | 2): number => (top[i] * top[3] + below[i] * below[3] * (1 - top[3])) / alpha;
  return [mix(0), mix(1), mix(2), alpha];
}

/** The filter `grayscale(1)` (Filter Effects, 8.3). */
function grey([r, g, b, a]: Colour): Colour {
  const level = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [level, level, level, a];
}

function luminance([r, g, b]: Colour): number {
  const part = (c: number): number => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}

/** Contrast of two opaque colours, 1–21. */
export function contrast(a: Colour, b: Colour): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

/** The text's colour and what lies behind it, as they reach the eye; several where the ground has several colours. */
export function pairsOf(layers: Layer[]): Pair[] {
  let pairs: Pair[] = [{ text: coloursIn(layers[0].color)[0], ground: NOTHING }];
  for (const { backgroundColor, backgroundImage, opacity, filter } of layers) {
    const stripes = coloursIn(backgroundImage);
    const painted = stripes.length > 0 ? stripes : coloursIn(backgroundColor);
    if (painted.length === 0) throw new Error(`a colour this measure does not know: ${backgroundColor}`);
    pairs = pairs.flatMap(({ text, ground }) => painted.map((c) => ({ text: over(text, c), ground: over(ground, c) })));
    if (filter.includes("grayscale(1)"))
      pairs = pairs.map(({ text, ground }) => ({ text: grey(text), ground: grey(ground) }));
    const faded = ([r, g, b, a]: Colour): Colour => [r, g, b, a * Number(opacity)];
    if (Number(opacity) < 1) pairs = pairs.map(({ text, ground }) => ({ text: faded(text), ground: faded(ground) }));
  }
  const white: Colour = [255, 255, 255, 1];
  return pairs.map(({ text, ground }) => ({ text: over(text, white), ground: over(ground, white) }));
}

/** Texts whose contrast with what is painted behind them is below `least`, with the ratio. */
export function lowContrast(texts: PaintedText[], least: number): string[] {
  return texts.flatMap(({ text, layers }) => {
    const worst = Math.min(...pairsOf(layers).map((pair) => contrast(pair.text, pair.ground)));
    return worst >= least ? [] : [`${worst.toFixed(2)}: ${text.slice(0, 60)}`];
  });
}

/** Measures that run inside the page: each function must stand alone, for it is sent to the browser as text. */

import type { Layer, PaintedText } from "./contrast.js";

/** What these measures use of an element: the tests are compiled without the browser's types. */
export interface Box {
  tagName: string;
  className: string;
  textContent: string | null;
  clientWidth: number;
  scrollWidth: number;
  closest(selector: string): Box | null;
  getBoundingClientRect(): { right: number };
  querySelectorAll(selector: string): Iterable<Box>;
}

/** What is wider than the box it stands in, or reaches out of its section: nothing may be cut off. */
export function cutOff(body: Box): string[] {
  const wrong: string[] = [];
  for (const one of body.querySelectorAll("*")) {
    if (one.closest("svg, .hidden") !== null || one.clientWidth === 0) continue;
    const edge = one.closest("section, header")?.getBoundingClientRect().right ?? Infinity;
    if (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > edge)
      wrong.push(`${one.tagName} ${one.className}: ${(one.textContent ?? "").slice(0, 60)}`);
  }
  return wrong;
}

/** What this measure uses of a node of the page. */
interface Node {
  textContent: string | null;
  parentElement: Node | null;
  ownerDocument: {
    defaultView: { getComputedStyle(node: Node): Layer & { visibility: string } };
    createTreeWalker(root: Node, what: number): { nextNode(): Node | null };
  };
  getClientRects(): { length: number };
  closest(selector: string): Node | null;
}

/** Every visible text with the styles of its element and of all around it. Disabled controls are left out (WCAG 1.4.3). */
export function textsOf(root: Node): PaintedText[] {
  const found = new Map<string, PaintedText>();
  const walker = root.ownerDocument.createTreeWalker(root, 4);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const holder = node.parentElement;
    const text = (node.textContent ?? "").trim();
    if (holder === null || text === "" || holder.getClientRects().length === 0) continue;
    if (holder.closest(".hidden, [disabled], script, noscript, title") !== null) continue;
    const layers: Layer[] = [];
    for (let at: Node | null = holder; at !== null; at = at.parentElement) {
      const { color, backgroundColor, backgroundImage, opacity, filter } =
        root.ownerDocument.defaultView.getComputedStyle(at);
      layers.push({ color, backgroundColor, backgroundImage, opacity, filter });
    }
    // The same look need not be measured a thousand times.
    const look = JSON.stringify(layers);
    if (!found.has(look)) found.set(look, { text, layers });
  }
  return [...found.values()];
}

/** What this measure uses of the element that has the focus. */
interface Focused {
  tagName: string;
  textContent: string | null;
  ownerDocument: {
    elementFromPoint(x: number, y: number): Focused | null;
    defaultView: { getComputedStyle(node: Focused): { outlineStyle: string; outlineWidth: string } };
  };
  contains(other: Focused | null): boolean;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
}

/** How an element is outlined: `none`, `solid` … */
export function outlineOf(one: Pick<Focused, "ownerDocument">): string {
  return one.ownerDocument.defaultView.getComputedStyle(one as Focused).outlineStyle;
}

/** The element that has the focus: its name, and whether it and the ring around it can be seen. */
export function focusOf(one: Focused): { name: string; ring: boolean; inSight: boolean } {
  const { x, y, width, height } = one.getBoundingClientRect();
  const style = one.ownerDocument.defaultView.getComputedStyle(one);
  return {
    name: one.getAttribute("aria-label") ?? `${one.tagName} ${(one.textContent ?? "").slice(0, 40)}`,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inSight: one.contains(one.ownerDocument.elementFromPoint(x + width / 2, y + height / 2)),
  };
}

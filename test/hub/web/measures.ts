/** Measures that run inside the page: each function must stand alone, for it is sent to the browser as text. */

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

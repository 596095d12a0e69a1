/** Ways to write down a figure with where it comes from. */
import type { Figure } from "../firmware/sensors/facts-of.js";

/** What the maker states, and where: the page, or the table where the document has no pages. */
export function stated(value: number, document: string, page: string): Figure {
  return { value, source: { document, page }, kind: "datasheet" };
}

/** What somebody measured, and where that is told. */
export function measured(value: number, document: string, page: string): Figure {
  return { value, source: { document, page }, kind: "measured" };
}

/** What nobody states; `why` is what it was reasoned from. Budgets are tried with half and with one and a half of it. */
export function assumed(value: number, why: string): Figure {
  return { value, source: { document: why, page: "assumed" }, kind: "assumed" };
}

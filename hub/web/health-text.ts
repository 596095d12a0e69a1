/** What is not well with the hub, in the page's words: pure, so that it can be tested without a browser. */
import type { Reason } from "../health.js";
import type { PageWords } from "../words/page.en.js";
import type { Language } from "./format.js";

/**
 * Words for a reason by its code, or by the code's beginning (`damaged-history`). Figures, and what to look at, stand in the
 * hub's own message, which is English: it follows in brackets, and stands alone where the page's language is English.
 */
export function healthText(
  { code, message }: Pick<Reason, "code" | "message">,
  w: PageWords,
  language: Language,
): string {
  const known: Record<string, string> = w.health;
  const words = known[code] ?? known[code.split("-")[0] ?? ""];
  return language === "en" || words === undefined ? message : `${words} (${message})`;
}

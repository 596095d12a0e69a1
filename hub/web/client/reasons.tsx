import type { JSX } from "preact";
import type { Latest } from "../../api/views.js";
import type { PageWords } from "../../words/page.en.js";
import { useWords } from "./words.js";

interface ReasonsProps {
  flag: Latest["flag"];
  why: string[];
}

/** A reason's words; a code that the page does not know yet is shown as it is. */
function worded(code: string, w: PageWords): string {
  const known: Record<string, string> = w.whys;
  return known[code.split(":")[0]] ?? code;
}

/** Why a reading is not simply good, in words; nothing for one that is. */
export function Reasons({ flag, why }: ReasonsProps): JSX.Element | null {
  const { w } = useWords();
  if (flag === 1) return null;
  const words = [...new Set(why.map((code) => worded(code, w)))].join("; ");
  const text = flag === 2 ? [w.notEvaluated, words].filter((part) => part !== "").join(": ") : words;
  return text === "" ? null : <small class="why">{text}</small>;
}

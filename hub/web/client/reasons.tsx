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

/** Why a reading, or its time, is not simply good, in words; nothing for one that is. */
export function Reasons({ flag, why }: ReasonsProps): JSX.Element | null {
  const { w } = useWords();
  // A good value may still stand at a time that is in doubt.
  const told = flag === 1 ? why.filter((code) => code.includes("-clock-")) : why;
  if (flag === 1 && told.length === 0) return null;
  const words = [...new Set(told.map((code) => worded(code, w)))].join("; ");
  const text = flag === 2 ? [w.notEvaluated, words].filter((part) => part !== "").join(": ") : words;
  return text === "" ? null : <small class="why">{text}</small>;
}

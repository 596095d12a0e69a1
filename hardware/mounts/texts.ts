/** Short ways to write a step, a check or a failure in three languages. */
import type { Text } from "../text.js";
import type { Check, Failure, Step } from "./mount.js";

export const text = (en: string, ru: string, kk: string): Text => ({ en, ru, kk });
export const step = (en: string, ru: string, kk: string, why?: Text, supplies?: Step["supplies"]): Step => ({
  text: text(en, ru, kk),
  why,
  supplies,
});
export const check = (
  en: string,
  ru: string,
  kk: string,
  limit?: Check["limit"],
  supplies?: Check["supplies"],
): Check => ({
  text: text(en, ru, kk),
  limit,
  supplies,
});
export const failure = (looksLike: Text, cause: Text, carry: Text): Failure => ({ looksLike, cause, carry });

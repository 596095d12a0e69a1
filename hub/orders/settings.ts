/** Settings on their way to boards: what was changed since the revision that a board has said it has, the oldest first. */
import { orderBody, settingWord } from "../../firmware/wire/order.js";
import type { OrderSource } from "../orders.js";
import { room } from "../orders.js";
import type { Registry } from "../registry.js";
import type { DesiredSetting } from "../registry/sides.js";
import { settingText } from "../registry/settings.js";

/** The order that brings a board of revision `has` as far as fits one line; undefined when nothing is left to do. */
function nextChanges(
  values: ReadonlyMap<string, DesiredSetting>,
  has: number,
  most: number,
): { rev: number; words: string[] } | undefined {
  const words: string[] = [];
  let rev = has;
  // A name has one value, the newest: of earlier changes to it nothing needs to be told.
  for (const [name, setting] of [...values].sort(([, a], [, b]) => a.rev - b.rev)) {
    if (setting.rev <= has) continue;
    const word = settingWord(name, setting.value === null ? "" : (settingText(setting.value) ?? ""));
    if (orderBody("set", [String(setting.rev), ...words, word]).length > most) break;
    words.push(word);
    rev = setting.rev;
  }
  return words.length === 0 ? undefined : { rev, words };
}

/** @param reported what a board said last; without `set` its firmware knows no settings, and nothing is asked of it */
export function settingOrders(
  registry: Pick<Registry, "desired">,
  reported: (board: string) => { set?: number } | null,
): OrderSource {
  return {
    after(line) {
      const { rev, values } = registry.desired(line.board);
      if (rev === 0) return undefined;
      const has = reported(line.board)?.set;
      if (has === undefined || has >= rev) return undefined;
      const next = nextChanges(values, has, room(line));
      return next === undefined ? undefined : orderBody("set", [String(next.rev), ...next.words]);
    },
  };
}

/**
 * What the hub asks of a board: the body of a `command` line, a verb and words parted by commas, at most one after each
 * line of the board and bound to that line.
 *
 *   rotate,<keyId>,<nonce>       take a new key (key.ts)
 *   set,<rev>,<name>=<value>,…   take these settings; an empty value is the image's own again, `*=` forgets them all
 *   test,<nonce>                 measure now and reply with a report
 *   reboot,<nonce>               reply, and restart
 *   want, piece, go, back        take another image in, start it, leave it (image.ts)
 *
 * `rev` numbers every change that the hub ever asked of this board; the board says in its hello up to which it has come.
 * A `reply` line with a number is kept as a pack is; its body is a JSON object with `verb` and `to`, the nonce it answers.
 * A reply with the number 0 asks for something (image.ts): it is answered, and not kept.
 */

/** Longest name of a setting, and its longest value as text. */
export const SETTING_NAME_MAX = 16;
export const SETTING_VALUE_MAX = 8;
/** The setting that stands for all of them: without a value it forgets what was ever set. */
export const EVERY_SETTING = "*";

/** One change of a setting as it stands in a command. */
export function settingWord(name: string, value: string): string {
  return name + "=" + value;
}

/** The body of a command: its verb and words. */
export function orderBody(verb: string, words: string[]): string {
  return verb + "," + words.join(",");
}

/**
 * What a genuine command does: its verb's function, found in one table. The sender has seen to it that the command is
 * the hub's, for this board, and follows the board's last line; nothing here asks that again.
 *
 * An image makes this module anew for each command and once at the start: nothing of it stays in the heap between.
 */
import { renew } from "./keys.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import { noteReset } from "./reset.js";
import { createSelfTest } from "./selftest.js";
import type { SelfTest, Signal } from "./selftest.js";
import { keepSettings, takeSettings } from "./settings.js";
import type { Numbers, Settings } from "./settings.js";
import { back, go, piece, want } from "./slots.js";

/** What a command may reach of the node. */
export interface Post {
  hal: Hal;
  config: Config;
  /** The key in force, 64 bytes, and what seals with it. */
  key: Uint8Array;
  mac(text: string): string;
  /** The image's own numbers (hardware/sites.ts, `sampling`), and those in force. */
  own: Numbers;
  numbers: Numbers;
  settings: Settings;
  /** A self-test that waits for the round it has asked for. */
  test: SelfTest | null;
  /** Starts a round of measuring now, or after the one that is under way. */
  measureNow(): void;
  /** Numbers a reply and keeps it in flash until the hub has it. */
  reply(body: string): void;
  /** Says something to the hub that is not kept in flash; replaces what was said so before. */
  say(body: string): void;
  waiting(): number;
  signal(): Signal;
}

/** True when the hub must hear a hello afterwards. */
type Order = (post: Post, body: string, words: string[]) => boolean;

/** A restart waits so long that the reply can go out, and be answered. */
const REBOOT_AFTER_MS = 30000;
const NONCE_LENGTH = 8;

function changeKey(post: Post, body: string): boolean {
  return renew(post.hal, post.config, post.key, post.mac, body);
}

function change(post: Post, _body: string, words: string[]): boolean {
  const rev = post.settings.rev;
  const done = keepSettings(post.hal, post.config.board, post.own, post.numbers, post.settings, words);
  // What is new counts from now on: the pause that is under way may be hours.
  if (post.settings.rev !== rev) post.measureNow();
  return done;
}

function test(post: Post, _body: string, words: string[]): boolean {
  // The hub repeats what it has no reply to yet: the test under way is the one.
  if (words.length !== 2 || words[1].length !== NONCE_LENGTH || post.test !== null) return false;
  post.test = createSelfTest(post, words[1]);
  post.measureNow();
  return false;
}

function reboot(post: Post, _body: string, words: string[]): boolean {
  if (words.length !== 2 || words[1].length !== NONCE_LENGTH) return false;
  post.reply('{"verb":"reboot","to":"' + words[1] + '"}');
  noteReset(post.hal.store, "reboot");
  post.hal.after(REBOOT_AFTER_MS, post.hal.reboot);
  return false;
}

const ORDERS: { [verb: string]: Order } = {
  rotate: changeKey,
  set: change,
  test: test,
  reboot: reboot,
  want: want,
  piece: piece,
  go: go,
  back: back,
};

/** See {@link obey}. */
export type Obey = (post: Post, body: string) => boolean;

/**
 * Carries out the body of a genuine command; a verb that it does not know is left alone. True when the hub must hear a
 * hello afterwards. Without a body it brings the post to what flash holds: newest key, and settings.
 */
export const obey: Obey = (post, body) => {
  if (body === "") {
    takeSettings(post.hal, post.config.board, post.own, post.numbers, post.settings);
    return changeKey(post, "");
  }
  const words = body.split(",");
  const order = ORDERS[words[0]];
  return order !== undefined && order(post, body, words);
};

/**
 * Keys that the board was given since it was provisioned: records in one file of flash that is made at the first start
 * and only ever filled up. It is never written anew, so that a power cut leaves the key before or the key after; and
 * nothing in front of it is erased, so that compaction does not move it.
 *
 *   file    "aryk.key", records
 *   record  name of the key (8 characters), the key (64 hexadecimal digits), CRC-32 over board, name and key (8)
 *
 * An image makes this module anew for each call: a key changes so seldom that none of it may stay in the heap.
 */
import { askedKeyId, mqttPasswordOf, nextKey } from "../wire/key.js";
import { fillKey } from "./config.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";

export const KEY_FILE = "aryk.key";
const FIRST = 8;
const BODY = 72;
const RECORD = 80;
/** Room for 24 keys: one a month for two years, or one a year for as long as a post lasts. */
const SIZE = FIRST + 24 * RECORD;

type Flash = Pick<Hal, "store" | "crc32Hex">;

/** The number in a key's name `k<number>`. */
function numberOf(keyId: string): number {
  return parseInt(keyId.substr(1), 10);
}

/** Puts the newest key of the file in place of the one in the set-up. True if there was a newer one. */
export function takeNewestKey(hal: Flash, config: Config): boolean {
  if (hal.store.read(KEY_FILE, 0, FIRST) === undefined) hal.store.create(KEY_FILE, KEY_FILE, SIZE);
  let newer = false;
  for (let at = FIRST; at < SIZE; at += RECORD) {
    const body = hal.store.read(KEY_FILE, at, BODY);
    if (body === undefined || body.charCodeAt(0) === 255) continue;
    if (hal.store.read(KEY_FILE, at + BODY, RECORD - BODY) !== hal.crc32Hex(config.board + body)) continue;
    const number = numberOf(body.substr(0, FIRST));
    if (!(number > numberOf(config.keyId))) continue;
    config.keyId = "k" + number;
    config.key = body.substr(FIRST);
    newer = true;
  }
  return newer;
}

/**
 * Keeps a key for every start to come, and puts it in the set-up's place. False when its name is no newer one, or the
 * file is full: the old one stays.
 */
export function keepKey(hal: Flash, config: Config, keyId: string, key: string): boolean {
  const body = (keyId + "       ").substr(0, FIRST) + key;
  if (body.length !== BODY || !(numberOf(keyId) > numberOf(config.keyId))) return false;
  const text = body + hal.crc32Hex(config.board + body);
  for (let at = FIRST; at < SIZE; at += RECORD) {
    // Asked first: an append that flash refuses is an exception, which costs heap.
    if (hal.store.read(KEY_FILE, at, 1) !== "\xff") continue;
    if (!hal.store.append(KEY_FILE, text, at) || hal.store.read(KEY_FILE, at, RECORD) !== text) continue;
    config.keyId = keyId;
    config.key = key;
    return true;
  }
  return false;
}

/** See {@link renew}. */
export type Renew = (
  hal: Flash,
  config: Config,
  key: Uint8Array,
  mac: (text: string) => string,
  command: string,
) => boolean;

/**
 * Fills `key`, with which `mac` works, with a newer key: the one that the body of a genuine command leads to, or (no
 * command) the newest that flash holds; and brings the broker's password in line. False when there is none.
 */
export const renew: Renew = (hal, config, key, mac, command) => {
  const newer =
    command === ""
      ? takeNewestKey(hal, config)
      : keepKey(hal, config, askedKeyId(command), nextKey(mac, config.board, command));
  if (!newer) return false;
  fillKey(key, config);
  config.uplink.other = config.uplink.password;
  config.uplink.password = mqttPasswordOf(mac, config.board);
  return true;
};

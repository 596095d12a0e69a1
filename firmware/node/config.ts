/**
 * The board's own set-up: the file `aryk.cfg` in flash, JSON, written when the board is provisioned. The image is the
 * same for every board of a site type; this file is what makes one board differ from another.
 */
import { isBoardName } from "../wire/line.js";
import type { Options, Store } from "./hal.js";

export const CONFIG_FILE = "aryk.cfg";

export interface Config {
  board: string;
  keyId: string;
  /** The board's key: 16–64 bytes as hexadecimal digits. */
  key: string;
  uplink: {
    /** MQTT: broker (port 1883 and the board as user name when they are not given), and the network it is reached by. */
    host?: string;
    port?: number;
    username?: string;
    password?: string;
    /** Tried when the broker refuses the password: the one that goes with the key before or after. Not in the file. */
    other?: string;
    ssid?: string;
    wifiPassword?: string;
    /** A time server (SNTP) that the board can reach; without one it learns the time from the hub. */
    ntp?: string;
    /** Serial: line speed; 57600 when it is not given. */
    baud?: number;
    /** LoRaWAN: the network's identity and key, hexadecimal; the module's own identity where it is not its maker's. */
    joinEui?: string;
    appKey?: string;
    devEui?: string;
    /** "868" (when it is not given) or "433", in MHz: what the country allows. */
    band?: string;
    /** Part of the time that it may be on the air, in percent; 1 when it is not given. More only on a bench. */
    dutyPercent?: number;
    /** LTE-M, NB-IoT: the access point of the card. */
    apn?: string;
  };
  /** Seconds between two packs; the site type's when it is not given. */
  periodS?: number;
  /**
   * Warm-up and pauses between samples in percent of what the sensors ask for, 0–100; 100 when it is not given. Less
   * only where sensors stay powered and warm, as on a bench: readings of a cold sensor are wrong.
   */
  pacePercent?: number;
  /** Settings laid over the board's own for a port: other pins, or a device path where the board is a simulated one. */
  ports?: { [port: string]: Options };
}

function inRange(value: number | undefined, min: number, max: number): boolean {
  return value === undefined || (typeof value === "number" && value >= min && value <= max);
}

function isHexText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if ("0123456789abcdef".indexOf(text.substr(i, 1)) < 0) return false;
  return true;
}

/** What is wrong with the set-up, in words for the person at the console; empty when it is sound. */
export function faultOf(config: Config): string {
  if (typeof config.board !== "string" || !isBoardName(config.board)) return "board: 1-32 of a-z, 0-9 and -";
  if (typeof config.keyId !== "string" || config.keyId.length > 8 || !isBoardName(config.keyId)) return "keyId: 1-8";
  const key = config.key;
  if (typeof key !== "string" || key.length < 32 || key.length > 128 || key.length % 2 !== 0 || !isHexText(key))
    return "key: 32-128 of 0-9 and a-f";
  if (typeof config.uplink !== "object") return "uplink: missing";
  if (!inRange(config.periodS, 1, 86400)) return "periodS: 1-86400";
  if (!inRange(config.pacePercent, 0, 100)) return "pacePercent: 0-100";
  if (!inRange(config.uplink.dutyPercent, 0.01, 100)) return "uplink.dutyPercent: 0.01-100";
  return "";
}

/** Reads the set-up from flash; a text instead says what is wrong with it. */
export function readConfig(store: Store): Config | string {
  const text = store.read(CONFIG_FILE, 0, 4096);
  if (text === undefined) return CONFIG_FILE + " is missing: provision the board";
  let config: Config;
  try {
    config = JSON.parse(text) as Config;
  } catch (e) {
    return CONFIG_FILE + " is not JSON";
  }
  const fault = faultOf(config);
  return fault === "" ? config : CONFIG_FILE + ": " + fault;
}

/**
 * Moves the key out of the set-up into `bytes` (64: a block of the hash, the rest zero, which is the same key to HMAC),
 * in place, because what seals with it holds on to them.
 */
export function fillKey(bytes: Uint8Array, config: Config): void {
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 2 * i < config.key.length ? parseInt(config.key.substr(2 * i, 2), 16) : 0;
  config.key = "";
}

/** The set-up's own settings of a port. */
export function portOptions(config: Config, port: string): Options | undefined {
  return config.ports === undefined ? undefined : config.ports[port];
}

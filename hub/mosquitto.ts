/**
 * What a Mosquitto broker needs to let in the boards of the registry, each under its own topic only, and the hub: a
 * password file, an access list and the lines of its configuration that make them count. Written anew as a whole, since
 * the registry is what holds; Mosquitto reads it again on SIGHUP.
 */
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UPLINK_MAX } from "../firmware/wire/line.js";
import { SetupError } from "./errors.js";
import type { Registry } from "./registry.js";
import { mqttPassword } from "./secrets.js";

/** Rounds of the hash, as `mosquitto_passwd` makes them. What is hashed here is random itself: 128 bits of a tag. */
const ROUNDS = 101;

export interface MosquittoOptions {
  folder: string;
  /** The hub's own login there, as hub.yaml has it. */
  hub: { username: string; password: string };
  /** Where it listens; with a certificate (PEM files) by TLS. */
  host: string;
  port: number;
  tls?: { cert: string; key: string };
}

/** A line of Mosquitto's password file: PBKDF2 with SHA-512, format 7. */
export function passwordLine(user: string, password: string, salt: Buffer = randomBytes(12)): string {
  const hash = pbkdf2Sync(password, salt, ROUNDS, 64, "sha512").toString("base64");
  return `${user}:$7$${ROUNDS}$${salt.toString("base64")}$${hash}`;
}

function put(file: string, lines: string[]): void {
  writeFileSync(`${file}.new`, lines.join("\n") + "\n", { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function settings({ folder, host, port, tls }: MosquittoOptions): string[] {
  const dir = resolve(folder);
  return [
    "# Written by aryk mosquitto, and overwritten by the next one: include it, do not edit it.",
    "per_listener_settings false",
    `listener ${port} ${host}`,
    ...(tls === undefined ? [] : [`certfile ${tls.cert}`, `keyfile ${tls.key}`, "tls_version tlsv1.2"]),
    "allow_anonymous false",
    `password_file ${join(dir, "passwords")}`,
    `acl_file ${join(dir, "acl")}`,
    // Or anybody with a login could take the place of any other by its client name.
    "use_username_as_clientid true",
    "retain_available false",
    `message_size_limit ${UPLINK_MAX}`,
    "max_keepalive 1200",
    // What waits for the hub while it is away belongs to boards that keep their readings anyway.
    "max_queued_messages 100000",
    "max_inflight_messages 0",
  ];
}

/**
 * Writes `passwords`, `acl` and `aryk.conf` (rights 0600) into the folder. Returns how many boards are let in: those
 * with a key in force. @throws SetupError MOSQUITTO_USER if a board has the hub's user name
 */
export function writeMosquitto(registry: Registry, options: MosquittoOptions): number {
  const { username, password } = options.hub;
  if (registry.knows(username) || !/^[\x21-\x39\x3b-\x7e]{1,64}$/.test(username))
    throw new SetupError(
      "MOSQUITTO_USER",
      `"${username}" cannot be the hub's user at the broker`,
      "Choose another inputs.mqtt username in hub.yaml: no board's name, no space, no colon.",
    );
  const passwords = [passwordLine(username, password)];
  const acl = [`user ${username}`, "topic read aryk/+/up", "topic write aryk/+/down"];
  for (const { board } of registry.boards()) {
    const current = registry.currentKey(board);
    const key = current?.key ?? registry.keysOf(board).at(-1);
    if (key === undefined) continue;
    passwords.push(passwordLine(board, mqttPassword(board, key)));
    acl.push("", `user ${board}`, `topic write aryk/${board}/up`, `topic read aryk/${board}/down`);
  }
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  put(join(options.folder, "passwords"), passwords);
  put(join(options.folder, "acl"), acl);
  put(join(options.folder, "aryk.conf"), settings(options));
  return passwords.length - 1;
}

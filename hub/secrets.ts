/**
 * Secrets the hub makes for itself at the first start and needs at the next: in a file that only its owner can read.
 */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { mqttPasswordOf } from "../firmware/wire/key.js";
import { tagWith } from "./pipeline.js";
import { SetupError } from "./errors.js";

export interface Secrets {
  /** Encrypts what the flows' nodes keep as credentials. */
  flowsCredentials: string;
}

/** Reads the file, or makes it. @throws SetupError SECRETS_UNREADABLE */
export function openSecrets(file: string): Secrets {
  if (!existsSync(file)) {
    const fresh: Secrets = { flowsCredentials: randomBytes(32).toString("base64url") };
    const temporary = `${file}.new`;
    writeFileSync(temporary, JSON.stringify(fresh) + "\n", { mode: 0o600 });
    renameSync(temporary, file);
    return fresh;
  }
  chmodSync(file, 0o600);
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
    if (typeof kept.flowsCredentials !== "string") throw new Error("flowsCredentials is missing");
    return { flowsCredentials: kept.flowsCredentials };
  } catch (cause) {
    const remedy =
      "Restore the file from a backup, or delete it: the flows' stored credentials must then be entered again.";
    throw new SetupError("SECRETS_UNREADABLE", `${file} cannot be used: ${(cause as Error).message}`, remedy, {
      cause,
    });
  }
}

/** What a board logs in with at an MQTT broker: derived from its key, which itself never crosses the wire. */
export function mqttPassword(board: string, key: Uint8Array): string {
  return mqttPasswordOf(tagWith(key), board);
}

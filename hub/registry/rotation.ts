/**
 * New keys for boards without a visit. A key is asked for in the registry; the command goes out after each line of the
 * board, bound to that line, until the board says hello with the new key. What waits in its flash stays sealed with the
 * old one, so both hold until a hello sealed with the new key says that nothing waits: then the older keys are revoked.
 */
import { randomBytes } from "node:crypto";
import type { Line } from "../../firmware/wire/line.js";
import { nextKey, rotateBody } from "../../firmware/wire/key.js";
import { SetupError } from "../errors.js";
import { VOUCHED_KEY_ID } from "../pipeline/vouched.js";
import { tagWith } from "../pipeline.js";
import type { Hello } from "../../firmware/wire/pack.js";
import type { Registry } from "../registry.js";

/** In whose name the registry keeps what boards do by themselves. */
const HUB = "hub";

export interface Rotation {
  /** What is to be asked of the board: a new key, while it is still to take one. It is sealed with the one in force. */
  after(line: Line): string | undefined;
  /** A new hello of the board has been stored. */
  greeted(line: Line, hello: Pick<Hello, "waiting">): void;
}

/** Asks a board to derive a new key from the one it has. @throws SetupError NO_KEY, ROTATION_ASKED */
export function askForKey(registry: Registry, board: string, by: string): { from: string; id: string } {
  const before = registry.currentKey(board);
  if (before === undefined)
    throw new SetupError("NO_KEY", `the board ${board} has no key in force`, "aryk board list shows boards and keys.");
  const asked = registry.askedKey(board);
  if (asked !== undefined)
    throw new SetupError(
      "ROTATION_ASKED",
      `${board} has been asked for ${asked.id} already and has not answered`,
      "Wait until it is heard again, or give it a key by a visit: aryk board key.",
    );
  const id = registry.nextKeyId(board);
  const nonce = randomBytes(8).toString("hex");
  const hex = nextKey(tagWith(before.key), board, rotateBody(id, nonce));
  const key = Buffer.from(hex, "hex").toString("base64url");
  registry.add([{ kind: "key", board, id, key, rotates: { from: before.id, nonce } }], by);
  return { from: before.id, id };
}

/** Watches over the boards' keys. */
export function createRotation(registry: Registry): Rotation {
  function keep(line: Line, waiting: number): void {
    const { board, keyId } = line;
    if (registry.currentKey(board)?.id !== keyId) registry.add([{ kind: "taken", board, id: keyId }], HUB);
    if (waiting > 0) return;
    for (const id of registry.keysBefore(board, keyId)) registry.revokeKey(board, id, HUB);
  }

  return {
    after({ board, keyId }) {
      // A radio network has keys of its own.
      const asked = keyId === VOUCHED_KEY_ID ? undefined : registry.askedKey(board);
      return asked === undefined ? undefined : rotateBody(asked.id, asked.nonce);
    },
    greeted(line, { waiting }) {
      if (line.keyId !== VOUCHED_KEY_ID) keep(line, waiting);
    },
  };
}

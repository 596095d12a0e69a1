/**
 * A backup of a hub that may be running: one folder with a copy of each of its files, each whole in itself, and a
 * manifest that says what they are. It is made through connections that only read, so that the hub goes on meanwhile.
 */
import Database from "better-sqlite3";
import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { SetupError } from "../errors.js";
import { JOURNAL } from "../journal/schema.js";
import { markDamaged } from "../store/damage.js";
import { IMAGES_DIR } from "../updates/images.js";
import { copyImages } from "./images.js";
import { FLOWS_DIR, SECRETS_FILE, STORES } from "./stores.js";

export const MANIFEST = "manifest.json";
export const BACKUP_FORMAT = "aryk-backup/1";

export interface Manifest {
  format: string;
  /** When it was begun, ISO 8601. */
  made: string;
  /** Version of the hub that made it. */
  version: string;
  /** The journal's end: everything up to and including this entry is in the backup. */
  journal: { epoch: string; id: number } | null;
  files: { name: string; bytes: number; sha256: string; format: number | null }[];
}

/** SHA-256 of a file, in hexadecimal; read piece by piece. */
export function hashOf(file: string): string {
  const hash = createHash("sha256");
  const piece = Buffer.alloc(1 << 20);
  const fd = openSync(file, "r");
  try {
    for (let read = readSync(fd, piece); read > 0; read = readSync(fd, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}

/** Makes sure that a file, or a folder's list, is on disk. */
export function onDisk(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Copies a store as it is at this moment; returns its format. */
function copyStore(from: string, to: string): number {
  closeSync(openSync(to, "ax", 0o600));
  // Not "readonly": beside a hub that is stopped, SQLite must be able to make its side files. Nothing is written.
  const db = new Database(from, { fileMustExist: true, timeout: 10_000 });
  try {
    db.prepare("VACUUM INTO ?").run(to);
    return db.pragma("user_version", { simple: true }) as number;
  } catch (error) {
    // A backup looks at every page; what nobody met so far is known from here on.
    markDamaged(from, error);
    throw error;
  } finally {
    db.close();
  }
}

function endOf(journal: string): Manifest["journal"] {
  const db = new Database(journal, { readonly: true });
  try {
    const epoch = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").pluck().get() as string;
    return { epoch, id: db.prepare("SELECT last_id FROM tally").pluck().get() as number };
  } finally {
    db.close();
  }
}

/**
 * Makes the folder `<target>/aryk-<time>` and returns it with its manifest. Everything in it is for its owner only: it
 * holds the boards' keys. A backup without a manifest was cut off.
 * @throws SetupError NO_HUB (nothing is there), BACKUP_FAILED
 */
export function makeBackup(
  dataDir: string,
  target: string,
  now: Date,
  version: string,
): { dir: string; manifest: Manifest } {
  if (!existsSync(join(dataDir, JOURNAL.fileName)))
    throw new SetupError("NO_HUB", `there is no hub's data in ${dataDir}`, "Name the hub's configuration: --config.");
  const dir = join(target, `aryk-${now.toISOString().replaceAll(":", "-")}`);
  const files: Manifest["files"] = [];
  const took = (name: string, format: number | null): void => {
    const file = join(dir, name);
    onDisk(file);
    files.push({ name, bytes: statSync(file).size, sha256: hashOf(file), format });
  };
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    mkdirSync(dir, { mode: 0o700 });
    for (const name of STORES.map((kind) => kind.fileName))
      if (existsSync(join(dataDir, name))) took(name, copyStore(join(dataDir, name), join(dir, name)));
    // After the registry: the image of every rollout in it is there.
    const images = copyImages(dataDir, dir);
    for (const name of images) took(name, null);
    if (images.length > 0) onDisk(join(dir, IMAGES_DIR));
    const secrets = join(dataDir, SECRETS_FILE);
    if (existsSync(secrets)) {
      cpSync(secrets, join(dir, SECRETS_FILE));
      took(SECRETS_FILE, null);
    }
    const flows = join(dataDir, FLOWS_DIR);
    const skipped = ["node_modules", ".npm"];
    if (existsSync(flows))
      cpSync(flows, join(dir, FLOWS_DIR), { recursive: true, filter: (path) => !skipped.includes(basename(path)) });
    const journal = endOf(join(dir, JOURNAL.fileName));
    const manifest: Manifest = { format: BACKUP_FORMAT, made: now.toISOString(), version, journal, files };
    writeFileSync(join(dir, MANIFEST), JSON.stringify(manifest, null, 2) + "\n", { mode: 0o600 });
    onDisk(join(dir, MANIFEST));
    onDisk(dir);
    return { dir, manifest };
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    throw new SetupError(
      "BACKUP_FAILED",
      `the backup ${dir} is not whole: ${(cause as Error).message}`,
      "Delete that folder, check the room and the rights there, and try again.",
      { cause },
    );
  }
}

/**
 * Puts a backup in the place of a hub's data. The backup is checked first; the files that are there are moved aside, never
 * deleted. The restored journal gets a new name, so that nobody takes an entry that comes now for one that was lost.
 */
import Database from "better-sqlite3";
import { randomBytes } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { followRestored } from "../alerts/register-restore.js";
import { REGISTER } from "../alerts/register-schema.js";
import { PEOPLE } from "../api/auth.js";
import { SetupError } from "../errors.js";
import { COMPLETENESS } from "../completeness/schema.js";
import { JOURNAL, takeLock } from "../journal/schema.js";
import type { Cursor } from "../model.js";
import { HISTORY } from "../outputs/history/store.js";
import { REGISTRY } from "../registry/file.js";
import { markOf } from "../store/damage.js";
import { checkFormat, openStore, type StoreKind } from "../store/file.js";
import { IMAGES_DIR } from "../updates/images.js";
import { imageIn, imagesFault } from "./images.js";
import { BACKUP_FORMAT, hashOf, MANIFEST, onDisk, type Manifest } from "./make.js";
import { FLOWS_DIR, SECRETS_FILE, STORES, UNFINISHED_FILE } from "./stores.js";

export interface Restored {
  manifest: Manifest;
  /** Where the files are that were there before; null if there were none. */
  aside: string | null;
}

function bad(message: string, cause?: unknown): SetupError {
  const remedy = "Nothing was touched. Take another backup, or make a new one.";
  return new SetupError("BACKUP_UNUSABLE", message, remedy, { cause });
}

function readManifest(backup: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(backup, MANIFEST), "utf8")) as Manifest;
  } catch (cause) {
    throw bad(`${backup} is no backup, or was cut off: ${(cause as Error).message}`, cause);
  }
  if (manifest.format !== BACKUP_FORMAT) throw bad(`${backup} is of the form ${String(manifest.format)}`);
  const known = [...STORES.map((kind) => kind.fileName), SECRETS_FILE];
  for (const { name } of manifest.files)
    if (!known.includes(name) && imageIn(name) === undefined)
      throw bad(`${backup} names a file that no hub has: ${basename(name)}`);
  return manifest;
}

/** Every file has the bytes it had when it was made, SQLite finds it whole, and this hub can read its format. */
function verify(backup: string, manifest: Manifest): void {
  for (const { name, sha256 } of manifest.files) {
    const file = join(backup, name);
    if (!existsSync(file)) throw bad(`${file} is gone`);
    if (hashOf(file) !== sha256) throw bad(`${file} is not what was backed up`);
    const kind = STORES.find((one) => one.fileName === name);
    if (kind !== undefined) verifyStore(file, kind);
  }
  const names = manifest.files.map(({ name }) => name);
  const fault = imagesFault(backup, names);
  if (fault !== "") throw bad(fault);
}

function verifyStore(file: string, kind: StoreKind): void {
  // Immutable: SQLite makes no side files in a backup that may lie on a disk that cannot be written.
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true });
    const words = db.pragma("integrity_check(1)") as { integrity_check: string }[];
    if (words[0].integrity_check !== "ok") throw bad(`${file} is damaged: ${words[0].integrity_check}`);
    checkFormat(db.pragma("user_version", { simple: true }) as number, file, kind);
  } catch (error) {
    throw error instanceof SetupError ? error : bad(`${file} cannot be read: ${(error as Error).message}`, error);
  } finally {
    db?.close();
  }
}

/** A file that keeps its place in the journal keeps it in the one restored, but not beyond its end. */
function followJournal(db: Database.Database, was: Cursor, is: Cursor): void {
  const text = db.prepare("SELECT value FROM meta WHERE key = 'cursor'").pluck().get() as string | undefined;
  const cursor = text === undefined ? null : (JSON.parse(text) as Cursor);
  if (cursor?.epoch !== was.epoch) return;
  const place = JSON.stringify({ epoch: is.epoch, id: Math.min(cursor.id, is.id) });
  db.prepare("UPDATE meta SET value = ? WHERE key = 'cursor'").run(place);
}

/** The copies are brought to this hub's formats, and to a journal of a new name. */
function adjust(dir: string, now: number): void {
  const open = (kind: StoreKind): Database.Database => openStore(join(dir, kind.fileName), kind);
  const has = (kind: StoreKind): boolean => existsSync(join(dir, kind.fileName));
  const journal = open(JOURNAL);
  const id = journal.prepare("SELECT last_id FROM tally").pluck().get() as number;
  const was: Cursor = {
    epoch: journal.prepare("SELECT value FROM meta WHERE name = 'epoch'").pluck().get() as string,
    id,
  };
  const is: Cursor = { epoch: randomBytes(8).toString("hex"), id };
  journal.prepare("UPDATE meta SET value = ? WHERE name = 'epoch'").run(is.epoch);
  journal.close();
  if (has(REGISTER)) {
    const register = open(REGISTER);
    followRestored(register, was, is, now);
    register.close();
  }
  for (const kind of [HISTORY, COMPLETENESS])
    if (has(kind)) {
      const follower = open(kind);
      followJournal(follower, was, is);
      follower.close();
    }
  for (const kind of [REGISTRY, PEOPLE]) if (has(kind)) open(kind).close();
  // Copies of former formats: the backup itself is one.
  for (const name of readdirSync(dir)) if (/\.format-[\d-]+$/.test(name)) rmSync(join(dir, name));
}

/**
 * Names in the data folder whose place is taken by what is restored. Images that are there stay when none come: each is
 * what its name says, and backups of former versions hold none.
 */
function present(dataDir: string, coming: string): string[] {
  const stores = STORES.map((kind) => kind.fileName);
  const files = stores.flatMap((name) => [name, `${name}-wal`, `${name}-shm`, markOf(name)]);
  const images = existsSync(join(coming, IMAGES_DIR)) ? [IMAGES_DIR] : [];
  return [...files, SECRETS_FILE, FLOWS_DIR, ...images].filter((name) => existsSync(join(dataDir, name)));
}

/**
 * Restores the backup folder `backup` into `dataDir`. The hub must be stopped. May be done again after it was cut off.
 * @throws SetupError JOURNAL_LOCKED (the hub runs), BACKUP_UNUSABLE, `<STORE>_NEWER`, `_OLDER`; nothing is touched then
 */
export function restoreBackup(dataDir: string, backup: string, now: Date): Restored {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(dataDir, JOURNAL.fileName));
  const stamp = now.toISOString().replaceAll(":", "-");
  const coming = join(dataDir, `restoring-${stamp}`);
  try {
    const manifest = readManifest(backup);
    verify(backup, manifest);
    mkdirSync(coming, { mode: 0o700 });
    for (const { name } of manifest.files) {
      mkdirSync(dirname(join(coming, name)), { recursive: true, mode: 0o700 });
      copyFileSync(join(backup, name), join(coming, name));
      onDisk(join(coming, name));
    }
    if (existsSync(join(backup, FLOWS_DIR)))
      cpSync(join(backup, FLOWS_DIR), join(coming, FLOWS_DIR), { recursive: true });
    adjust(coming, now.getTime());
    for (const name of readdirSync(coming)) onDisk(join(coming, name));

    const old = present(dataDir, coming);
    const aside = old.length === 0 ? null : join(dataDir, `before-restore-${stamp}`);
    writeFileSync(join(dataDir, UNFINISHED_FILE), `${backup}\n`, { mode: 0o600 });
    onDisk(dataDir);
    if (aside !== null) mkdirSync(aside, { mode: 0o700 });
    for (const name of old) renameSync(join(dataDir, name), join(aside!, name));
    for (const name of readdirSync(coming)) renameSync(join(coming, name), join(dataDir, name));
    onDisk(dataDir);
    rmSync(join(dataDir, UNFINISHED_FILE));
    return { manifest, aside };
  } finally {
    rmSync(coming, { recursive: true, force: true });
    lock.close();
  }
}

/** @throws SetupError RESTORE_UNFINISHED if a restore was cut off while it moved files */
export function checkRestored(dataDir: string): void {
  const mark = join(dataDir, UNFINISHED_FILE);
  if (!existsSync(mark)) return;
  const backup = readFileSync(mark, "utf8").trim();
  throw new SetupError(
    "RESTORE_UNFINISHED",
    `a restore of ${backup} into ${dataDir} was cut off`,
    `Run it again: aryk restore ${backup}`,
  );
}

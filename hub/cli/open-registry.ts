/** What the registry's commands share. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { realClock } from "../clock.js";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import type { UnixMs } from "../model.js";
import { Registry } from "../registry.js";

/** Opens the registry of the configured hub for one piece of work. A running hub takes changes up within a second. */
export function withRegistry(program: Command, work: (registry: Registry, by: string) => void): void {
  const { dataDir } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const registry = Registry.open(join(dataDir, "registry.sqlite"), realClock);
  try {
    work(registry, userInfo().username);
  } finally {
    registry.close();
  }
}

/** A moment from the command line; now when it is not given. @throws SetupError TIME */
export function moment(text: string | undefined): UnixMs {
  if (text === undefined) return Date.now();
  const at = Date.parse(text);
  if (Number.isNaN(at) || !/T.*(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new SetupError("TIME", `"${text}" is no moment`, "Write it with a zone: 2026-03-01T08:00:00+05:00");
  return at;
}

/** A number from the command line. @throws SetupError NUMBER */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new SetupError("NUMBER", `"${text}" is no number`, "Write it with a decimal point: 43.226");
  return value;
}

/** The text of a file named on the command line. @throws SetupError FILE_UNREADABLE */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `cannot read ${file}: ${(cause as Error).message}`;
    throw new SetupError("FILE_UNREADABLE", message, "Check the name and the rights of the file.", { cause });
  }
}

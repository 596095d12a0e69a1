/** What the commands share that show personal data: whoever runs one is recorded, as on the pages. */
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { PEOPLE } from "../api/auth.js";
import { COMMAND_LINE, SeenBook, type What } from "../api/seen.js";
import { loadConfig } from "../config.js";
import { openStore } from "../store/file.js";

/** The gateway's account that runs this command. */
export function account(): string {
  return userInfo().username;
}

/** Records that the gateway's user is about to see this. A hub that was never started has nobody to see. */
export function noteSight(program: Command, what: What): void {
  const { dataDir } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const file = join(dataDir, PEOPLE.fileName);
  if (!existsSync(file)) return;
  const db = openStore(file, PEOPLE);
  try {
    new SeenBook(db, Date.now).note(account(), COMMAND_LINE, what);
  } finally {
    db.close();
  }
}

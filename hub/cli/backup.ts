/** `aryk backup` and `aryk restore`. */
import type { Command } from "commander";
import { resolve } from "node:path";
import { makeBackup } from "../backup/make.js";
import { restoreBackup } from "../backup/restore.js";
import { loadConfig } from "../config.js";
import { ImageStore } from "../updates/images.js";
import { noteSight } from "./sights.js";

/** Adds `backup` and `restore`. */
export function addBackupCommands(program: Command, version: string): void {
  const dataDir = (): string => loadConfig(program.opts<{ config: string }>().config, process.env).dataDir;
  program
    .command("backup <folder>")
    .description(
      "copy everything the hub keeps into a new folder under the one named, while it runs; the copy holds the boards'" +
        " keys and everybody's password hashes: only its owner may read it, keep it so",
    )
    .action((folder: string) => {
      noteSight(program, "backup");
      const { dir, manifest } = makeBackup(dataDir(), resolve(folder), new Date(), version);
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      console.log(`${dir}: ${(bytes / 1e6).toFixed(1)} MB, journal up to entry ${manifest.journal?.id ?? 0}.`);
      const broken = new ImageStore(dataDir()).broken();
      if (broken.length > 0)
        console.log(`Left out, for they are not what their names say: images ${broken.join(", ")}.`);
    });
  program
    .command("restore <backup>")
    .description(
      "put a backup in the place of the hub's data (the hub must be stopped); what was there is moved aside." +
        " Readings that came after the backup are not in it: the ledger names them as missing",
    )
    .action((backup: string) => {
      const { manifest, aside } = restoreBackup(dataDir(), resolve(backup), new Date());
      console.log(`Restored the backup of ${manifest.made}, journal up to entry ${manifest.journal?.id ?? 0}.`);
      if (aside !== null) console.log(`What was there before is in ${aside}.`);
    });
}

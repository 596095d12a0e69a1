#!/usr/bin/env node
/** The command line: one table of commands, each in a file of its own by what it is about. */
import { Command } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../errors.js";
import { projectRoot } from "../root.js";
import { addBackupCommands } from "./backup.js";
import { addBenchCommand } from "./bench.js";
import { addBoardCommands } from "./boards.js";
import { addConfigCommands } from "./config.js";
import { addLedgerCommand } from "./ledger.js";
import { addMosquittoCommand } from "./mosquitto.js";
import { addPeopleCommands } from "./people.js";
import { addRegistryCommands } from "./registry.js";
import { addServiceCommand } from "./service.js";
import { addSiteCommands } from "./sites.js";
import { addStartCommand } from "./start.js";
import { addUpdateCommands } from "./update.js";

const { version } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8")) as { version: string };

const program = new Command("aryk")
  .description("The environmental sensor network of a city: the hub and its tools.")
  .version(version)
  .option("-c, --config <file>", "the hub's configuration", "hub.yaml")
  .showHelpAfterError("(aryk --help shows what there is)");

addStartCommand(program);
addConfigCommands(program);
addSiteCommands(program);
addBoardCommands(program);
addBenchCommand(program, version);
addUpdateCommands(program);
addMosquittoCommand(program);
addRegistryCommands(program);
addLedgerCommand(program);
addPeopleCommands(program);
addBackupCommands(program, version);
addServiceCommand(program);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof SetupError) console.error(`${error.code}: ${error.message}\n→ ${error.remedy}`);
  else console.error(error);
  // sysexits.h: a mistake in the configuration, which a service manager need not try again.
  process.exitCode = error instanceof SetupError && error.code.startsWith("CONFIG_") ? 78 : 1;
});

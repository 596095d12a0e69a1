/** `aryk service`: the hub as a service of systemd. */
import type { Command } from "commander";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import { serviceUnit } from "../service/unit.js";

interface Options {
  user: string;
  install: boolean;
  force: boolean;
  folder: string;
}

/** What a person does next; the unit itself is on standard output or in its file. */
function nextSteps(name: string, user: string, file: string): string {
  return [
    `Wrote ${file}. Then, as root:`,
    `  useradd --system --no-create-home --shell /usr/sbin/nologin ${user}    # if there is no such account`,
    `  install -d -m 0700 /etc/aryk && install -m 0600 /dev/null /etc/aryk/${name}.env    # secrets: NAME=value, one a line`,
    `  systemctl daemon-reload && systemctl enable --now ${name}`,
  ].join("\n");
}

function install(file: string, unit: string, force: boolean): void {
  if (existsSync(file) && readFileSync(file, "utf8") !== unit && !force)
    throw new SetupError(
      "SERVICE_EXISTS",
      `${file} is there and says something else`,
      "Put your own changes into a drop-in (systemctl edit), then install with --force.",
    );
  try {
    writeFileSync(file, unit, { mode: 0o644 });
  } catch (cause) {
    const message = `cannot write ${file}: ${(cause as Error).message}`;
    throw new SetupError("SERVICE_NOT_WRITABLE", message, "Run it as root, or name another --folder.", { cause });
  }
}

/** Adds `service`. */
export function addServiceCommand(program: Command): void {
  program
    .command("service")
    .description("print the systemd unit of this hub, or install it")
    .option("--user <account>", "account that runs the hub", "aryk")
    .option("--install", "write the unit into the folder of units", false)
    .option("--force", "overwrite a unit that says something else", false)
    .option("--folder <folder>", "folder of units", "/etc/systemd/system")
    .action(({ user, install: wanted, force, folder }: Options) => {
      const configFile = resolve(program.opts<{ config: string }>().config);
      // Secrets may not be in this person's environment: what the unit says does not depend on them.
      const config = loadConfig(configFile, new Proxy({}, { get: () => "set by the service" }));
      const serial = [...config.inputs.serial, ...config.inputs.firmata].map((input) => input.path);
      const { name, dataDir } = config;
      const writable = [dataDir, ...(config.alerts.cap.folder === null ? [] : [config.alerts.cap.folder])];
      const unit = serviceUnit({ name, configFile, writable, user, node: process.execPath, serial });
      if (!wanted) return void process.stdout.write(unit);
      const file = resolve(folder, `${name}.service`);
      install(file, unit, force);
      console.log(nextSteps(name, user, file));
    });
}

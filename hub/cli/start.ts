/** `aryk start`: the hub, until it is told to stop. */
import type { Command } from "commander";
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import pino from "pino";
import { realClock } from "../clock.js";
import { loadConfig } from "../config.js";
import { sampleConfig } from "../config-sample.js";
import { startHub } from "../main.js";

/** What a person sees on the terminal who starts the hub for the first time. */
function firstSteps(url: string, config: string, sites: number): string {
  const lines = [`Aryk is running. Open ${url}`];
  lines.push(`Settings: ${config} (changes count after a restart)`);
  if (sites === 0)
    lines.push(
      "No site yet. To add a first one with its board:",
      '  npx aryk site add underpass-1 --type underpass --name "Seifullin / Al-Farabi" --lat 43.226 --lon 76.9407',
      "  npx aryk calibration add underpass-1 water-depth level-depth '{\"mountHeightMm\":3000}'",
      "  npx aryk board add up-0001 --site underpass-1      # prints the key and what goes into the board's flash",
    );
  return lines.join("\n");
}

async function start(configFile: string): Promise<void> {
  const path = resolve(configFile);
  if (!existsSync(path)) {
    writeFileSync(path, sampleConfig(), { flag: "wx" });
    console.error(`Wrote ${path} with every option and its default.`);
  }
  const config = loadConfig(path, process.env);
  const log = pino({ level: config.log.level, base: undefined });
  const onAdminPassword = (password: string): void =>
    console.error(
      `Made the person admin with the password  ${password}  (shown this once; "aryk person password admin" sets another)`,
    );
  const hub = await startHub({ config, clock: realClock, log, onAdminPassword });
  console.error("\n" + firstSteps(hub.url, path, hub.registry.sites().length) + "\n");

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, "stopping");
    hub.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the hub did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

/** Adds `start`. */
export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("run the hub; the first start writes hub.yaml and makes an admin password")
    .action(async () => start(program.opts<{ config: string }>().config));
}

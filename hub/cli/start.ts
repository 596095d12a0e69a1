/** `aryk start`: the hub, until it is told to stop. */
import type { Command } from "commander";
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Logger } from "pino";
import { realClock } from "../clock.js";
import { loadConfig } from "../config.js";
import { sampleConfig } from "../config/sample.js";
import { keepHeapSmall } from "../heap.js";
import { openLog } from "../log.js";
import type { Hub } from "../main.js";
import { notifier } from "../service/notify.js";
import { onSignal } from "../service/stop.js";
import { startWatchdog } from "../service/watchdog.js";

/** As in README.md. Without the offset alarms come late; more of it than 110 mm and an echo alone does not see a closure. */
const FIRST_CALIBRATION = '{"mountHeightMm":3000,"tiltDeg":1,"lowPointOffsetMm":40,"noiseFloorMm":30}';

/** What a person sees on the terminal who starts the hub for the first time. */
function firstSteps(url: string, config: string, sites: number): string {
  const lines = [`Aryk is running. Open ${url}`];
  lines.push(`Settings: ${config} (changes count after a restart)`);
  if (sites === 0)
    lines.push(
      "No site yet. To add a first one with its board:",
      '  npx aryk site add underpass-1 --type underpass --name "Seifullin / Al-Farabi" --lat 43.226 --lon 76.9407',
      "  # measured: see hardware/field",
      `  npx aryk calibration add underpass-1 water-depth level-depth '${FIRST_CALIBRATION}'`,
      "  npx aryk board add up-0001      # prints the key and what goes into the board's flash; board assign when it hangs",
    );
  return lines.join("\n");
}

async function start(configFile: string): Promise<void> {
  keepHeapSmall();
  const path = resolve(configFile);
  if (!existsSync(path)) {
    writeFileSync(path, sampleConfig(), { flag: "wx" });
    console.error(`Wrote ${path} with every option and its default.`);
  }
  const config = loadConfig(path, process.env);
  const { log, setLevels } = openLog(config.log);
  const onAdminPassword = (password: string): void =>
    console.error(
      `Made the person admin with the password  ${password}  (shown this once; "aryk person password admin" sets another)`,
    );
  // Everything acknowledged is on disk: the process may end as it is, as soon as its log is written.
  const onDamage = (): void => void setTimeout(() => process.exit(1), 500);
  // Most of what takes time to load is needed here only: every other command comes sooner without it.
  const { startHub } = await import("../main.js");
  const hub = await startHub({ config, clock: realClock, log, onAdminPassword, onDamage });
  console.error("\n" + firstSteps(hub.url, path, hub.registry.sites().length) + "\n");
  process.on("SIGHUP", () => {
    try {
      const { log: levels } = loadConfig(path, process.env);
      setLevels(levels);
      log.info({ levels }, "log levels read again; everything else of hub.yaml counts after a restart");
    } catch (error) {
      log.error({ err: error }, "hub.yaml was not read again");
    }
  });
  await untilTold(hub, log);
}

/** Watches for systemd and for signals. The first SIGTERM or SIGINT stops in order, the second at once. */
async function untilTold(hub: Hub, log: Logger): Promise<void> {
  let stopping = false;
  let watchdog: { stop(): Promise<void> } | null = null;
  const end = (code: number): void => {
    // Only where it had no time to end by itself.
    const flows = hub.flows?.pid() ?? null;
    if (flows !== null)
      try {
        process.kill(flows, "SIGKILL");
      } catch {
        // It has just ended.
      }
    process.exit(code);
  };
  const inOrder = (): Promise<void> => {
    stopping = true;
    void watchdog?.stop();
    return hub.stop();
  };
  const stop = onSignal(inOrder, end, log);
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const warn = (message: string): void => log.warn({ part: "systemd" }, message);
  const notify = notifier(process.env, process.pid, warn);
  if (notify === null) return;
  const { journal } = hub;
  const watched = {
    failure: () => journal.failure(),
    waiting: () => journal.counts().waiting,
    head: () => journal.head().id,
    health: () => hub.health(),
  };
  const started = await startWatchdog(notify, watched, warn);
  if (stopping) await started.stop();
  else watchdog = started;
}

/** Adds `start`. */
export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("run the hub; the first start writes hub.yaml and makes an admin password")
    .action(async () => start(program.opts<{ config: string }>().config));
}

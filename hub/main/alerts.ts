/** The alarm side of the hub: channels, delivery, and the watch that steps in when the flows have stopped. */
import { join } from "node:path";
import type { Logger } from "pino";
import { openCapReader } from "../alerts/cap/read.js";
import type { CapPlace } from "../alerts/cap/message.js";
import type { Channel } from "../alerts/channel.js";
import { folderChannel } from "../alerts/channels/folder.js";
import { logChannel } from "../alerts/channels/log.js";
import { webhookChannel } from "../alerts/channels/webhook.js";
import { createCompose } from "../alerts/compose.js";
import { startDelivery } from "../alerts/deliver.js";
import type { Notice } from "../alerts/protocol.js";
import type { Register } from "../alerts/register.js";
import { startWatch } from "../alerts/watch.js";
import { FLOWS_CONSUMER } from "../api/flows.js";
import type { Clock } from "../clock.js";
import type { Config } from "../config.js";
import type { Journal } from "../journal.js";
import type { UnixMs } from "../model.js";
import type { RuleSite } from "../alerts/rule.js";
import type { Registry } from "../registry.js";

interface AlertsDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  journal: Journal;
  register: Register;
  registry: Registry;
  sites(): RuleSite[];
  /** When this hub began to listen, by its clock as it is now. */
  since(): UnixMs;
}

/** Starts delivery and watch. `text` says what a notice says, for channels that are branches of the flows. */
export function startAlerts(deps: AlertsDeps): {
  text(notice: Notice): string;
  /** Names of the built-in channels and of the configured webhooks. */
  channels: string[];
  watching(): boolean;
  stop(): Promise<void>;
} {
  const { config, clock, log, journal, register, registry } = deps;
  const { cap, webhooks } = config.alerts;
  const channels: Channel[] = [logChannel((line) => log.warn({ part: "alarm" }, line))];
  channels.push(folderChannel(cap.folder ?? join(config.dataDir, "cap")));
  for (const webhook of webhooks) channels.push({ ...webhookChannel(webhook), name: webhook.name });

  const place = (id: string): CapPlace | undefined => registry.site(id);
  const compose = createCompose({
    register,
    place,
    reader: openCapReader(),
    cap: { sender: cap.sender, status: cap.status, contact: cap.contact },
  });
  const delivery = startDelivery({ register, channels, compose, warn: (line) => log.error({ part: "alarm" }, line) });
  const watch = startWatch({
    register,
    journal,
    sites: deps.sites,
    clock,
    channels: channels.map((channel) => channel.name),
    language: "ru",
    since: () => deps.since(),
    judged: (cursor) => journal.settle(FLOWS_CONSUMER, cursor.id),
    judgedTo: () => journal.cursor(FLOWS_CONSUMER).id,
    log: (line) => log.warn({ part: "watch" }, line),
    staleAfterMs: config.flows.staleSeconds * 1000,
  });
  return {
    text: (notice) => compose(notice).text,
    channels: channels.map((channel) => channel.name),
    watching: () => watch.active(),
    async stop() {
      watch.stop();
      await delivery.stop();
    },
  };
}

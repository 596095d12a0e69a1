/** A whole hub with a siren. */
import { pino } from "pino";
import { realClock } from "../../../hub/clock.js";
import type { Config } from "../../../hub/config.js";
import { parseConfig } from "../../../hub/config.js";
import { startHub, type Hub } from "../../../hub/main.js";
import { until } from "../../rig/sealed.js";

/** Starts a hub that does nothing but to have sirens, and waits for their relays. */
export async function hubWithSiren(dataDir: string, sirens: Config["sirens"]): Promise<Hub> {
  const config = parseConfig("", {});
  config.dataDir = dataDir;
  config.http.port = 0;
  config.inputs.broker.enabled = false;
  config.flows.enabled = false;
  config.sirens = sirens;
  const hub = await startHub({ config, clock: realClock, log: pino({ level: "silent" }) });
  await until("the relays answer", () => hub.sirens.list().every(({ state }) => state === "safe"), 60_000);
  return hub;
}

/** Sounds it as a person does. */
export function sound(hub: Hub, site: string): void {
  const siren = hub.sirens.at(site);
  const armed = siren?.order({ type: "arm" }, "Aliya");
  if (armed?.ok !== true || armed.siren.arming === null) throw new Error(`not armed: ${JSON.stringify(armed)}`);
  const fired = siren?.order({ type: "fire", arming: armed.siren.arming }, "Aliya");
  if (fired?.ok !== true) throw new Error(`not fired: ${JSON.stringify(fired)}`);
}

/** `--kills`: hub and Node-RED are killed with SIGKILL at random moments while underpasses flood. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Register } from "../../hub/alerts/register.js";
import { Journal } from "../../hub/journal.js";
import { scaledClock } from "../rig/scaled-clock.js";
import { freePort } from "../rig/servers.js";
import { compareAlarms, compareReadings } from "./compare.js";
import type { HubOrder } from "./hub-child.js";
import { FLOOD_EVERY_MIN, startLoad } from "./load.js";
import { entriesOf, MINUTE_MS, MOUNT_MM, provision, say, seeded, STALE_S, startHubProcess, until } from "./rig.js";

/** One site minute passes in each second. */
const SPEED = 60;

/** Runs it, prints the line of JSON. @returns whether nothing was lost or repeated */
export async function runKills(options: { kills: number; seed: number; boards: number }): Promise<boolean> {
  const { kills } = options;
  const dataDir = mkdtempSync(join(tmpdir(), "aryk-chaos-"));
  const random = seeded(options.seed);
  const since = Date.now();
  // The run ends at about the real present; what is ahead of the hub's clock would be refused.
  const base = since - 7 * 86_400_000;
  const clock = scaledClock(base, since, SPEED);
  const minute = (): number => (clock.now() - base) / MINUTE_MS;
  const boards = provision(dataDir, base - MINUTE_MS, options.boards);
  const order: HubOrder = {
    ...{ dataDir, brokerPort: await freePort(), base, since, speed: SPEED, staleSeconds: STALE_S },
  };

  let hub = startHubProcess(order);
  await until("the hub", 60, () => hub.ready());
  const load = startLoad(boards, order.brokerPort, MOUNT_MM, MINUTE_MS / SPEED, { minute, now: () => clock.now() });
  await until("the flows", 120, () => hub.flows().state === "running");
  say(`${options.boards} boards, ${kills} kills, seed ${options.seed}`);

  const killed = { hub: 0, flows: 0 };
  for (let kill = 1; kill <= kills; kill++) {
    await sleep(1500 + random() * 4500);
    const pid = hub.flows().pid;
    if (random() < 0.5 && pid !== null) {
      killed.flows++;
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        say("the flows were between two lives");
      }
    } else {
      killed.hub++;
      hub.child.kill("SIGKILL");
      await hub.gone;
      await sleep(random() * 1500);
      hub = startHubProcess(order);
      await until("the hub after its kill", 60, () => hub.ready());
    }
    say(
      `kill ${kill}/${kills}: ${load.acked.size} acknowledged, ${load.waiting()} waiting, minute ${minute().toFixed(0)}`,
    );
  }
  // Every flood that has begun may end, and be judged, before anything is counted.
  const lastMinute = Math.ceil(minute());
  const minutes = lastMinute + FLOOD_EVERY_MIN;
  say(`letting the floods end: ${Math.round((minutes - minute()) * (MINUTE_MS / SPEED / 1000))} s`);
  await until("the last flood's end", 600, () => minute() >= minutes);
  load.quiet();
  await until("the last acknowledgements", 120, () => load.waiting() === 0);
  await sleep((4 * STALE_S * 1000) / 2);
  hub.child.send("stop");
  await hub.gone;
  await load.stop();

  const journal = Journal.open(join(dataDir, "journal.sqlite"));
  const register = Register.open(join(dataDir, "register.sqlite"), clock);
  const readings = compareReadings(load.acked, entriesOf(journal));
  const sites = boards.map(({ site, offsetMin }) => ({ id: site, offsetMin }));
  const transitions = register.transitions(0, 1_000_000);
  const alarms = compareAlarms(transitions, sites, base, minutes);
  const judged = register.cursor()?.id === journal.head().id;
  register.close();
  await journal.close();
  for (const line of [...readings.lost, ...readings.duplicated, ...alarms.lost, ...alarms.repeated].slice(0, 40))
    say(line);
  if (!judged) say("the alarm rules have not judged everything");
  const result = {
    acked: load.acked.size,
    stored: readings.stored,
    lost: readings.lost.length,
    duplicated: readings.duplicated.length,
    alarmsLost: alarms.lost.length,
    alarmsRepeated: alarms.repeated.length,
    kills: killed.hub + killed.flows,
    killed,
    floods: alarms.floods,
    transitions: alarms.transitions,
  };
  const sound = judged && result.lost + result.duplicated + result.alarmsLost + result.alarmsRepeated === 0;
  if (sound) rmSync(dataDir, { recursive: true, force: true });
  else say(`kept for a look: ${dataDir}`);
  console.log(JSON.stringify(result));
  return sound && result.acked > 0 && result.floods > 0;
}

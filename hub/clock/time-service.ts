/** What systemd's time service says of the machine's clock; it needs no rights to ask. */
import { existsSync } from "node:fs";

/** True or false as systemd-timesyncd says; null where another service, or none, keeps the time. */
export function timesyncConfirms(dir = "/run/systemd/timesync"): boolean | null {
  return existsSync(dir) ? existsSync(`${dir}/synchronized`) : null;
}

/** The hub's files: room for them, what is damaged mended, then each opened. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { REGISTER } from "../alerts/register-schema.js";
import { Register } from "../alerts/register.js";
import { Access } from "../api/auth.js";
import { checkRestored } from "../backup/restore.js";
import { STORES } from "../backup/stores.js";
import type { Clock } from "../clock.js";
import type { Config } from "../config.js";
import { mendHealth, keepCopy, mendStores } from "../store/mend-all.js";
import type { Component } from "../health.js";
import { JOURNAL } from "../journal/schema.js";
import { Journal } from "../journal.js";
import { Registry } from "../registry.js";
import { openSecrets } from "../secrets.js";
import { watchMarks } from "../store/marks.js";
import { startReserve, type Reserve } from "../store/reserve.js";

/** Without these the hub does not do its work; it ends, and its next start, seconds later, mends them. */
const VITAL = [JOURNAL, REGISTER];
const LOW_DISK_BYTES = 500e6;
const MIB = 1024 * 1024;

/** Told what ends a part that has been started; the parts are ended in reverse. */
export type OnStop = (end: () => void | Promise<void>) => void;

export interface Stores {
  reserve: Reserve;
  registry: Registry;
  journal: Journal;
  register: Register;
  access: Access;
  /** Made at the very first start, else null. */
  adminPassword: string | null;
  secrets: ReturnType<typeof openSecrets>;
  /** What was damaged, and what turns out to be. */
  components: Component[];
}

interface StoresDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  onDamage?(error: Error): void;
}

/** Opens every file. @throws SetupError for one that cannot be used */
export async function openStores({ config, clock, log, onDamage }: StoresDeps, onStop: OnStop): Promise<Stores> {
  const { dataDir, disk } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  checkRestored(dataDir);
  const file = (name: string): string => join(dataDir, name);
  // Before the stores: on a full disk it makes the room in which they can be opened.
  const reserve = startReserve({
    ...{ file: file("reserve"), folder: dataDir, lowBytes: LOW_DISK_BYTES, log },
    ...{ bytes: disk.reserveMiB * MIB, floorBytes: disk.floorMiB * MIB },
  });
  onStop(() => reserve.stop());
  const mended = mendStores(dataDir, clock);
  for (const report of mended) log.error({ ...report }, `the ${report.store} was damaged and has been mended`);
  const registry = Registry.open(file("registry.sqlite"), clock);
  onStop(() => registry.close());
  onStop(keepCopy(dataDir, (err) => log.error({ err }, "the registry could not be copied")));
  const journal = Journal.open(file("journal.sqlite"), {
    gatherMs: config.journal.gatherMs,
    onDamage(err) {
      log.fatal({ err }, "the journal is damaged: nothing is taken any more, the next start mends it");
      onDamage?.(err);
    },
  });
  onStop(() => journal.close());
  const register = Register.open(file("register.sqlite"), clock);
  onStop(() => register.close());
  const secrets = openSecrets(file("secrets.json"));
  const { access, adminPassword } = await Access.open(file("people.sqlite"));
  onStop(() => access.close());
  onStop(access.seen.age());
  const marks = watchMarks(dataDir, STORES, (kind) => {
    const vital = VITAL.includes(kind);
    const then = vital ? "the hub ends, and its next start mends it" : "the next start of the hub mends it";
    log[vital ? "fatal" : "error"]({ store: kind.name }, `the ${kind.name} turned out to be damaged: ${then}`);
    if (vital) onDamage?.(new Error(`the ${kind.name} is damaged`));
  });
  onStop(() => marks.stop());
  const components = [mendHealth(mended, () => journal.altered()), marks.component];
  return { reserve, registry, journal, register, access, adminPassword, secrets, components };
}

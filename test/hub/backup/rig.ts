/** The parts of a hub that follow its journal, on one data folder: pipeline, history, register with its watch. */
import { join } from "node:path";
import { PROPERTIES } from "../../../firmware/wire/properties.js";
import { siteType } from "../../../hardware/sites.js";
import { Register } from "../../../hub/alerts/register.js";
import { startWatch } from "../../../hub/alerts/watch.js";
import type { Notice } from "../../../hub/alerts/protocol.js";
import type { SteppedClock } from "../../../hub/clock.js";
import { ruleSites } from "../../../hub/join.js";
import { Journal } from "../../../hub/journal.js";
import type { BoardId, PackEntry, SiteId } from "../../../hub/model.js";
import { startHistory } from "../../../hub/outputs/history.js";
import { Registry } from "../../../hub/registry.js";
import { until } from "../outputs/entries.js";
import { EPOCH } from "../journal-entries.js";

export interface KeptHub {
  journal: Journal;
  register: Register;
  registry: Registry;
  /** Notices that a channel was given, by idempotency key. */
  sent: Notice[];
  /** A reading a minute after the one before, from every site: of the first, water that deep. */
  minute(depthMm: number): Promise<void>;
  /** Until everything is judged, told and in the history. */
  settled(): Promise<void>;
  history(site: string): Promise<number[]>;
  stop(): Promise<void>;
}

export const SITES = ["u1", "u2"] as SiteId[];
export const PROPERTY = PROPERTIES.find((one) => one.name === "water-depth")?.name ?? "water-depth";

/** Opens or makes the folder. `sequence` numbers the packs of every board, beyond this hub's life. */
export function keepHub(dir: string, clock: SteppedClock, sequence: { last: number }): KeptHub {
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  if (registry.sites().length === 0)
    for (const id of SITES) {
      const names = { kk: id, ru: id, en: id };
      registry.addSite({ id, type: "underpass", names, district: "", lat: 43, lon: 76, settings: {} }, "test");
    }
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const register = Register.open(join(dir, "register.sqlite"), clock, () => clock.now());
  const kept = startHistory({ file: join(dir, "history.sqlite"), journal, clock, gatherMs: 0 });
  const watch = startWatch({
    ...{ register, journal, clock, channels: ["log"], language: "en", since: () => clock.now() },
    ...{ sites: () => ruleSites(registry), staleAfterMs: 0, everyMs: 5, log: () => undefined },
    judged: (cursor) => journal.settle("flows", cursor.id),
    judgedTo: () => journal.cursor("flows").id,
  });
  const sent: Notice[] = [];
  const deliver = (): void => {
    for (const notice of register.claim("log", 100, 60_000)) {
      sent.push(notice);
      register.done(notice.id, notice.lease ?? "", { state: "sent" });
    }
  };
  const timer = setInterval(deliver, 5);
  return {
    ...{ journal, register, registry, sent },
    async minute(depthMm) {
      clock.advance(60_000);
      const time = clock.now();
      const seq = ++sequence.last;
      await Promise.all(
        SITES.map((site, i) => {
          const body = `aryk1 pack b-${site} ${EPOCH}.1.${seq} 1 - ${depthMm} k1`;
          const entry: PackEntry = {
            ...{ kind: "pack", board: `b-${site}` as BoardId, epoch: EPOCH, boot: 1, seq, source: "test" },
            ...{ line: `${body}.${String(seq).padStart(32, "0")}`, received: time, nodeTime: time, time },
            ...{ timeFrom: "node", site },
            observations: [{ property: PROPERTY, value: i === 0 ? depthMm : 0, flag: 1, calibration: 1 }],
          };
          return journal.append(entry);
        }),
      );
    },
    async settled() {
      const head = journal.head();
      await until("rules and history", () => {
        const cursor = register.cursor();
        return cursor?.epoch === head.epoch && cursor.id >= head.id && journal.cursor("history").id >= head.id;
      });
      await until("notices", () => register.outbox().list({ state: "queued" }).length === 0);
    },
    async history(site) {
      return (await kept.history.series(site, PROPERTY, 0, 9e15, 100_000)).map((point) => point.time);
    },
    async stop() {
      clearInterval(timer);
      watch.stop();
      await kept.stop();
      register.close();
      await journal.close();
      registry.close();
    },
  };
}

/** Types of sites as the hub knows them, so that the rig fails early if the city's plan changes. */
if (siteType("underpass") === undefined) throw new Error("no underpass among the types of sites");

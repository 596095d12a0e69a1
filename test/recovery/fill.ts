/** A journal as it stands after a month: written through the journal itself, commit by commit. */
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { realClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { BoardId, Observation, PackEntry, SiteId } from "../../hub/model.js";
import { boardName, KEY_ID, keyOf, readingsOf, siteName, valuesAt } from "../bench/city.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";

const DAY_MS = 86_400_000;
export const EPOCH = "00000b0e";

/** Packs of each thing within the last hour. */
const DENSE_ROUNDS = 60;
/** Packs between two looks at the size. */
const STRETCH = 20_000;

function entryOf(board: SealedBoard, thing: number, seq: number, time: number): PackEntry {
  const site = siteName(thing);
  const readings = readingsOf(valuesAt(thing, time));
  const raw = readings.flatMap((r): Observation[] =>
    r.ok ? [{ property: r.property.name, value: r.value, flag: 1, calibration: 0 }] : [],
  );
  const derived: Observation[] = [
    { property: "pm25", value: 20 + (thing % 30), flag: 1, calibration: 2 * thing + 1 },
    { property: "no2", value: 35 + (thing % 9), flag: 1, calibration: 2 * thing + 2 },
  ];
  return {
    ...{ kind: "pack", board: boardName(site) as BoardId, epoch: EPOCH, boot: 1, seq },
    line: board.pack(readings, time % DAY_MS, time),
    ...{ source: "mqtt", received: time + 300, nodeTime: time, time, timeFrom: "node" },
    site: site as SiteId,
    observations: [...raw, ...derived],
  };
}

/**
 * Fills the journal of a data folder with packs of so many things, evenly over the last `days`, until it takes `mib`.
 * @returns how many packs it holds
 */
export async function fillJournal(
  dataDir: string,
  things: number,
  days: number,
  mib: number,
  say: (s: string) => void,
) {
  const journal = Journal.open(join(dataDir, "journal.sqlite"), { gatherMs: 0 });
  const boards = Array.from({ length: things }, (_, thing) => {
    const name = boardName(siteName(thing));
    return sealedBoard(name, KEY_ID, keyOf(name), EPOCH, 1);
  });
  // The size of one pack is found first, so that the times can be spread over the whole month.
  const end = realClock.now() - 60_000;
  const begin = end - days * DAY_MS;
  const sample =
    JSON.stringify(entryOf(sealedBoard("b-eco-000000", KEY_ID, keyOf("x"), EPOCH, 1), 0, 1, end)).length + 40;
  const wanted = Math.round((mib * 1024 * 1024) / sample);
  const rounds = Math.max(1, Math.floor(wanted / things));
  let packs = 0;
  let waiting: Promise<number>[] = [];
  for (let round = 0; round < rounds; round++)
    for (let thing = 0; thing < things; thing++) {
      // The last hour as dense as a city's (a pack a minute of each): it is what a start has to read again.
      const dense = rounds - round <= DENSE_ROUNDS;
      const share = (round + thing / things) / Math.max(1, rounds - DENSE_ROUNDS);
      const minutesLeft = rounds - round - thing / things;
      const time = Math.round(
        dense ? end - minutesLeft * 60_000 : begin + (end - DENSE_ROUNDS * 60_000 - begin) * share,
      );
      waiting.push(journal.append(entryOf(boards[thing]!, thing, round + 1, time)));
      if (++packs % STRETCH !== 0) continue;
      await Promise.all(waiting);
      waiting = [];
      await breathe();
      if (packs % (STRETCH * 10) === 0) say(`${packs} of ${rounds * things} packs`);
    }
  await Promise.all(waiting);
  await journal.close();
  return { packs, lastSeq: rounds };
}

/** Two lanes under a crash between any two of their writes: nothing is left out. */
import assert from "node:assert/strict";
import Database from "better-sqlite3";
import type { Journal } from "../../../hub/journal.js";
import { Cursors } from "../../../hub/journal/cursors.js";
import type { Journalled } from "../../../hub/model.js";
import type { Lane } from "../../../hub/outputs/drain/lane.js";
import { Lanes, type LanesJournal } from "../../../hub/outputs/drain/lanes.js";
import { openJournal, packEntry, temporaryDir } from "./entries.js";

/** A run through everything that lanes do, over 2,000 entries that cost nothing. */
class Run {
  /** Where the journal ends. */
  head = 1000;
  readonly written = new Set<number>();
  readonly #entries: Journalled[];

  constructor(journal: Journal) {
    this.#entries = journal.read(0, 2000);
  }

  read(after: number, limit: number): Journalled[] {
    return this.#entries.slice(after, Math.min(after + limit, this.head));
  }

  #go(lane: Lane | null): boolean {
    const launched = lane?.launch(100, (flight) => {
      for (const { id } of flight.entries) this.written.add(id);
      flight.endedTo = flight.entries[flight.entries.length - 1].id;
      flight.entries = [];
      return Promise.resolve();
    });
    lane?.settle();
    return launched === true;
  }

  /** Opens both lanes, falls behind on the second one as well, and joins them. False if it was cut off. */
  whole(mortal: LanesJournal, consumer: string): boolean {
    try {
      const lanes = new Lanes(mortal, consumer, 500);
      lanes.arrange(this.head);
      for (let i = 0; i < 2; i++) this.#go(lanes.main);
      this.head = 1100;
      this.#go(lanes.live);
      this.head = 1800;
      lanes.arrange(this.head); // the newest lane is far behind, too
      this.head = 1850;
      this.#go(lanes.live);
      while (this.#go(lanes.main));
      lanes.arrange(this.head);
      while (this.#go(lanes.main));
      return true;
    } catch (error) {
      assert.match(String(error), /cut off/);
      return false;
    }
  }

  /** The next start carries what is left. */
  rest(immortal: LanesJournal, consumer: string): void {
    this.head = 2000;
    const after = new Lanes(immortal, consumer, Infinity);
    while (after.lag(this.head) > 0) {
      while (this.#go(after.live));
      while (this.#go(after.main));
      after.arrange(this.head);
    }
  }
}

describe("lanes to an output that was away for long", () => {
  let place: { dir: string; remove: () => void };
  let journal: Journal;
  const cursors = (): string[] => journal.consumers().map((one) => one.consumer);

  before(async () => {
    place = temporaryDir();
    journal = openJournal(place.dir);
    await Promise.all(Array.from({ length: 2000 }, (_, i) => journal.append(packEntry(i + 1))));
  });
  after(async () => {
    await journal.close();
    place.remove();
  });

  it("survive being cut off before any of their writes, leaving nothing out", async () => {
    let left = Infinity;
    const cut = <T>(work: () => T): T => {
      if (left-- <= 0) throw new Error("cut off");
      return work();
    };
    let rounds = 0;
    for (let whole = false; !whole; rounds++) {
      const consumer = `round-${rounds}`;
      const run = new Run(journal);
      const mortal: LanesJournal = {
        read: (after, limit) => run.read(after, limit),
        consumers: () => journal.consumers(),
        cursor: (name) => (cursors().includes(name) ? journal.cursor(name) : cut(() => journal.cursor(name))),
        settle: (name, id) => cut(() => journal.settle(name, id)),
        removeConsumer: (name) => cut(() => journal.removeConsumer(name)),
      };
      left = rounds;
      whole = run.whole(mortal, consumer);
      left = Infinity;
      run.rest(mortal, consumer);
      assert.equal(run.written.size, 2000, `cut off before write ${rounds + 1}`);
      assert.equal(journal.cursor(consumer).id, 2000);
      assert.ok(!cursors().some((name) => name.startsWith(`${consumer}#`)));
    }
    assert.ok(rounds > 20, `${rounds} places to cut`);
  });

  it("survive a crash that forgets the places which waited for a commit, whichever came last, leaving nothing out", async () => {
    /** Everything up to a crash before write `cutAt`; places are on disk from a commit before write `commitAt`. */
    function crash(commitAt: number, cutAt: number): boolean {
      const db = new Database(":memory:");
      db.exec("CREATE TABLE cursors (consumer TEXT PRIMARY KEY, id INTEGER, mirror INTEGER)");
      let places = new Cursors(db);
      let writes = 0;
      const next = (): void => {
        if (writes === commitAt) {
          places.save();
          places.saved();
        }
        if (writes++ === cutAt) throw new Error("cut off");
      };
      const run = new Run(journal);
      const mortal: LanesJournal = {
        read: (after, limit) => run.read(after, limit),
        consumers: () => places.all(run.head),
        cursor(name) {
          if (!places.all(0).some(({ consumer }) => consumer === name)) next();
          return { id: places.open(name, () => 0) };
        },
        settle(name, id) {
          next();
          places.settle(name, id);
        },
        removeConsumer(name) {
          next();
          return places.remove(name);
        },
      };
      const whole = run.whole(mortal, "sink");
      places = new Cursors(db);
      commitAt = cutAt = Infinity;
      run.rest(mortal, "sink");
      assert.equal(run.written.size, 2000);
      assert.deepEqual(places.all(2000), [{ consumer: "sink", id: 2000, behind: 0 }]);
      db.close();
      return whole;
    }
    let cutAt = 0;
    for (let whole = false; !whole; cutAt++)
      for (let commitAt = 0; commitAt <= cutAt; commitAt++) {
        try {
          whole = crash(commitAt, cutAt);
        } catch (cause) {
          throw new Error(`commit before write ${commitAt + 1}, crash before write ${cutAt + 1}`, { cause });
        }
      }
    assert.ok(cutAt > 20, `${cutAt} places to crash at`);
  });
});

/**
 * The board's report on itself, asked for by the hub: what each sensor says in a round that starts at once, and how
 * heap, flash and link are. Its pack goes to the hub as every other; this is what the technician reads.
 *
 *   {"verb":"test","to":"<nonce>","uptimeS":…,"heap":[free,all],"flash":"ok","storage":[free,all],"waiting":…,
 *    "signalDbm":…,"snrDb":…,"readings":{"<property>":<value>,"<property>":"!<fault>"}}
 *
 * `heap` counts the interpreter's variables, `storage` bytes of flash. `flash` is `ok` when bytes that were written were
 * read back. `signalDbm` is null, and `snrDb` not there, where the link does not measure that. Supply and tilt stand among
 * the readings of the sites that have sensors for them.
 */
import { decimal } from "../wire/pack.js";
import type { Reading } from "../wire/pack.js";
import type { Hal } from "./hal.js";

const FILE = "aryk.t";
/** Both kinds of bits, in both places of a byte. */
const PATTERN = "Uu Uu Uu Uu aryk";
/** With the rest it stays below what a line holds; beyond it the values are left out, and the faults are told. */
const READINGS_MAX = 420;

/** How well the other side is heard, as far as the link measures it; null while it does not know. */
export interface Signal {
  /** Strength in dBm. */
  signalDbm: number | null;
  /** Of a link that measures this instead: how far the last message stood above the noise, in dB. */
  snrDb?: number | null;
}

/** What a report says besides what its hal knows. */
export interface Checkup {
  hal: Pick<Hal, "store" | "uptimeMs" | "heap">;
  /** Lines in flash that nobody acknowledged. */
  waiting(): number;
  signal(): Signal;
}

export interface SelfTest {
  /** A sensor's readings of the round. */
  note(readings: Reading[]): void;
  /** The body of the reply. */
  report(): string;
}

/** Writes a file and reads it back. */
function flashState(store: Hal["store"]): string {
  if (!store.create(FILE, PATTERN, PATTERN.length)) return "full";
  const good = store.read(FILE, 0, PATTERN.length) === PATTERN;
  store.erase(FILE);
  return good ? "ok" : "bad";
}

/** Begins a self-test; the round that follows is noted, then reported. */
export function createSelfTest(checkup: Checkup, nonce: string): SelfTest {
  let values = "";
  let faults = "";
  return {
    note: (readings) =>
      readings.forEach((reading) => {
        const name = ',"' + reading.property.name + '":';
        if (reading.ok) values += name + decimal(reading.value, reading.property.decimals);
        else faults += name + '"!' + reading.fault + '"';
      }),
    report: () => {
      const store = checkup.hal.store;
      const readings = values.length + faults.length > READINGS_MAX ? faults : values + faults;
      const body = {
        verb: "test",
        to: nonce,
        uptimeS: Math.floor(checkup.hal.uptimeMs() / 1000),
        heap: checkup.hal.heap(),
        flash: flashState(store),
        storage: [store.free(), store.total()],
        waiting: checkup.waiting(),
      };
      const text = JSON.stringify(Object.assign({}, body, checkup.signal()));
      return text.substr(0, text.length - 1) + ',"readings":{' + readings.substr(1, READINGS_MAX) + "}}";
    },
  };
}

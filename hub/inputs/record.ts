/** Writes what inputs hand over into a file that the replay input reads. */
import { createWriteStream } from "node:fs";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { Clock } from "../clock.js";
import { SetupError } from "../errors.js";
import type { Accept } from "../model.js";
import { formatRow } from "./transport/recording.js";

export interface Recording {
  /** The same door, with everything that goes through it written down first. Noise that is no line is left out. */
  wrap(accept: Accept): Accept;
  stats(): { rows: number; faults: Record<string, number> };
  /** Resolves when everything written down is in the file. */
  stop(): Promise<void>;
}

/** Bytes that may wait for a slow disk before rows are left out (and counted): a recording never holds up a reading. */
const WAITING_MAX = 8 << 20;

/** Starts a recording at the end of `file`, which is made if need be. @throws SetupError if it cannot be written */
export async function startRecording(file: string, clock: Clock): Promise<Recording> {
  const stream = createWriteStream(file, { flags: "a" });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", (error) =>
      reject(
        new SetupError("RECORD_FILE", `Cannot write the recording ${file}: ${error.message}`, "Name another file.", {
          cause: error,
        }),
      ),
    );
  });
  const faults: Record<string, number> = {};
  let rows = 0;
  const fault = (name: string): void => void (faults[name] = (faults[name] ?? 0) + 1);
  stream.on("error", () => fault("write-failed"));

  function note(text: string, withCrc: boolean): void {
    const parsed = parseLine(text, withCrc, UPLINK_MAX);
    if (!parsed.ok) return fault(parsed.fault);
    if (stream.destroyed || stream.writableEnded || stream.writableLength > WAITING_MAX) return fault("left-out");
    stream.write(formatRow(clock.now(), parsed.line.sealed + "." + parsed.line.tag));
    rows++;
  }

  return {
    wrap: (accept) => (line, from) => {
      note(line, from.withCrc);
      return accept(line, from);
    },
    stats: () => ({ rows, faults: { ...faults } }),
    async stop() {
      if (stream.destroyed) return;
      await new Promise<void>((resolve) => stream.end(() => resolve()));
    },
  };
}

/**
 * Which pieces of the project's code have run, as V8 counts them. A fuzz target that makes its inputs from a corpus keeps
 * those that reach a piece which none before it reached.
 */
import { Session } from "node:inspector";

interface Profile {
  result: {
    url: string;
    functions: { functionName: string; ranges: { startOffset: number; endOffset: number; count: number }[] }[];
  }[];
}

export interface Coverage {
  /** Pieces that ran since the last look, and were not noted before. */
  look(): string[];
  /** Pieces that ran since the last look, noted or not. */
  again(): string[];
  note(pieces: string[]): void;
  /** How many pieces have been noted. */
  reached(): number;
  stop(): void;
}

/** Counts from now on. @param files ends of the paths whose pieces count, without the ending */
export function startCoverage(files: readonly string[]): Coverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set<string>();
  const counts = new Map<string, boolean>();
  const wanted = (url: string): boolean => {
    let known = counts.get(url);
    if (known === undefined) {
      const path = url.replace(/\.[jt]s$/, "");
      known = files.some((file) => path.endsWith(file));
      counts.set(url, known);
    }
    return known;
  };
  const ran = (): string[] => {
    const found: string[] = [];
    // The session lives in this thread: its answer is there when the call returns.
    session.post("Profiler.takePreciseCoverage", (error, profile) => {
      if (error !== null) throw error;
      for (const script of (profile as Profile).result) {
        if (!wanted(script.url)) continue;
        for (const { startOffset, endOffset, count } of script.functions.flatMap((one) => one.ranges))
          if (count > 0) found.push(`${script.url}:${startOffset}-${endOffset}`);
      }
    });
    return found;
  };
  return {
    look: () => ran().filter((piece) => !seen.has(piece)),
    again: ran,
    note(pieces) {
      for (const piece of pieces) seen.add(piece);
    },
    reached: () => seen.size,
    stop() {
      session.post("Profiler.stopPreciseCoverage");
      session.post("Profiler.disable");
      session.disconnect();
    },
  };
}

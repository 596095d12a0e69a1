/** Who is told that a file has turned out to be damaged while it is in use (see damage.ts). */
import { existsSync } from "node:fs";
import { join, parse } from "node:path";
import type { Component } from "../health.js";
import { markOf } from "./damage.js";
import type { StoreKind } from "./file.js";

/** Which of the hub's files have been found damaged since the start. */
export interface MarkWatch {
  component: Component;
  stop(): void;
}

/**
 * Looks for marks, now and then and whenever health is asked; also those that another process left (a backup, a command).
 * @param found called once for each file
 */
export function watchMarks(
  dataDir: string,
  kinds: StoreKind[],
  found: (kind: StoreKind) => void,
  everyMs = 1000,
): MarkWatch {
  const told = new Set<StoreKind>();
  const look = (): StoreKind[] => {
    for (const kind of kinds) {
      if (told.has(kind) || !existsSync(markOf(join(dataDir, kind.fileName)))) continue;
      told.add(kind);
      found(kind);
    }
    return [...told];
  };
  const timer = setInterval(look, everyMs);
  return {
    component: {
      name: "stores",
      check: () =>
        look().map(({ name, fileName }) => {
          const message = `the ${name} turned out to be damaged while in use: the next start of the hub mends it`;
          return { status: "degraded", code: `damaged-${parse(fileName).name}`, message };
        }),
    },
    stop: () => clearInterval(timer),
  };
}

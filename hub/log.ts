/**
 * The hub's log: one JSON object a line on standard output. Each part (`part` in the line) may have a level of its own,
 * and both can be changed while the hub runs.
 */
import pino from "pino";
import type { DestinationStream, Level, Logger } from "pino";

export interface LogLevels {
  /** Least important messages that are written. */
  level: Level;
  /** Other levels, by part: `broker`, `mqtt`, `serial`, `flows`, `history`, `influxdb-<name>`, `api` … */
  parts: Record<string, Level>;
}

/** Fields that never belong into a log, wherever they come from: the last guard, not the only one. */
const SECRET = ["password", "token", "secret", "authorization", "cookie", "csrf", "key"];
const PATHS = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

function partOf(log: Logger): string | null {
  const { part } = log.bindings() as { part?: unknown };
  return typeof part === "string" ? part : null;
}

/**
 * Opens the log.
 * @param destination standard output unless told otherwise
 */
export function openLog(
  levels: LogLevels,
  destination?: DestinationStream,
): { log: Logger; setLevels(levels: LogLevels): void } {
  let now = levels;
  /** One of each part: parts are named by the configuration, and begin with the hub. */
  const children = new Map<Logger, string>();
  const levelOf = (part: string): Level => now.parts[part] ?? now.level;
  const options = {
    level: levels.level,
    base: undefined,
    redact: { paths: PATHS, censor: "[secret]" },
    onChild(child: Logger) {
      const part = partOf(child);
      if (part === null) return;
      child.level = levelOf(part);
      // Children of a part (a request's own log) live short and take its level when they are made.
      const { reqId } = child.bindings() as { reqId?: unknown };
      if (reqId === undefined) children.set(child, part);
    },
  };
  const log = destination === undefined ? pino(options) : pino(options, destination);
  return {
    log,
    setLevels(next) {
      now = next;
      log.level = next.level;
      for (const [child, part] of children) child.level = levelOf(part);
    },
  };
}

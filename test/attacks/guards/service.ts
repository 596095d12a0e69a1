/** Watchdog, heartbeat, health and stop: they fail loudly, or not at all. */
import type { Guard } from "./guard.js";

const SERVER = "hub/api/server.ts";
const SERVER_TEST = "test/hub/api/server/*.test.ts";
const HEARTBEAT_TEST = "test/hub/service/heartbeat.test.ts";
const WATCHDOG_TEST = "test/hub/service/watchdog.test.ts";

export const SERVICE: Guard[] = [
  {
    attack: "watchdog fed though commits fail",
    file: "hub/service/watchdog.ts",
    guard: "if (failingSince !== null && now - failingSince >= stuckMs)",
    without: "if (false)",
    test: [WATCHDOG_TEST, "commits fail for another cause"],
  },
  {
    attack: "watchdog fed though commits hang",
    file: "hub/service/watchdog.ts",
    guard: "if (waitingSince !== null && now - waitingSince >= stuckMs)",
    without: "if (false)",
    test: [WATCHDOG_TEST, "a commit that never comes"],
  },
  {
    attack: "watchdog not fed on a full disk",
    file: "hub/service/watchdog.ts",
    guard: "if (failure === null || aboutTheDisk(failure))",
    without: "if (failure === null)",
    test: [WATCHDOG_TEST, "waits for room"],
  },
  {
    attack: "watchdog fed against its judge",
    file: "hub/service/watchdog.ts",
    guard: "const fed = reason === null && notify",
    without: "const fed = notify",
    test: [WATCHDOG_TEST, "is fed by a hub that is well"],
  },
  {
    attack: "heartbeat of a hub that is down",
    file: "hub/heartbeat.ts",
    guard: 'if (health.status === "down") {',
    without: "if (false) {",
    test: [HEARTBEAT_TEST, "falls silent"],
  },
  {
    attack: "heartbeat that does not arrive",
    file: "hub/heartbeat.ts",
    guard: "if (lastError === null) return [];",
    without: "return [];",
    test: [HEARTBEAT_TEST, "makes the hub degraded"],
  },
  {
    attack: "healthz: down is 503",
    file: SERVER,
    guard: 'reply.code(status === "down" ? 503 : 200)',
    without: "reply.code(200)",
    test: [SERVER_TEST, "tells degraded from down"],
  },
  {
    attack: "healthz: a journal that keeps nothing is down",
    file: "hub/health.ts",
    guard: '[{ status: "down", code: "no-commit",',
    without: '[{ status: "degraded", code: "no-commit",',
    test: ["test/hub/health.test.ts", "is down when"],
  },
  {
    attack: "healthz: what is away degrades only",
    file: "hub/health.ts",
    guard: 'return up ? [] : [{ status: "degraded",',
    without: 'return up ? [] : [{ status: "down",',
    test: ["test/hub/health.test.ts", "is degraded, not down"],
  },
  {
    attack: "a stop that does not end",
    file: "hub/service/stop.ts",
    guard: "await Promise.race([stopped, late])",
    without: "await stopped",
    test: ["test/hub/service/stop.test.ts", "does not stop at all"],
  },
  {
    attack: "a second signal that is not heard",
    file: "hub/service/stop.ts",
    guard: "      return end(1);\n",
    without: "      return;\n",
    test: ["test/hub/service/stop.test.ts", "cut off by the second"],
  },
];

/** What keeps secrets, and people, from being told. */
import type { Guard } from "./guard.js";

const RUNTIME_TEST = "test/flows/runtime.test.ts";
const HEARTBEAT_TEST = "test/hub/service/heartbeat.test.ts";

export const SECRETS: Guard[] = [
  {
    attack: "secrets in plain text in hub.yaml",
    file: "hub/config/schema.ts",
    guard: '.regex(SECRET, "must be a reference such as ${NAME}: secrets are read from the environment only")',
    without: "",
    test: ["test/hub/config.test.ts", "are refused in plain text"],
  },
  {
    attack: "secrets repeated in YAML's own words",
    file: "hub/config/yaml-problems.ts",
    guard: "OWN_WORDS[error.code] ?? error.message",
    without: "error.message",
    test: ["test/hub/config.test.ts", "are not repeated when YAML"],
  },
  {
    attack: "secrets as fields of the log",
    file: "hub/log.ts",
    guard: "redact: { paths: PATHS,",
    without: "redact: { paths: [],",
    test: ["test/hub/log.test.ts", "blots out"],
  },
  {
    attack: "a database that repeats the login",
    file: "hub/outputs/influxdb/send.ts",
    guard: "body: blot(body)",
    without: "body",
    test: ["test/attacks/secrets.test.ts", "none stands"],
  },
  {
    attack: "a heartbeat's path in the log",
    file: "hub/heartbeat.ts",
    guard: "const host = new URL(url).host;",
    without: "const host = url;",
    test: [HEARTBEAT_TEST, "tells no secret"],
  },
  {
    attack: "a heartbeat's token led elsewhere",
    file: "hub/heartbeat.ts",
    guard: 'redirect: "manual",',
    without: "",
    test: [HEARTBEAT_TEST, "follows nobody elsewhere"],
  },
  {
    attack: "the hub's environment in the flows",
    file: "hub/flows-process.ts",
    guard: "      ...env,\n",
    without: "      ...process.env,\n",
    test: [RUNTIME_TEST, "lets nobody in"],
  },
  {
    attack: "files that others read",
    file: "hub/store/file.ts",
    guard: "chmodSync(file, 0o600);",
    without: "chmodSync(file, 0o644);",
    test: ["test/hub/api/auth.test.ts", "in a file that nobody else can read"],
  },
  {
    attack: "looks at people that nobody knows of",
    file: "hub/api/seen.ts",
    guard: "book.note(who, request.ip, sees);",
    without: "void who;",
    test: ["test/hub/api/seen.test.ts", "has a line"],
  },
  {
    attack: "a record of looks that is tidied up",
    file: "hub/api/seen.ts",
    guard: "BEGIN SELECT RAISE(ABORT, 'what was seen stands for a year'); END;",
    without: "BEGIN SELECT 1; END;",
    test: ["test/hub/api/seen.test.ts", "can be added to only"],
  },
  {
    attack: "a connection that nobody configured, from the hub",
    file: "hub/flows-process.ts",
    guard: "  launch();\n  return {",
    without: '  launch();\n  fetch("http://192.0.2.1/").catch(() => undefined);\n  return {',
    test: ["test/attacks/outgoing.test.ts", "are none of the hub"],
  },
  {
    attack: "a connection that nobody configured, from Node-RED",
    file: "flows/runtime.ts",
    guard: "  await RED.start();",
    without: '  fetch("http://telemetry.invalid/").catch(() => undefined);\n  await RED.start();',
    test: ["test/attacks/outgoing.test.ts", "are none of the hub"],
  },
];

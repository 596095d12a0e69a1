/** Texts of hub.yaml: only a SetupError may come of a bad one, and no value in it, nor in the environment, may be told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { parseConfig, sampleConfig } from "../../hub/config.js";
import { SetupError } from "../../hub/errors.js";
import { projectRoot } from "../../hub/root.js";
import { mutated, mutatedJson, NASTY } from "./mutate.js";
import type { Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

const TEXTS_A_STEP = 12;
/** Stands where a secret would: it must never be read back in a message. */
const CANARY = "Kanarienvogel7";
const NAMES = ["INFLUX_TOKEN", "MQTT_PASSWORD", "WEBHOOK_SECRET", "METRICS_TOKEN", "INFLUX_PASSWORD"];

const YAML_TOKENS = [
  ...[
    "- ",
    ": ",
    "? ",
    "& a",
    "*a",
    "&a ",
    "<<: *a",
    "!!binary ",
    "!!js/function ",
    "!<tag:x> ",
    "| ",
    ">-\n",
    "%YAML 9.9\n",
  ],
  ...[
    "---\n",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "\t",
    "  ",
    "\n",
    '"',
    "'",
    "\u0085",
    "@",
    "`",
    "~",
    "yes",
    ".nan",
    "-.inf",
  ],
  ...["2001-01-01", "0o17", "${", "${INFLUX_TOKEN}", "null"],
  ...NASTY,
];

/** Settings with something in every list, as a document. */
const FULL = {
  http: { port: 0, hosts: ["hub.example.kz"], metricsToken: "${METRICS_TOKEN}" },
  inputs: {
    broker: { port: 0 },
    mqtt: [{ url: "mqtts://broker.example.kz:8883", username: "hub", password: "${MQTT_PASSWORD}" }],
    serial: [{ path: "/dev/ttyUSB0", idleSeconds: 60 }],
    replay: [{ file: "./recording.txt" }],
    firmata: [{ path: "/dev/ttyACM0", board: "bench-1", pins: [{ channel: 0, property: "no2-we", scale: 1 }] }],
  },
  outputs: {
    influxdb: [
      { version: "2", name: "a", url: "http://127.0.0.1:8086", org: "o", bucket: "b", token: "${INFLUX_TOKEN}" },
      { version: "1", name: "b", url: "http://127.0.0.1:8086", database: "d", password: "${INFLUX_PASSWORD}" },
    ],
  },
  alerts: { webhooks: [{ name: "w", url: "https://duty.example.kz/x", secret: "${WEBHOOK_SECRET}" }] },
};

/** A person who writes a secret where it stands, in every way YAML has of misunderstanding it. */
function told(random: Random): string {
  const marks = [
    "",
    "*",
    "&",
    "!",
    "!!",
    "!<",
    "%",
    "@",
    "`",
    "|",
    ">",
    '"',
    "'",
    "{",
    "[",
    "- ",
    "? ",
    ": ",
    "#",
    '"\\q',
    "${",
    "<<: *",
  ];
  const before = random.pick(marks);
  const after = random.pick(["", "", " ", ":", "}", "]", '"', "'", " x", ": y", ",", "\\", "\t"]);
  const key = random.pick(["password", "token", "secret"]);
  const where = random.pick([
    `inputs:\n  mqtt:\n    - url: mqtts://x\n      password: `,
    `outputs:\n  influxdb:\n    - version: "2"\n      name: a\n      ${key}: `,
    `http:\n  metricsToken: `,
    `http: { metricsToken: `,
    `name: `,
  ]);
  return `${where}${before}${CANARY}${after}\n${random.chance(0.3) ? "log:\n  level: info\n" : ""}`;
}

function bomb(random: Random): string {
  const depth = random.pick([10, 1000, 100_000, 400_000]);
  switch (random.below(8)) {
    case 0:
      return (
        "a: &a [x]\n" +
        Array.from(
          { length: 30 },
          (_, i) =>
            `a${i}: &a${i} [${Array(10)
              .fill(i === 0 ? "*a" : `*a${i - 1}`)
              .join(",")}]\n`,
        ).join("")
      );
    case 1:
      return "[".repeat(depth);
    case 2:
      return "{a: ".repeat(depth);
    case 3:
      return "- ".repeat(depth);
    case 4:
      return "&a [*a]";
    case 5:
      return "x: &x\n  <<: *x\n" + "? ".repeat(Math.min(depth, 20_000));
    case 6:
      return `name: ${"x".repeat(depth)}\n` + "y: 1\n".repeat(random.below(1000));
    default:
      return "#".repeat((1 << 20) + random.pick([-1, 0, 1]));
  }
}

export const config: Target = {
  name: "config",
  share: 1,
  async start(report): Promise<Running> {
    const sample = readFileSync(join(projectRoot(), "hub/hub.sample.yaml"), "utf8");
    const open = sample.replace(/^(\s*)# {2}( *(?:- )?\w+:)/gm, "$1$2");
    const seeds = [sample, open, sampleConfig(), stringify(FULL), JSON.stringify(FULL)];
    const env = Object.fromEntries(NAMES.map((name) => [name, `${CANARY}-${name}`]));

    const make = (random: Random): string => {
      const dice = random.below(60);
      if (dice < 24) return mutated(random, random.pick(seeds), seeds, YAML_TOKENS);
      if (dice < 40)
        return stringify(mutatedJson(random, random.chance(0.7) ? FULL : parse(open)), {
          aliasDuplicateObjects: false,
        });
      if (dice < 56) return told(random);
      if (dice < 59) return random.bytes(random.size(5000)).toString("latin1");
      return bomb(random);
    };
    return {
      async step(random) {
        for (let i = 0; i < TEXTS_A_STEP; i++) {
          let text: string;
          try {
            text = make(random);
          } catch {
            text = ""; // what cannot be written as YAML
          }
          read(report, text, env);
        }
      },
      async check() {},
      async stop() {},
    };
  },
};

function read(report: Report, text: string, env: Record<string, string>): void {
  report.feed(text);
  try {
    JSON.stringify(parseConfig(text, env));
    report.fine();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const said = [error.code, error.message, error.remedy].join("\n");
    if (said.includes(CANARY)) report.broken(`a value is told: ${said}`, text);
    if (error.code === "CONFIG_INVALID" && error.message !== "" && error.remedy !== "") report.fault(error.code);
    else report.unnamed(said, text);
  }
}

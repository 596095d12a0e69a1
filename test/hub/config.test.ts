import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

import { configJsonSchema, loadConfig, parseConfig, sampleConfig } from "../../hub/config.js";
import { SetupError } from "../../hub/errors.js";
import { projectRoot } from "../../hub/root.js";

/** Message of the mistake in a text. */
function mistake(text: string, env: Record<string, string> = {}): string {
  try {
    parseConfig(text, env);
  } catch (error) {
    assert.ok(error instanceof SetupError);
    assert.equal(error.code, "CONFIG_INVALID");
    return error.message;
  }
  throw new Error("no mistake was found");
}

interface Option {
  description?: string;
  default?: unknown;
  properties?: Record<string, Option>;
  items?: Option;
  anyOf?: Option[];
  oneOf?: Option[];
}

/** Every option below a schema, and whether it belongs to an element of a list. */
function optionsOf(schema: Option, path = "", inList = false): { path: string; option: Option; inList: boolean }[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const at = path === "" ? name : `${path}.${name}`;
    return [{ path: at, option, inList }, ...optionsOf(option, at, inList)];
  });
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => optionsOf(one, path, inList));
  const items = schema.items === undefined ? [] : optionsOf(schema.items, path, true);
  return [...own, ...variants, ...items];
}

describe("hub.yaml", () => {
  it("may be empty: every option has a default", () => {
    const config = parseConfig("", {});
    assert.equal(config.http.host, "127.0.0.1");
    assert.equal(config.inputs.broker.enabled, true);
    assert.deepEqual(config.outputs.influxdb, []);
    assert.equal(config.alerts.cap.status, "Test");
    assert.deepEqual(parseConfig("http: {}\ninputs: {}\n", {}), config);
  });

  describe("and its sample", () => {
    const sample = readFileSync(join(projectRoot(), "hub", "hub.sample.yaml"), "utf8");

    it("is the one that the schema writes", () => {
      assert.equal(sample, sampleConfig());
    });

    it("says nothing but the defaults", () => {
      assert.deepEqual(parseConfig(sample, {}), parseConfig("", {}));
    });

    it("has a sentence for every option, and every option has a default or is the example of an element", () => {
      const all = optionsOf(configJsonSchema() as Option);
      assert.ok(all.length > 60);
      for (const { path, option, inList } of all) {
        const name = path.slice(path.lastIndexOf(".") + 1);
        const sentence = option.description ?? "";
        assert.match(sentence, /^[A-Z"a-z].*[.…]$/, path);
        const lines = sample.split("\n").map((line) => line.trim().replace(/^# +/, "# "));
        const at = lines.findIndex((line, i) => line.includes(sentence) && named(lines[i + 1], name));
        assert.ok(at >= 0, `${path} has no line of its own`);
        if (!inList && option.properties === undefined) assert.ok("default" in option, `${path} has no default`);
      }
    });

    it("shows elements of lists that are accepted as they stand", () => {
      // What is behind "# " and belongs to a list, uncommented: the empty list above it gives way.
      const lines = sample.split("\n");
      const shown = lines.map((line, i) => {
        const list = /^( *)([a-z]+): \[\]$/.exec(line);
        if (list !== null && lines[i + 1] === `${list[1]}# ${list[2]}:`) return "";
        return /^ *# ( *#|[a-z]+:$| {2,})/.test(line) ? line.replace("# ", "") : line;
      });
      const env = {
        MQTT_PASSWORD: "m",
        LORA_PASSWORD: "l",
        INFLUX_TOKEN: "t",
        INFLUX_PASSWORD: "p",
        WEBHOOK_SECRET: "s",
      };
      const text = shown.join("\n").replace("name: influxdb\n", "name: second\n");
      const config = parseConfig(text, env);
      assert.equal(config.outputs.influxdb.length, 2);
      assert.deepEqual(
        config.outputs.influxdb.map((one) => [one.version, one.url]),
        [
          ["2", "http://127.0.0.1:8086"],
          ["1", "http://127.0.0.1:8086"],
        ],
      );
      assert.equal(config.inputs.mqtt[0].password, "m");
      assert.equal(config.inputs.firmata[0].pins[0].property, "no2-we");
      assert.equal(config.alerts.webhooks[0].secret, "s");
    });
  });

  it("names line, column, path and what may have been meant", () => {
    assert.equal(mistake("http:\n  prot: 80\n"), "hub.yaml:2:3 http.prot: unknown option; did you mean port?");
    assert.match(mistake("inputs:\n  serail: []\n"), /^hub\.yaml:2:3 inputs\.serail: .*did you mean serial\?$/);
    assert.match(mistake("http:\n  port: eighty\n"), /^hub\.yaml:2:9 http\.port: .*number/);
    assert.match(
      mistake("outputs:\n  influxdb:\n    - version: '2'\n"),
      /^hub\.yaml:3:7 outputs\.influxdb\[0\]\.url: /,
    );
    assert.match(
      mistake("outputs:\n  influxdb:\n    - version: '1'\n      buckett: x\n"),
      /outputs\.influxdb\[0\]\.buckett: unknown option; did you mean bucket\?/,
    );
    assert.match(mistake("http:\n  frobnicate: 1\n"), /unknown option; there is: host, port/);
  });

  it("tells all mistakes at once", () => {
    assert.equal(mistake("nam: x\nhttp:\n  port: 70000\nlog:\n  level: loud\n").split("\n").length, 3);
  });

  it("tells where YAML itself is broken, and a name that stands twice", () => {
    assert.match(mistake("http:\n  port: [1\n"), /^hub\.yaml:\d+:\d+ /);
    assert.match(mistake("http:\n  port: 1\n  port: 2\n"), /^hub\.yaml:3:3 .*unique/i);
    const twice = "- {version: '1', url: 'http://h', database: d}\n";
    assert.match(
      mistake("outputs:\n  influxdb:\n    " + twice + "    " + twice),
      /influxdb\[1\]\.name: .*stands twice/,
    );
  });

  it("gives each siren pins, a site and a device file of its own", () => {
    const siren = (more: string): string => `  - {site: u1, path: /dev/s1${more}}\n`;
    const config = parseConfig("sirens:\n" + siren(""), {});
    const { beaconPin, sirenPin, feedbackPin, armedSeconds, firingSeconds } = config.sirens[0];
    assert.deepEqual([beaconPin, sirenPin, feedbackPin, armedSeconds, firingSeconds], [7, 8, 4, 60, 600]);
    assert.match(
      mistake("sirens:\n" + siren(", sirenPin: 7")),
      /^hub\.yaml:2:5 sirens\[0\]\.feedbackPin: .*three pins/,
    );
    assert.match(mistake("sirens:\n" + siren(", sirenPin: 13")), /sirens\[0\]\.sirenPin: /);
    const twice = mistake("sirens:\n" + siren("") + siren(""));
    assert.match(twice, /sirens\[1\]\.site: the site u1 stands twice/);
    assert.match(twice, /sirens\[1\]\.path: another siren or input has this device file/);
    const input = "inputs:\n  serial:\n    - {path: /dev/s1}\nsirens:\n";
    assert.match(mistake(input + siren("")), /^hub\.yaml:5:\d+ sirens\[0\]\.path: another siren or input/);
  });

  describe("and secrets", () => {
    const output = (token: string) =>
      `outputs:\n  influxdb:\n    - {version: "2", url: "http://h:1", org: o, bucket: b, token: ${token}}\n`;

    it("come from the environment", () => {
      const config = parseConfig(output('"${INFLUX_TOKEN}"'), { INFLUX_TOKEN: "geheim" });
      const [influx] = config.outputs.influxdb;
      assert.ok(influx.version === "2");
      assert.equal(influx.token, "geheim");
    });

    it("are refused in plain text, without being repeated", () => {
      const message = mistake(output("geheim"));
      assert.match(message, /outputs\.influxdb\[0\]\.token: must be a reference/);
      assert.ok(!message.includes("geheim"));
      const url = mistake("outputs:\n  influxdb:\n    - {version: '1', url: 'http://u:geheim@h', database: d}\n");
      assert.match(url, /url: must not hold a user or password/);
      assert.ok(!url.includes("geheim"));
    });

    it("are not repeated when YAML gives their first character a meaning", () => {
      for (const mark of ["*", "&", "!", "!!", "|", ">", "%", "@", "`", '"\\q', "{", "["])
        for (const at of ["", "http:\n  metricsToken: "]) {
          const message = mistake(`${at}${mark}geheim x\n`);
          assert.ok(!message.includes("geheim"), message);
        }
    });

    it("may be an address whose path is one: it is checked when it is known, and not repeated", () => {
      const text = 'heartbeat: {url: "${BEAT}", downUrl: "${BEAT_DOWN}"}\nalerts: {webhooks: [{url: "${HOOK}"}]}\n';
      const env = {
        BEAT: "https://hc.example/geheim",
        BEAT_DOWN: "https://hc.example/geheim/fail",
        HOOK: "http://h/x",
      };
      const { heartbeat, alerts } = parseConfig(text, env);
      assert.deepEqual([heartbeat.url, heartbeat.downUrl, alerts.webhooks[0].url], Object.values(env));
      for (const [name, at] of [
        ["BEAT", "1:18 heartbeat.url"],
        ["BEAT_DOWN", "1:38 heartbeat.downUrl"],
        ["HOOK", "2:27 alerts.webhooks[0].url"],
      ]) {
        for (const bad of ["geheim", "ftp://h/geheim", "https://u:geheim@h/"]) {
          const message = mistake(text, { ...env, [name]: bad });
          assert.match(message, new RegExp(`^hub\\.yaml:${at.replace(/[[\].]/g, "\\$&")}: must (be a URL|not hold)`));
          assert.ok(!message.includes("geheim"), message);
        }
        assert.match(mistake(text, { ...env, [name]: "" }), new RegExp(`variable ${name} is not set$`));
      }
      assert.match(mistake("http: {publicUrl: '${BEAT}'}", env), /http\.publicUrl: must be a URL/);
    });

    it("that are not set are named with their line", () => {
      assert.match(
        mistake(output('"${INFLUX_TOKEN}"')),
        /^hub\.yaml:3:\d+ .*environment variable INFLUX_TOKEN is not set/,
      );
    });
  });

  it("does not blow up: aliases and size are bounded", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let i = 0; i < 8; i++)
      bomb.push(
        `${"bcdefghi"[i]}: &${"bcdefghi"[i]} [${Array(9)
          .fill("*" + "abcdefgh"[i])
          .join(",")}]`,
      );
    assert.match(mistake(bomb.join("\n")), /alias/i);
    assert.match(mistake("#".repeat(2_000_000)), /larger than 1 MiB/);
    // Lists and maps as names of each other cost twice the time at every depth.
    assert.match(mistake("? ".repeat(60)), /a name must be a plain text/);
    assert.equal(mistake("}\n".repeat(10_000)).split("\n").length, 20);
    assert.equal(mistake(Array.from({ length: 1000 }, (_, i) => `k${i}: 1`).join("\n")).split("\n").length, 20);
  });

  it("has paths relative to its own folder", () => {
    const dir = mkdtempSync(join(tmpdir(), "aryk-config-"));
    try {
      const file = join(dir, "hub.yaml");
      writeFileSync(file, stringify({ dataDir: "kept", inputs: { replay: [{ file: "a.txt" }] } }));
      const config = loadConfig(file, {});
      assert.equal(config.dataDir, join(dir, "kept"));
      assert.equal(config.inputs.replay[0].file, join(dir, "a.txt"));
      assert.equal(config.alerts.cap.folder, join(dir, "kept", "cap"));
      assert.throws(() => loadConfig(join(dir, "none.yaml"), {}), { code: "CONFIG_UNREADABLE" });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

function named(line: string | undefined, name: string): boolean {
  return new RegExp(`^(# )?(- )?${name}:`).test((line ?? "").trim());
}

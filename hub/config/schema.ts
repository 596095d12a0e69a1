/**
 * What may stand in hub.yaml: one schema gives the type, the checks, the defaults, hub.sample.yaml and the JSON Schema
 * for editors. Every option has a sentence; every option has a default, except those without which an element of a list
 * says nothing (they carry an example instead).
 */
import { z } from "zod";

/** A value that is a secret: never written into the file, only the name of the environment variable that holds it. */
export const SECRET = /^\$\{[A-Z_][A-Z0-9_]*\}$/;

const secret = (example: string) =>
  z
    .string()
    .regex(SECRET, "must be a reference such as ${NAME}: secrets are read from the environment only")
    .meta({ examples: ["${" + example + "}"], secret: true });
const optional = <T extends z.ZodType>(type: T) => type.nullable().default(null as never);
const port = z.number().int().min(0).max(65535);
const host = z.string().min(1).max(253);
const path = z.string().min(1);
const nameOf = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "must be 1–31 lower-case letters, digits and hyphens");
/** What is wrong with an address, in words that do not repeat it; null if nothing is. */
export function addressFault(text: string, protocols: string[]): string | null {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !protocols.includes(parsed.protocol))
    return `must be a URL that begins with ${protocols.join("// or ")}//`;
  if (parsed.username !== "" || parsed.password !== "")
    return "must not hold a user or password: they have options of their own";
  return null;
}
const url = (...protocols: string[]) =>
  z.string().superRefine((text, ctx) => {
    const message = addressFault(text, protocols);
    if (message !== null) ctx.addIssue({ code: "custom", message });
  });
/** An address whose path may be a secret: `${NAME}` is taken, and checked when its value is known (addresses.ts). */
const secretUrl = (...protocols: string[]) =>
  z.string().superRefine((text, ctx) => {
    const message = SECRET.test(text) ? null : addressFault(text, protocols);
    if (message !== null) ctx.addIssue({ code: "custom", message });
  });

const http = z
  .strictObject({
    host: host
      .default("127.0.0.1")
      .describe("Address the pages and the API listen on; 0.0.0.0 opens them to the network."),
    port: port.default(8080).describe("Port of the pages and the API; 0 takes a free one."),
    publicUrl: optional(url("https:", "http:")).describe(
      "Address that people type when a TLS proxy stands in front, such as https://aryk.example.kz.",
    ),
    hosts: z.array(host).default([]).describe("Further host names under which the hub may be reached."),
    trustProxy: z.array(z.string()).default([]).describe("Addresses of proxies whose X-Forwarded-For is believed."),
    anonymousViewer: z
      .boolean()
      .default(false)
      .describe("Lets everybody who reaches the port look without a login; only on the loopback interface."),
    metricsToken: optional(secret("METRICS_TOKEN")).describe("Bearer token with which Prometheus may read /metrics."),
  })
  .prefault({})
  .describe("Pages and API.");

const broker = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Runs the embedded MQTT broker, to which boards connect."),
    host: host.default("127.0.0.1").describe("Address it listens on; 0.0.0.0 lets boards of the network in."),
    port: port.default(1883).describe("Port it listens on; 0 takes a free one."),
    tlsCertFile: optional(path).describe("Certificate (PEM file) for TLS; with tlsKeyFile."),
    tlsKeyFile: optional(path).describe("Private key (PEM file) of the certificate."),
    maxConnections: z.number().int().min(1).default(10_000).describe("Connections open at once, at most."),
  })
  .refine((b) => (b.tlsCertFile === null) === (b.tlsKeyFile === null), {
    path: ["tlsKeyFile"],
    error: "tlsCertFile and tlsKeyFile belong together",
  })
  .prefault({})
  .describe("Embedded MQTT broker.");

const mqtt = z
  .strictObject({
    url: url("mqtt:", "mqtts:")
      .describe("Address of a broker that is there already; mqtts:// for TLS.")
      .meta({ examples: ["mqtts://broker.example.kz:8883"] }),
    clientId: z
      .string()
      .min(1)
      .max(64)
      .default("aryk-hub")
      .describe("Name of the hub's session there: different for every hub on one broker."),
    username: optional(z.string()).describe("User name at that broker."),
    password: optional(secret("MQTT_PASSWORD")).describe("Password at that broker."),
    caFile: optional(path).describe("Certificate (PEM file) of the authority, if it is not a public one."),
  })
  .describe("An external MQTT broker.");

const lora = z
  .strictObject({
    url: url("mqtt:", "mqtts:")
      .describe("Address of the broker to which ChirpStack (v4, JSON) publishes; mqtts:// for TLS.")
      .meta({ examples: ["mqtts://chirpstack.example.kz:8883"] }),
    clientId: z
      .string()
      .min(1)
      .max(64)
      .default("aryk-hub-lora")
      .describe("Name of the hub's session there: different for every hub on one broker."),
    username: optional(z.string()).describe("User name at that broker."),
    password: optional(secret("LORA_PASSWORD")).describe("Password at that broker."),
    caFile: optional(path).describe("Certificate (PEM file) of the authority, if it is not a public one."),
  })
  .describe("A LoRaWAN network whose server is ChirpStack.");

const serial = z
  .strictObject({
    path: path
      .describe("Device file, best a link that stays the same: /dev/serial/by-id/…")
      .meta({ examples: ["/dev/serial/by-id/usb-underpass-1"] }),
    baudRate: z.number().int().min(300).max(4_000_000).default(115_200).describe("Speed of the port, in baud."),
    idleSeconds: optional(z.number().positive()).describe("Silence after which the port is opened anew; null: never."),
  })
  .describe("A serial port with boards on it.");

const replay = z
  .strictObject({
    file: path.describe("Recorded file to take in.").meta({ examples: ["./recording.txt"] }),
    pace: z
      .enum(["clock", "fast"])
      .default("fast")
      .describe("clock: as far apart as it was received; fast: without waiting."),
  })
  .describe("A recorded file.");

const firmata = z
  .strictObject({
    path: path.describe("Device file of the Firmata board.").meta({ examples: ["/dev/ttyACM0"] }),
    baudRate: z.number().int().min(300).max(4_000_000).default(57_600).describe("Speed of the port, in baud."),
    board: z
      .string()
      .describe("Registered board in whose name it reports.")
      .meta({ examples: ["bench-1"] }),
    keyId: z.string().default("k1").describe("Key of that board that seals the packs."),
    periodSeconds: z.number().positive().default(60).describe("Time between two packs."),
    pins: z
      .array(
        z.strictObject({
          channel: z
            .number()
            .int()
            .min(0)
            .max(15)
            .describe("Analog channel: 0 for A0.")
            .meta({ examples: [0] }),
          property: z
            .string()
            .describe("Property that a board may send.")
            .meta({ examples: ["no2-we"] }),
          scale: z.number().default(1).describe("Value per step of the converter (0–1023)."),
          offset: z.number().default(0).describe("Value at step 0."),
        }),
      )
      .min(1)
      .describe("What is measured."),
  })
  .describe("A bench board that speaks Firmata.");

const relayPin = (usual: number, sentence: string) => z.number().int().min(2).max(12).default(usual).describe(sentence);
const siren = z
  .strictObject({
    site: z
      .string()
      .min(1)
      .max(64)
      .describe("Site at which it stands.")
      .meta({ examples: ["underpass-1"] }),
    path: path
      .describe("Device file of its relay board, which runs Firmata: /dev/serial/by-id/…")
      .meta({ examples: ["/dev/serial/by-id/usb-siren-1"] }),
    baudRate: z.number().int().min(300).max(4_000_000).default(57_600).describe("Speed of the port, in baud."),
    beaconPin: relayPin(7, "Digital pin of the beacon's relay, 2–12; high is on."),
    sirenPin: relayPin(8, "Digital pin of the siren's relay, 2–12; high is on."),
    feedbackPin: relayPin(4, "Digital pin of the contact that is closed to ground while the siren has power, 2–12."),
    armedSeconds: z.number().min(5).max(600).default(60).describe("Time for the second step, to fire, in seconds."),
    firingSeconds: z
      .number()
      .min(1)
      .max(3600)
      .default(600)
      .describe("Longest time it sounds by one order, in seconds."),
    feedbackSeconds: z
      .number()
      .min(1)
      .max(30)
      .default(2)
      .describe("Time in which the contact must follow the relay, in seconds."),
  })
  .refine(({ beaconPin, sirenPin, feedbackPin }) => new Set([beaconPin, sirenPin, feedbackPin]).size === 3, {
    path: ["feedbackPin"],
    error: "beaconPin, sirenPin and feedbackPin must be three pins",
  })
  .describe("A beacon and a siren at an underpass.");

const batch = {
  batchLines: z.number().int().min(1).max(50_000).default(5000).describe("Packs sent in one request, at most."),
  gzip: z.boolean().default(false).describe("Compresses requests: for a database behind a slow link."),
};
const influxName = nameOf
  .default("influxdb")
  .describe("Name of the output; its place in the journal is kept under it, so it must not change.");
const influxUrl = (example: string) =>
  url("http:", "https:")
    .describe("Address of the database.")
    .meta({ examples: [example] });

const influxdb = z.discriminatedUnion("version", [
  z
    .strictObject({
      version: z
        .literal("2")
        .describe('API: "2" for InfluxDB 2 and 3 and VictoriaMetrics.')
        .meta({ examples: ["2"] }),
      name: influxName,
      url: influxUrl("http://127.0.0.1:8086"),
      org: z
        .string()
        .min(1)
        .describe("Organisation.")
        .meta({ examples: ["city"] }),
      bucket: z
        .string()
        .min(1)
        .describe("Bucket.")
        .meta({ examples: ["environment"] }),
      token: optional(secret("INFLUX_TOKEN")).describe("Token that may write to the bucket."),
      ...batch,
    })
    .describe("InfluxDB 2 or 3, or VictoriaMetrics."),
  z
    .strictObject({
      version: z
        .literal("1")
        .describe('API: "1" for InfluxDB 1.x.')
        .meta({ examples: ["1"] }),
      name: influxName,
      url: influxUrl("http://127.0.0.1:8086"),
      database: z
        .string()
        .min(1)
        .describe("Database; it must exist.")
        .meta({ examples: ["environment"] }),
      retentionPolicy: optional(z.string()).describe("Retention policy; null: the database's own."),
      username: optional(z.string()).describe("User who may write."),
      password: optional(secret("INFLUX_PASSWORD")).describe("Password of that user."),
      ...batch,
    })
    .describe("InfluxDB 1.x."),
]);

const webhook = z
  .strictObject({
    name: nameOf.default("webhook").describe("Name to which notices are addressed."),
    url: secretUrl("http:", "https:")
      .describe("Address to which messages are posted; ${NAME} where its path is a secret.")
      .meta({ examples: ["https://duty.example.kz/alerts"] }),
    format: z.enum(["cap", "json"]).default("cap").describe("cap: the CAP 1.2 XML; json: transition, text and number."),
    secret: optional(secret("WEBHOOK_SECRET")).describe(
      "Signs every request (HMAC-SHA256), so that the receiver knows who sent it.",
    ),
  })
  .describe("A receiver of alerts.");

const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal"]);

const heartbeat = z
  .strictObject({
    url: optional(secretUrl("http:", "https:")).describe(
      "Address outside this machine that gets a POST while the hub is not down, ${NAME} where its path is a secret;" +
        " null: nobody notices a dead hub.",
    ),
    downUrl: optional(secretUrl("http:", "https:")).describe(
      "Address that gets one POST when the hub goes down, or ${NAME}; null: it only falls silent.",
    ),
    everySeconds: z.number().min(5).max(3600).default(60).describe("Time between two, in seconds."),
    token: optional(secret("HEARTBEAT_TOKEN")).describe("Bearer token sent along."),
  })
  .refine((h) => h.url !== null || h.downUrl === null, { path: ["downUrl"], error: "needs url as well" })
  .prefault({})
  .describe("A sign of life to whoever watches from outside.");

const list = <T extends z.ZodType>(item: T, sentence: string) => z.array(item).default([]).describe(sentence);

export const configSchema = z.strictObject({
  name: nameOf.default("aryk").describe("Name of this hub: shown on the pages, and unique among your hubs."),
  dataDir: path.default("./data").describe("Folder of everything the hub keeps; relative to this file."),
  timeZone: z
    .string()
    .refine((zone) => Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC", "must be an IANA time zone")
    .default("Asia/Almaty")
    .describe("Time zone of the city, for pages and texts; everything kept is UTC."),
  log: z
    .strictObject({
      level: logLevel
        .default("info")
        .describe("Least important messages that are written: trace, debug, info, warn, error or fatal."),
      parts: z
        .record(z.string().max(60), logLevel)
        .default({})
        .describe("Levels of single parts, such as {broker: debug, flows: warn}; SIGHUP reads both again."),
    })
    .prefault({})
    .describe("The hub's own log, on standard output."),
  http,
  inputs: z
    .strictObject({
      packsPerSecond: z
        .number()
        .positive()
        .default(50)
        .describe("Packs one board may bring each second; a faster one is slowed down, and loses nothing by it."),
      packsAtOnce: z
        .number()
        .int()
        .min(1)
        .default(1000)
        .describe("Packs one board may bring at once before that counts, as after an outage."),
      broker,
      mqtt: list(mqtt, "External MQTT brokers to take lines from."),
      lora: list(lora, "LoRaWAN networks to take messages from."),
      serial: list(serial, "Serial ports to take lines from."),
      replay: list(replay, "Recorded files to take lines from, once."),
      firmata: list(firmata, "Bench boards that speak Firmata."),
    })
    .prefault({})
    .describe("Where lines come from."),
  journal: z
    .strictObject({
      maxAgeDays: z
        .number()
        .positive()
        .default(30)
        .describe("Entries older than this leave once every output is done."),
      maxMiB: z
        .number()
        .positive()
        .default(4096)
        .describe("Beyond this size the oldest entries leave, by the same rule."),
      gatherMs: z
        .number()
        .min(0)
        .max(1000)
        .default(10)
        .describe("Shortest time between two writes under load; more spares a memory card."),
    })
    .prefault({})
    .describe("The journal: the one buffer between the boards and everything else."),
  disk: z
    .strictObject({
      reserveMiB: z
        .number()
        .min(0)
        .default(64)
        .describe("Room kept in reserve for alarms: given back when the disk is full."),
      floorMiB: z
        .number()
        .min(0)
        .default(64)
        .describe("With less room than this only packs that can raise a closure are taken; the others wait on boards."),
    })
    .prefault({})
    .describe("What happens when the disk is full."),
  ledger: z
    .strictObject({
      days: z
        .number()
        .positive()
        .default(90)
        .describe("Days for which the ledger knows the hours; which numbers arrived it knows for ever."),
      influxdb: z
        .boolean()
        .default(true)
        .describe("Writes the ledger's hours to the databases of outputs.influxdb, too."),
    })
    .prefault({})
    .describe("The account of what arrived and what is missing (aryk ledger)."),
  outputs: z
    .strictObject({
      influxdb: list(influxdb, "Databases that every reading is written to."),
      history: z
        .strictObject({
          days: z.number().positive().default(30).describe("Days for which the pages can show a series."),
        })
        .prefault({})
        .describe("The hub's own store of recent readings."),
    })
    .prefault({})
    .describe("Where readings go."),
  flows: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Runs Node-RED with the alarm flows."),
      editor: z
        .boolean()
        .default(false)
        .describe("Shows the flows' editor to technicians and admins, behind the hub's login."),
      staleSeconds: z
        .number()
        .min(5)
        .max(600)
        .default(20)
        .describe("Silence of the flows after which the hub itself raises alarms of level 3 and 4."),
    })
    .prefault({})
    .describe("The alarm flows."),
  alerts: z
    .strictObject({
      cap: z
        .strictObject({
          folder: optional(path).describe("Folder to which every CAP message is written; null: cap in dataDir."),
          sender: z
            .string()
            .regex(/^[^\s,<&]+$/, "must hold no space, comma, < or &")
            .default("aryk@localhost")
            .describe("Who sends: an address in your own domain, the same for ever."),
          contact: z
            .string()
            .min(1)
            .default("aryk@localhost")
            .describe("Whom a reader of the message can ask: a telephone number or an address."),
          status: z
            .enum(["Actual", "Exercise", "System", "Test", "Draft"])
            .default("Test")
            .describe("Status of the messages; Actual only when they may be acted upon."),
        })
        .prefault({})
        .describe("Alerts as CAP 1.2 messages."),
      webhooks: list(webhook, "Receivers to which alerts are posted."),
    })
    .prefault({})
    .describe("Who is told."),
  sirens: list(siren, "Beacons and sirens, sounded by a person in two steps (hub/siren/README.md)."),
  heartbeat,
});

/** The hub's settings, complete: what the file does not say is the default. */
export type Config = z.output<typeof configSchema>;

/** The JSON Schema of hub.yaml, for editors. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-7" });
}

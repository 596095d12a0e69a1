/** What keeps out who reaches the boards' broker. */
import type { Guard } from "./guard.js";

const WIRE = "test/attacks/wire.test.ts";
const CROWDS = "test/attacks/crowds.test.ts";
const PIPELINE = "hub/pipeline.ts";
const BROKER = "hub/inputs/broker.ts";
const LISTENER = "hub/inputs/transport/listener.ts";
const DECODE = "hub/pipeline/decode.ts";

export const BOARDS: Guard[] = [
  {
    attack: "wrong key",
    file: PIPELINE,
    guard: "if (!sameTag(tag(key, line.sealed), line.tag)) return",
    without: "if (false) return",
    test: [WIRE, "wrong key"],
  },
  {
    attack: "altered line",
    file: PIPELINE,
    guard: "if (!sameTag(tag(key, line.sealed), line.tag)) return",
    without: "if (false) return",
    test: [WIRE, "altered"],
  },
  {
    attack: "replay of a pack",
    file: PIPELINE,
    guard: 'if (verdict !== "new") return duplicate(line, key, ok);',
    without: "",
    test: [WIRE, "replay"],
  },
  {
    attack: "replay of a hello",
    file: PIPELINE,
    guard: "if (journal.heard(line.board, line.epoch, line.boot, line.uptimeMs)) return",
    without: "if (false) return",
    test: [WIRE, "replay"],
  },
  {
    attack: "a radio board's name without a radio network",
    file: PIPELINE,
    guard: "from.vouched === true ? vouchedKey(line)",
    without: "line.keyId === VOUCHED_KEY_ID ? vouchedKey(line)",
    test: ["test/hub/pipeline/vouched.test.ts", "vouches for nobody"],
  },
  {
    attack: "a DevEUI other than the topic's",
    file: "hub/inputs/lora/chirpstack.ts",
    guard: 'if (event.deviceInfo.devEui !== devEui) return "bad-event";',
    without: "",
    test: ["test/hub/inputs/lora.test.ts", "acknowledges away"],
  },
  {
    attack: "topic of another: publish",
    file: BROKER,
    guard: "if (packet.topic !== upTopic(client.id)) {",
    without: "if (false) {",
    test: [WIRE, "topic of another"],
  },
  {
    attack: "topic of another: listen",
    file: BROKER,
    guard: "&& subscription.topic === downTopic(client.id);",
    without: ";",
    test: [WIRE, "topic of another"],
  },
  {
    attack: "topic of another: line in one's own topic",
    file: PIPELINE,
    guard: "if (from.board !== undefined && from.board !== line.board) return",
    without: "if (false) return",
    test: [WIRE, "topic of another"],
  },
  {
    attack: "topic of another, on Mosquitto",
    file: "hub/mosquitto.ts",
    guard: "`topic write aryk/${board}/up`, `topic read aryk/${board}/down`",
    without: '"topic readwrite aryk/#"',
    test: ["test/hub/mosquitto.test.ts", "under its own topic only"],
  },
  {
    attack: "broker's password",
    file: BROKER,
    guard: 'options.authenticate(board, password?.toString("latin1") ?? "")',
    without: "true",
    test: [WIRE, "passwords"],
  },
  {
    attack: "oversized line",
    file: BROKER,
    guard: "if (packet.payload.length > UPLINK_MAX) {",
    without: "if (false) {",
    also: {
      file: "hub/pipeline/read-line.ts",
      guard: "if (part === null) return parseLine(text, withCrc, UPLINK_MAX);",
      without: "if (part === null) return parseLine(text, withCrc, 1e9);",
    },
    test: [WIRE, "oversize"],
  },
  {
    attack: "oversized packet",
    file: BROKER,
    guard: "if (socket.destroyed || guard.pass(chunk)) return;",
    without: "return;",
    test: [WIRE, "oversize"],
  },
  {
    attack: "SenML bombs: labels that change the meaning",
    file: DECODE,
    guard: 'if (MEANINGFUL.has(label) || label.endsWith("_")) return',
    without: "if (false) return",
    test: [WIRE, "SenML bombs"],
  },
  {
    attack: "SenML bombs: infinite numbers",
    file: DECODE,
    guard: 'if (typeof v !== "number" || !Number.isFinite(v)) return',
    without: "if (false) return",
    test: [WIRE, "SenML bombs"],
  },
  {
    attack: "SenML bombs: one property over and over",
    file: DECODE,
    guard: "if (readings.some((other) => other.property === name)) return",
    without: "if (false) return",
    test: [WIRE, "SenML bombs"],
  },
  {
    attack: "an order of the radio network's server",
    file: "firmware/wire/binary.ts",
    guard: 'return tag.substr(0, 16) === wordOf(items[3]) + wordOf(items[4]) ? body : "";',
    without: 'return tag === "" ? "" : body;',
    test: ["test/firmware/binary.test.ts", "by the board that it is sealed for"],
  },
  {
    attack: "slots that no row of the registry takes",
    file: "hub/orders/word.ts",
    guard: "!IMAGE.test(word.to)",
    without: "false",
    test: ["test/hub/orders.test.ts", "put together from hello and word"],
  },
  {
    attack: "1,000 silent connections",
    file: BROKER,
    guard: "connectTimeout: options.connectTimeoutMs ?? 10_000",
    without: "connectTimeout: 3_600_000",
    test: [CROWDS, "1,000 connections"],
  },
  {
    attack: "strangers of one address",
    file: LISTENER,
    guard: '(strangers.get(address) ?? 0) >= strangersPerAddress ? "address-strangers" : null',
    without: "null",
    test: [CROWDS, "strangers of one address"],
  },
  {
    attack: "floods of CONNECT",
    file: LISTENER,
    guard: 'if (failures.waitMs(address) > 0) return "address-failures";',
    without: "",
    test: [CROWDS, "flood of CONNECTs"],
  },
  {
    attack: "rate of one board",
    file: BROKER,
    guard: "options.rate === undefined ? null : new Rates(options.rate)",
    without: "null as Rates | null",
    test: ["test/faults/flood.test.ts", "is not read on"],
  },
];

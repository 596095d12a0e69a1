/** The doors of the hub that the configuration opens. */
import { readFileSync } from "node:fs";
import mqtt from "mqtt-packet";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { Config } from "../config.js";
import { SetupError } from "../errors.js";
import { inputHealth, type Component } from "../health.js";
import { startBroker, type Broker } from "../inputs/broker.js";
import { startFirmata } from "../inputs/firmata.js";
import { startLora } from "../inputs/lora.js";
import { startMqtt } from "../inputs/mqtt.js";
import { startReplay } from "../inputs/replay.js";
import { startSerial } from "../inputs/serial.js";
import type { InputStats } from "../inputs/transport/handover.js";
import { boardLogin, given } from "../join.js";
import type { Journal } from "../journal.js";
import type { Accept } from "../model.js";
import type { Registry } from "../registry.js";

interface InputsDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  accept: Accept;
  registry: Registry;
  journal: Pick<Journal, "received" | "flushed">;
}

interface RunningInput {
  name: string;
  stats(): InputStats;
  stop(): Promise<void>;
}

export interface Inputs {
  broker: Broker | null;
  all: RunningInput[];
  components: Component[];
  stop(): Promise<void>;
}

/** A PEM file's text. @throws SetupError if it cannot be read */
function pem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `cannot read ${file}: ${(cause as Error).message}`;
    throw new SetupError("PEM_FILE", message, "Correct the path in hub.yaml, or the file's rights.", { cause });
  }
}

/** What a bench board needs to report in a registered board's name. @throws SetupError if it is not registered */
function bench(
  registry: Registry,
  options: Config["inputs"]["firmata"][number],
): { key: Uint8Array; periodMs: number } {
  const key = registry.keyOf(options.board, options.keyId);
  if (key !== undefined) return { key, periodMs: options.periodSeconds * 1000 };
  const message = `the bench input ${options.path} reports as ${options.board}, which has no key ${options.keyId}`;
  throw new SetupError("FIRMATA_BOARD", message, `Register it: npx aryk board add ${options.board}`);
}

/** Starts every input of the configuration. @throws SetupError for an address that cannot be used */
export async function startInputs(deps: InputsDeps): Promise<Inputs> {
  // The library keeps a buffer for each of the 65,536 message ids: 7 MiB for the garbage collector to go through for ever.
  mqtt.writeToStream.cacheNumbers = false;
  const { config, clock, accept, registry, journal } = deps;
  const all: RunningInput[] = [];
  const components: Component[] = [];
  const log = (name: string): Logger => deps.log.child({ part: name });
  const stop = async (): Promise<void> => {
    await Promise.all(all.map((input) => input.stop()));
  };
  const add = <I extends { stats(): InputStats; stop(): Promise<void> }>(
    name: string,
    input: I,
    up?: (input: I) => boolean,
  ): I => {
    all.push({ name, stats: () => input.stats(), stop: () => input.stop() });
    if (up !== undefined) components.push(inputHealth(name, () => ({ up: up(input), error: null })));
    return input;
  };
  const rate = { perSecond: config.inputs.packsPerSecond, burst: config.inputs.packsAtOnce };
  try {
    let broker: Broker | null = null;
    if (config.inputs.broker.enabled) {
      const { host, port, maxConnections, tlsCertFile, tlsKeyFile } = config.inputs.broker;
      const tls =
        tlsCertFile === null || tlsKeyFile === null ? {} : { tls: { cert: pem(tlsCertFile), key: pem(tlsKeyFile) } };
      const options = { host, port, maxConnections, rate, ...tls, authenticate: boardLogin(registry) };
      broker = add("broker", await startBroker(options, accept, log("broker")));
    }
    for (const { url, clientId, username, password, caFile } of config.inputs.mqtt) {
      const ca = caFile === null ? {} : { ca: pem(caFile) };
      const options = { url, clientId, rate, ...ca, ...given({ username, password }) };
      add(url, startMqtt(options, accept, log("mqtt")), (input) => input.stats().connected);
    }
    for (const { url, clientId, username, password, caFile } of config.inputs.lora) {
      const ca = caFile === null ? {} : { ca: pem(caFile) };
      const options = { url, clientId, rate, ...ca, ...given({ username, password }) };
      const known = {
        boardOfRadio: (devEui: string) => registry.boardOfRadio(devEui),
        received: (board: string, epoch: string, boot: number, seq: number) =>
          journal.received(board, epoch, boot, seq),
        keyOf: (board: string) => registry.currentKey(board)?.key,
        steady: () => clock.steady(),
        flushed: () => journal.flushed(),
      };
      add(`lora:${url}`, startLora(options, known, accept, log("lora")), (input) => input.stats().connected);
    }
    for (const { path, baudRate, idleSeconds } of config.inputs.serial) {
      const idle = idleSeconds === null ? {} : { idleMs: idleSeconds * 1000 };
      const input = startSerial({ path, baudRate, rate, ...idle }, accept, log("serial"));
      add(`serial:${path}`, input, (port) => port.stats().open);
    }
    for (const options of config.inputs.firmata) {
      const input = await startFirmata({ ...options, ...bench(registry, options), clock }, accept, log("firmata"));
      add(`firmata:${options.path}`, input, (board) => board.stats().ready);
    }
    for (const options of config.inputs.replay)
      add(`replay:${options.file}`, await startReplay({ ...options, clock }, accept, log("replay")));
    return { broker, all, components, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

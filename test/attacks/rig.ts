/** A hub's door as boards find it: the embedded broker with the registry's logins, the pipeline and a journal on disk. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as tcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IClientOptions, MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { startBroker } from "../../hub/inputs/broker.js";
import type { Broker, BrokerOptions } from "../../hub/inputs/broker.js";
import { boardLogin } from "../../hub/join.js";
import { Journal } from "../../hub/journal.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { startOrders } from "../../hub/orders/start.js";
import { mqttPassword } from "../../hub/secrets.js";
import { certificate } from "../rig/certificate.js";
import { sealedBoard } from "../rig/sealed-board.js";
import type { SealedBoard } from "../rig/sealed-board.js";

export const BOARDS = ["up-1", "up-2"];

export interface Door {
  broker: Broker;
  registry: Registry;
  journal: Journal;
  stats: ReturnType<typeof createPipeline>["stats"];
  /** The certificate when the broker speaks TLS. */
  ca: string | undefined;
  board(name: string): SealedBoard;
  /** A board's own connection; `more` changes what it says of itself. */
  client(name: string, more?: IClientOptions): Promise<MqttClient>;
  close(): Promise<void>;
}

/** Opens the door with both {@link BOARDS} registered. */
export async function openDoor(more: Partial<BrokerOptions> & { secure?: boolean } = {}): Promise<Door> {
  const dir = mkdtempSync(join(tmpdir(), "aryk-attack-"));
  const registry = Registry.open(join(dir, "registry.sqlite"), realClock);
  const journal = Journal.open(join(dir, "journal.sqlite"), { gatherMs: 0 });
  for (const board of BOARDS) registry.addBoard(board, "test");
  const { orders, stop } = startOrders(registry, realClock, (error) => {
    throw error;
  });
  const quality = createQuality();
  const deps = { clock: realClock, journal, registry, orders, quality, derive, derivedOf: () => [] };
  const { accept, stats } = createPipeline(deps);
  const { secure = false, ...options } = more;
  const pem = secure ? certificate(dir) : undefined;
  const tls = pem && { cert: readFileSync(pem.cert, "utf8"), key: readFileSync(pem.key, "utf8") };
  const broker = await startBroker(
    { host: "127.0.0.1", port: 0, authenticate: boardLogin(registry), ...(tls && { tls }), ...options },
    accept,
    pino({ level: "silent" }),
  );
  const clients: MqttClient[] = [];
  return {
    ...{ broker, registry, journal, stats, ca: tls?.cert },
    board: (name) => sealedBoard(name, "k1", registry.keyOf(name, "k1")!, "0a0b0c0d", 1),
    async client(name, over = {}) {
      const password = mqttPassword(name, registry.keysOf(name)[0]);
      const url = `${secure ? "mqtts" : "mqtt"}://127.0.0.1:${broker.port}`;
      const own = {
        username: name,
        password,
        reconnectPeriod: 0,
        connectTimeout: 10_000,
        ...(tls && { ca: tls.cert }),
      };
      const client = await connectAsync(url, { ...own, ...over });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.end(true);
      await broker.stop();
      stop();
      await journal.close();
      registry.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Opens so many TCP connections that say `words` and nothing more; resolves when all are open. */
export async function crowd(port: number, size: number, words = ""): Promise<{ open(): number; end(): void }> {
  let open = 0;
  const sockets = await Promise.all(
    Array.from(
      { length: size },
      () =>
        new Promise<ReturnType<typeof tcp>>((resolve) => {
          const socket = tcp(port, "127.0.0.1", () => {
            open++;
            if (words !== "") socket.write(words);
            resolve(socket);
          });
          socket.on("error", () => resolve(socket));
          socket.on("close", () => open--);
          socket.resume();
        }),
    ),
  );
  return {
    open: () => open,
    end() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

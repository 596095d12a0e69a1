/**
 * A post in the virtual board, joined over its serial line to the hub's own pipeline, registry and journal: for what is
 * said in both directions about the board's key.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../firmware/node/config.js";
import { createMb7389Sim } from "../../firmware/sensors/mb7389/sim.js";
import { createSht31Sim } from "../../firmware/sensors/sht31/sim.js";
import { i2cBus } from "../../firmware/sensors/sim.js";
import { toSerial } from "../../firmware/wire/line.js";
import type { Image } from "../../hardware/image.js";
import { derive } from "../../hub/calibration/index.js";
import { SteppedClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { Accepted } from "../../hub/model.js";
import { startOrders } from "../../hub/orders/start.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { startBoard } from "./vm-board.js";
import type { Board } from "./vm-board.js";
import { VmStorage } from "./vm-storage.js";

export const POST = "up-0001";
const START = Date.UTC(2026, 2, 1, 8);

export interface KeyedPost {
  registry: Registry;
  journal: Journal;
  clock: SteppedClock;
  /** Lines that went to the post and from it, and what became of the latter. */
  down: string[];
  up: { line: string; accepted: Accepted }[];
  /** Decides what reaches the post: the lines it returns. Everything as it is, at first. */
  between(change: (line: string) => string[]): void;
  /** A line that some other board of this hub sends. */
  accept(line: string): Promise<Accepted>;
  /** Says something to the post that the hub did not say. */
  say(line: string): void;
  board(): Board;
  /** Supply off, and on again; with `cutAfter` it fails when so many more bytes of flash have been programmed. */
  restart(): void;
  cutAfter(bytes: number): void;
  run(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Joins a post of type underpass (serial uplink) to a hub of its own; `more` stands in its set-up besides. */
export function keyedPost(image: Image, more: Partial<Config> = {}): KeyedPost {
  const dir = mkdtempSync(join(tmpdir(), "aryk-keyed-"));
  const clock = new SteppedClock(START);
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  const journal = Journal.open(join(dir, "journal.sqlite"), { gatherMs: 0 });
  const { keyId, key } = registry.addBoard(POST, "test");
  const { orders } = startOrders(registry, clock, (error) => {
    throw error;
  });
  const deps = { clock, journal, registry, orders, quality: createQuality(), derive, derivedOf: () => [] };
  const { accept } = createPipeline(deps);
  let toPost: (bytes: string) => void = () => undefined;
  let change = (line: string): string[] => [line];
  let underWay = 0;
  let heard = "";
  const down: string[] = [];
  const up: KeyedPost["up"] = [];
  const say = (line: string): void => {
    down.push(line);
    toPost(toSerial(line));
  };
  const take = async (line: string): Promise<void> => {
    underWay++;
    try {
      const accepted = await accept(line, { source: "serial", withCrc: true });
      up.push({ line: line.slice(0, line.lastIndexOf(" ")), accepted });
      if (accepted.outcome === "refused") return;
      for (const answer of [accepted.ack, accepted.command])
        if (answer !== undefined && answer !== null) change(answer).forEach(say);
    } finally {
      underWay--;
    }
  };
  const serial = {
    onBytes: (put: (bytes: string) => void) => (toPost = put),
    write(bytes: string) {
      heard += bytes;
      const lines = heard.split("\n");
      heard = lines.pop() ?? "";
      for (const line of lines) void take(line);
    },
  };
  const storage = new VmStorage(image.board.storageBytes);
  const power = (): Board =>
    startBoard({
      ...{ image, clock, serial, storage },
      config: { board: POST, keyId, key: key.toString("hex"), uplink: {}, ...more },
      uarts: { uart1: createMb7389Sim(() => 2000) },
      i2cs: {
        i2c1: i2cBus([
          createSht31Sim(
            () => ({ temperatureC: 12.5, humidityPercent: 80 }),
            () => clock.now(),
          ),
        ]),
      },
    });
  let board = power();
  return {
    ...{ registry, journal, clock, down, up, say },
    accept: (line) => accept(line, { source: "mqtt", withCrc: false }),
    between: (fn) => (change = fn),
    board: () => board,
    restart() {
      board.stop();
      board = power();
    },
    cutAfter: (bytes) => storage.cutAfter(bytes),
    async run(ms) {
      const end = clock.now() + ms;
      while (clock.now() < end) {
        clock.advance(Math.min(end - clock.now(), Math.max(0, (clock.nextAt() ?? end) - clock.now())));
        while (underWay > 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async close() {
      board.stop();
      await journal.close();
      registry.close();
      rmSync(dir, { recursive: true });
    },
  };
}

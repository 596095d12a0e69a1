/**
 * The faults of a chaos run. Each goes for one part of the city, lasts some seconds and mends what it did; two at one time
 * never go for the same part.
 */
import { closeSync, existsSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TEMPERATURE } from "../../firmware/wire/properties.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";
import type { RunningServer } from "../rig/servers.js";
import type { HubWord } from "./hub-child.js";
import { connectBoard, type Load, type LoadBoard } from "./load.js";
import type { Proxy, Trouble } from "./proxy.js";
import { until, type HubProcess } from "./rig.js";

/** What the faults have to do with. */
export interface City {
  random(): number;
  hub(): HubProcess;
  /** Starts the hub again, however often it takes. */
  startHub(): Promise<void>;
  brokerPort: number;
  loads: Load[];
  /** A board that no load uses. */
  spare(): LoadBoard;
  /** Lines of spare boards that were acknowledged, by board and number. */
  acked: Map<string, string>;
  /** Spare boards' poison: each must be one dead letter. */
  poisoned: { count: number };
  influx: RunningServer | null;
  proxy: Proxy | null;
  mosquitto: RunningServer | null;
  /** A small file system of the run's own with the data folder in it, or null. */
  disk: string | null;
}

export interface FaultKind {
  name: string;
  part: "hub" | "flows" | "influx" | "mosquitto" | "boards" | "disk" | "spare";
  kills: number;
  possible(city: City): boolean;
  run(city: City): Promise<void>;
}

const between = (city: City, least: number, most: number): number => least + city.random() * (most - least);

function trouble(kind: Trouble): FaultKind {
  return {
    name: `influx-${kind}`,
    part: "influx",
    kills: 0,
    possible: (city) => city.proxy !== null,
    async run(city) {
      const { proxy } = city;
      if (proxy === null) return;
      proxy.trouble = kind;
      await sleep(between(city, 3000, 12_000));
      proxy.trouble = "none";
    },
  };
}

/** Kills a server, or stops it, and starts it again after a while. */
function away(part: "influx" | "mosquitto", how: "kill9" | "stop"): FaultKind {
  return {
    name: `${part}-${how === "kill9" ? "kill" : "stop"}`,
    part,
    kills: how === "kill9" ? 1 : 0,
    possible: (city) => city[part] !== null,
    async run(city) {
      const server = city[part];
      if (server === null) return;
      await server[how]();
      await sleep(between(city, 0, 8000));
      await server.start();
    },
  };
}

async function killHub(city: City): Promise<void> {
  const hub = city.hub();
  hub.child.kill("SIGKILL");
  await hub.gone;
  await sleep(between(city, 0, 1500));
  await city.startHub();
}

/** Publishes lines of a spare board at the embedded broker until each is acknowledged. */
async function publishAll(city: City, board: LoadBoard, lines: [string, string][]): Promise<void> {
  const client = connectBoard(board, city.brokerPort);
  let left = lines.length;
  for (const [key, line] of lines)
    client.publish(`aryk/${board.name}/up`, line, { qos: 1 }, (error) => {
      if (error) return;
      left--;
      if (key !== "") city.acked.set(key, line);
    });
  await until(`the spare board ${board.name}`, 180, () => left === 0);
  await client.endAsync(true);
}

/** A board that has not spoken yet, switched on. */
function spareBoard(city: City): { spare: LoadBoard; board: SealedBoard } {
  const spare = city.spare();
  return { spare, board: sealedBoard(spare.name, spare.keyId, spare.key, "30000000", 1) };
}

/** Everything that has room is written over, once. */
function fillDisk(disk: string): void {
  const fd = openSync(join(disk, "ballast"), "a");
  try {
    for (let piece = Buffer.alloc(1 << 20, 1); piece.length > 0;)
      try {
        writeSync(fd, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        piece = piece.subarray(0, piece.length >> 1);
      }
  } finally {
    closeSync(fd);
  }
}

function diskFull(name: string, during: (city: City, disk: string) => Promise<void>, kills = 0): FaultKind {
  return {
    name,
    part: "disk",
    kills,
    possible: (city) => city.disk !== null,
    async run(city) {
      const { disk } = city;
      if (disk === null) return;
      try {
        fillDisk(disk);
        await during(city, disk);
      } finally {
        if (existsSync(join(disk, "ballast"))) rmSync(join(disk, "ballast"));
      }
    },
  };
}

/** Somebody sets the hub's clock wrong, and right again after a while. */
function clockSet(name: string, offMs: number): FaultKind {
  return {
    name,
    part: "hub",
    kills: 0,
    possible: () => true,
    async run(city) {
      const set = (clockOffMs: number): void => void city.hub().child.send({ clockOffMs } satisfies HubWord);
      set(offMs);
      await sleep(between(city, 2000, 8000));
      set(0);
    },
  };
}

/** Every kind of fault. To add one, add its entry. */
export const FAULTS: FaultKind[] = [
  { name: "hub-kill", part: "hub", kills: 1, possible: () => true, run: killHub },
  {
    name: "flows-kill",
    part: "flows",
    kills: 1,
    possible: () => true,
    async run(city) {
      const { pid } = city.hub().flows();
      if (pid === null) return;
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Between two lives.
      }
    },
  },
  clockSet("clock-back-an-hour", -3_600_000),
  clockSet("clock-ahead-an-hour", 3_600_000),
  away("influx", "kill9"),
  away("influx", "stop"),
  ...(["503", "429", "500", "hang", "slow", "cut"] as const).map(trouble),
  away("mosquitto", "kill9"),
  away("mosquitto", "stop"),
  {
    name: "reconnect-storm",
    part: "boards",
    kills: 0,
    possible: () => true,
    async run(city) {
      for (const load of city.loads) load.cut();
    },
  },
  {
    name: "flooding-board",
    part: "spare",
    kills: 0,
    possible: () => true,
    async run(city) {
      const { spare, board } = spareBoard(city);
      const reading = { property: TEMPERATURE, ok: true as const, value: 21 };
      const lines = Array.from({ length: 1500 }, (): [string, string] => {
        const line = board.pack([reading], board.lastSeq() * 10, null);
        return [`${spare.name} ${board.lastSeq()}`, line];
      });
      await publishAll(city, spare, lines);
    },
  },
  {
    name: "poison-pack",
    part: "spare",
    kills: 0,
    possible: () => true,
    async run(city) {
      const { spare, board } = spareBoard(city);
      await publishAll(city, spare, [["", board.line("pack", 1, 5, "-", "not-json")]]);
      city.poisoned.count++;
    },
  },
  diskFull("disk-full", (city) => sleep(between(city, 2000, 8000))),
  diskFull("disk-full-hub-kill", async (city) => void (await killHub(city)), 1),
  diskFull("disk-spent", async (_city, disk) => {
    // Takes every byte that the hub gives back, until nothing is left.
    for (const end = Date.now() + 10_000; Date.now() < end; fillDisk(disk)) await sleep(100);
  }),
];

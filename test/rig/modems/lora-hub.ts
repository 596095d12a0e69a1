/**
 * A hub of its own behind a network server: journal, registry, pipeline and the LoRa input, as a module and as a program.
 * As a program it is killed (SIGKILL) when so many commits are on disk, before anything is answered:
 *
 *   node --import tsx test/rig/modems/lora-hub.ts <folder> <broker's URL> <DevEUI> <board> <commits>
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { derive } from "../../../hub/calibration/index.js";
import { realClock } from "../../../hub/clock.js";
import { startLora } from "../../../hub/inputs/lora.js";
import type { LoraInput } from "../../../hub/inputs/lora.js";
import { Journal } from "../../../hub/journal.js";
import type { Accept } from "../../../hub/model.js";
import { createPipeline } from "../../../hub/pipeline.js";
import { createQuality } from "../../../hub/quality/index.js";
import { Registry } from "../../../hub/registry.js";

export interface LoraHub {
  journal: Journal;
  input: LoraInput;
  stop(): Promise<void>;
}

/** Starts it in `folder`; `onCommit` is called between a line's commit and everything that follows it. */
export function startLoraHub(
  folder: string,
  url: string,
  devEui: string,
  board: string,
  onCommit: () => void = () => undefined,
): LoraHub {
  const isNew = !existsSync(join(folder, "registry.sqlite"));
  const registry = Registry.open(join(folder, "registry.sqlite"), realClock);
  if (isNew) registry.addBoard(board, "test");
  const journal = Journal.open(join(folder, "journal.sqlite"), { gatherMs: 0 });
  const deps = { clock: realClock, journal, registry, quality: createQuality(), derive, derivedOf: () => [] };
  const { accept } = createPipeline(deps);
  const watched: Accept = async (line, from) => {
    const accepted = await accept(line, from);
    onCommit();
    return accepted;
  };
  const input = startLora(
    { url, clientId: "lora-hub", backoffBaseMs: 50, backoffCapMs: 200 },
    {
      boardOfRadio: (eui) => (eui === devEui ? board : undefined),
      received: (...number) => journal.received(...number),
      keyOf: (board) => registry.currentKey(board)?.key,
      steady: () => realClock.steady(),
      flushed: () => journal.flushed(),
    },
    watched,
    pino({ level: "silent" }),
  );
  return {
    journal,
    input,
    async stop() {
      await input.stop();
      await journal.close();
      registry.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, url, devEui, board, commits] = process.argv.slice(2);
  let left = Number(commits);
  startLoraHub(folder, url, devEui, board, () => {
    if (--left === 0) process.kill(process.pid, "SIGKILL");
  });
}

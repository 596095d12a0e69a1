import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { SteppedClock } from "../../hub/clock.js";
import { configSchema } from "../../hub/config/schema.js";
import { Journal } from "../../hub/journal.js";
import { startOutputs } from "../../hub/main/outputs.js";
import { Registry } from "../../hub/registry.js";
import { packEntry, START } from "./outputs/entries.js";

describe("the outputs of a configuration", () => {
  it("release the place of a database that is no longer named, say so, and leave every other", async () => {
    const dir = mkdtempSync(join(tmpdir(), "aryk-main-outputs-"));
    const clock = new SteppedClock(START);
    const journal = Journal.open(join(dir, "journal.sqlite"));
    const registry = Registry.open(join(dir, "registry.sqlite"), clock);
    try {
      for (const seq of [1, 2, 3]) await journal.append(packEntry(seq));
      journal.settle("flows", 3);
      journal.settle("influxdb-city", 3);
      journal.settle("influxdb-old", 1);
      const logged: Record<string, unknown>[] = [];
      const log = pino({}, { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) });
      const config = configSchema.parse({
        dataDir: dir,
        outputs: { influxdb: [{ name: "city", version: "1", url: "http://127.0.0.1:1", database: "aryk" }] },
      });
      const outputs = startOutputs({ config, clock, log, journal, registry });
      await outputs.stop();
      const places = journal.consumers().map(({ consumer, id }) => [consumer, id]);
      assert.deepEqual(
        places.filter(([consumer]) => consumer !== "history"),
        [
          ["flows", 3],
          ["influxdb-city", 3],
        ],
      );
      assert.ok(places.some(([consumer]) => consumer === "history"));
      const [told, ...more] = logged.filter((line) => "behind" in line);
      assert.deepEqual([told["part"], told["id"], told["behind"], more], ["influxdb-old", 1, 2, []]);
      assert.match(String(told["msg"]), /^influxdb-old is no longer an output: .*2 entries unwritten$/);
    } finally {
      registry.close();
      await journal.close();
      rmSync(dir, { recursive: true });
    }
  });
});

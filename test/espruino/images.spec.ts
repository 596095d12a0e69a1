/**
 * Every image on the real interpreter: it measures what is played to it, keeps its packs through a power cut, and
 * delivers the same bytes.
 */
import assert from "node:assert/strict";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import { buildImage } from "../../hardware/image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import type { SiteType } from "../../hardware/sites.js";
import { layBench } from "../rig/bench.js";
import { interpreterFrom } from "../rig/espruino.js";
import { typeOf } from "../rig/far-hub.js";
import { needSocat } from "../rig/pty.js";

const BOUND_MS = 90_000;

/** What a pack of each sensor must contain, to a unit of the last decimal. */
const EXPECTED: Record<string, Record<string, number>> = {
  mb7389: { distance: 1234, "distance-spread": 0 },
  sht31: { temperature: 22.5, humidity: 50 },
  "no2-b43f": { "no2-we": 230, "no2-ae": 240 },
  pms5003: { "pm25-cf1": 22, "pm25-atm": 22, "pm10-cf1": 33 },
};
/** Waits for a condition with a bound; asks seldom, because the interpreter needs the processor too. */
async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain: " + what);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function valuesOf(line: string): Map<string, number | string> {
  const parsed = parseLine(line, false, UPLINK_MAX);
  assert.ok(parsed.ok, line);
  const records = JSON.parse(parsed.line.body) as { n: string; v?: number; vs?: string }[];
  return new Map(records.map((r) => [r.n, r.v ?? r.vs ?? "nothing"]));
}

function checkValues(type: SiteType, line: string): void {
  const values = valuesOf(line);
  for (const { sensor } of type.sensors)
    for (const [name, value] of Object.entries(EXPECTED[sensor]))
      assert.ok(Math.abs(Number(values.get(name)) - value) < 0.1, `${name} ${values.get(name)} is not ${value}`);
}

for (const [variable, heap] of [
  ["ESPRUINO_BIN", "the default heap"],
  ["ESPRUINO_SMALL_BIN", "2,600 variables"],
] as const)
  describe(`the images on the real interpreter with ${heap}`, function () {
    this.timeout(4 * BOUND_MS);
    const bin = interpreterFrom(variable);

    before(function () {
      if (bin === null) {
        console.log(`      skipped: ${variable} does not name an Espruino interpreter (see firmware/README.md)`);
        return this.skip();
      }
      needSocat(this);
    });

    for (const type of SITE_TYPES)
      it(`${type.name} measures, keeps its packs through a power cut, and delivers the same bytes`, async () => {
        assert.ok(bin);
        const image = await buildImage(type.name);
        const bench = await layBench(type, image, bin);
        try {
          const first = bench.power();
          await first.printed(`aryk ${type.name}`);
          const flashed = () => bench.waiting().length;
          await until("three packs in flash", () => flashed() >= 3);
          assert.ok(!first.output().includes("OUT OF MEMORY"), first.output());
          await bench.cut();
          const kept = bench.waiting();
          kept.forEach((line) => checkValues(type, line));

          await bench.listen(true);
          const second = bench.power();
          const has = (line: string) => bench.lines.includes(line);
          await until("the kept packs at the hub", () => kept.every(has));
          const live = () => bench.lines.filter((l) => typeOf(l) === "pack" && !kept.includes(l));
          await until("two packs of this start", () => live().length >= 2);
          assert.equal(typeOf(bench.lines[0]), "hello");
          live().forEach((line) => checkValues(type, line));
          assert.match(live()[1].split(" ")[5], /^\d{13}\/h\d+$/);
          assert.ok(!/OUT OF MEMORY|Uncaught|ERROR/.test(second.output()), second.output());
          await bench.cut();
        } catch (error) {
          console.log(bench.lines);
          throw error;
        } finally {
          await bench.dispose();
        }
      });
  });

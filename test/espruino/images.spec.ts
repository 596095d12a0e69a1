/**
 * Every image on the real interpreter: it measures what is played to it, keeps its packs through a power cut, and
 * delivers the same bytes.
 */
import assert from "node:assert/strict";
import { parseLine, UPLINK_MAX } from "../../firmware/wire/line.js";
import { buildImage } from "../../hardware/image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { layBench } from "../rig/bench.js";
import { interpreterFrom } from "../rig/espruino.js";
import type { Interpreter } from "../rig/espruino.js";
import { typeOf } from "../rig/far-hub.js";
import { needSocat } from "../rig/pty.js";
import { statedBytes } from "../rig/stated-bytes.js";

const BOUND_MS = 180_000;

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

/** Each value as the simulated parts have it, to 1 % or a tenth. */
function checkValues(expect: Record<string, number>, line: string): void {
  const values = valuesOf(line);
  for (const [name, value] of Object.entries(expect)) {
    const off = Math.abs(Number(values.get(name)) - value);
    assert.ok(off <= Math.max(0.1, Math.abs(value) / 100), `${name} ${values.get(name)} is not ${value}`);
  }
}

/**
 * The builds that speak in lines. Of a type that has a radio only, its sensors are measured with a serial line in the
 * radio's place: the radios themselves are in radio.spec.ts, and both together in the soak (test/soak).
 */
function waysOf(type: SiteType): Build[] {
  const ways = type.builds.filter(({ uplink }) => uplink === "serial" || uplink === "mqtt");
  return ways.length > 0 ? ways : [{ board: "esp32", uplink: "serial", supply: "mains" }];
}

const CUTS = 3;
const ROUNDS_MEASURED = 4;

interface Figures {
  image: string;
  bytes: number;
  variableBytes: number;
  least: number;
  most: number;
  cpuMs: number;
}

/**
 * Processor time of a round that ends in flash. Taken without a link: the Linux port turns without a pause while a
 * socket is open, which no board does.
 */
async function cpuOfARound(running: Interpreter, waiting: () => number): Promise<number> {
  const [cpuFrom, packsFrom] = [running.cpuMs(), waiting()];
  await until("rounds to measure", () => waiting() >= packsFrom + ROUNDS_MEASURED);
  return (running.cpuMs() - cpuFrom) / (waiting() - packsFrom);
}

/** The heap over some rounds: it is least between two rounds, and must then be what it was before. */
async function measure(
  running: Interpreter,
  packs: () => number,
): Promise<Pick<Figures, "variableBytes" | "least" | "most">> {
  const least: number[] = [];
  const heapFrom = running.heap().length;
  while (least.length < ROUNDS_MEASURED) {
    const [round, from] = [packs(), running.heap().length];
    await until("the next pack", () => packs() > round && running.heap().length > from + 2);
    least.push(
      Math.min(
        ...running
          .heap()
          .slice(from)
          .map((h) => h.usage),
      ),
    );
  }
  // Numbers take more room as they grow, once: over 100 rounds the least swings by four.
  assert.ok(Math.min(...least.slice(-2)) <= least[0] + 6, `the heap grows: ${least.join(" ")}`);
  const seen = running.heap().slice(heapFrom);
  const most = Math.max(...seen.map((h) => h.usage));
  return { variableBytes: seen[0].blocksize, least: Math.min(...least), most };
}

describe("the images on the real interpreter", function () {
  this.timeout(6 * BOUND_MS);
  const bin = interpreterFrom("ESPRUINO_BIN");
  const figures: Figures[] = [];

  before(function () {
    if (bin === null) {
      console.log("      skipped: ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");
      return this.skip();
    }
    needSocat(this);
  });

  after(() => {
    for (const f of figures)
      console.log(
        `      ${f.image}: ${f.bytes} bytes; ${f.least}-${f.most} variables of ${f.variableBytes} bytes; ` +
          `${Math.round(f.cpuMs)} ms of processor a round`,
      );
  });

  for (const [type, build] of SITE_TYPES.flatMap((one) => waysOf(one).map((way) => [one, way] as const)))
    it(`${type.name} by ${build.uplink} measures, keeps its packs through power cuts, and delivers the same bytes`, async () => {
      assert.ok(bin);
      const image = await buildImage(type.name, { build });
      // Of one with a serial line in a radio's place nothing is stated: nobody builds it.
      if (type.builds.includes(build))
        assert.equal(statedBytes().get(`${type.name}, ${build.uplink}`), image.bytes, "firmware/README.md");
      const bench = await layBench(type, image, bin);
      try {
        let running = bench.power();
        await running.printed(`aryk ${type.name}`);
        await until("three packs in flash", () => bench.waiting().length >= 3);
        const cpuMs = await cpuOfARound(running, () => bench.waiting().length);
        let kept: string[] = [];
        for (let i = 0; i < CUTS; i++) {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 2000));
          await bench.cut();
          assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught/);
          const now = bench.waiting();
          assert.deepEqual(now.slice(0, kept.length), kept);
          kept = now;
          running = bench.power();
        }
        kept.forEach((line) => checkValues(bench.parts.expect, line));

        await bench.listen(true);
        const has = (line: string) => bench.lines.includes(line);
        await until("the kept packs at the hub", () => kept.every(has));
        assert.equal(typeOf(bench.lines[0]), "hello");
        const live = () => bench.lines.filter((l) => typeOf(l) === "pack" && !kept.includes(l));
        await until("a pack of this start", () => live().length >= 2);
        const measured = await measure(running, () => live().length);
        figures.push({ image: `${type.name} ${build.uplink}`, bytes: image.bytes, cpuMs, ...measured });
        live().forEach((line) => checkValues(bench.parts.expect, line));
        assert.match(live()[1].split(" ")[5], /^\d{13}\/h\d+$/);
        assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught/);
        await bench.cut();
      } finally {
        await bench.dispose();
      }
    });
});

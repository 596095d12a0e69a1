/**
 * A post with a LoRaWAN module on the real interpreter: the module's bytes come through a pseudo-terminal, its network's
 * messages go through the hub's own pipeline into a journal, and a power cut is SIGKILL.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onAir } from "../../firmware/node/form-binary.js";
import { numbersOf, PORT, PORT_ASKING } from "../../firmware/wire/binary.js";
import { buildImage } from "../../hardware/image.js";
import { siteType } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { ackOf, readMessage } from "../../hub/inputs/lora/message.js";
import { Journal } from "../../hub/journal.js";
import type { PackEntry } from "../../hub/model.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { playPart } from "../rig/bench.js";
import { boardFolder, filesIn, interpreterFrom, startInterpreter } from "../rig/espruino.js";
import { i2cScript } from "../rig/i2c-record.js";
import { APP_KEY, JOIN_EUI } from "../rig/modems/lora-post.js";
import { smallNetwork } from "../rig/modems/radio-network.js";
import type { RadioMessage } from "../rig/modems/rn2483.js";
import { createRn2483Sim } from "../rig/modems/rn2483.js";
import { partsOf } from "../rig/parts.js";
import { pinScript } from "../rig/pin-script.js";
import { layCable, needSocat } from "../rig/pty.js";
import { waitingLines } from "../rig/vm-board.js";

const BOARD = "reservoir-1";
const KEY = Buffer.alloc(32, 9);
const BOUND_MS = 240_000;

async function until(what: string, condition: () => boolean, said: () => string): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${said().slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The hub behind the network: its own pipeline, with what it commits. */
function journalHub(folder: string) {
  const registry = Registry.open(join(folder, "registry.sqlite"), realClock);
  registry.addBoard(BOARD, "test");
  const journal = Journal.open(join(folder, "journal.sqlite"), { gatherMs: 0 });
  const { accept } = createPipeline({
    ...{ clock: realClock, journal, registry, quality: createQuality(), derive },
    derivedOf: () => [],
  });
  const outcomes: Record<string, number> = {};
  const network = smallNetwork(APP_KEY, ({ port, data }: RadioMessage) => void take(port, data));
  async function take(port: number, data: Buffer): Promise<void> {
    const message = readMessage(BOARD, data);
    const { outcome } = message.ok
      ? await accept(message.line, { source: "lora", withCrc: false, board: BOARD, vouched: true })
      : { outcome: message.fault };
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (!message.ok || port !== PORT_ASKING) return;
    const { epoch, boot } = message.by;
    network.queue.splice(0, 1, {
      port: PORT,
      data: ackOf(message.by, (seq) => journal.received(BOARD, epoch, boot, seq)),
    });
  }
  return { registry, journal, network, outcomes };
}

describe("a LoRaWAN post on the real interpreter", function () {
  this.timeout(3 * BOUND_MS);
  const bin = interpreterFrom("ESPRUINO_BIN");
  const folder = mkdtempSync(join(tmpdir(), "aryk-radio-"));
  const closers: (() => void | Promise<void>)[] = [];

  before(function () {
    if (bin === null) {
      console.log("      skipped: ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");
      return this.skip();
    }
    needSocat(this);
  });

  after(async () => {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("joins, delivers what its sensors say, and loses nothing by a power cut and a module that starts anew", async () => {
    assert.ok(bin);
    const type = siteType("reservoir");
    assert.ok(type);
    const image = await buildImage("reservoir", { build: { board: "esp32", uplink: "lora", supply: "mains" } });
    const hub = journalHub(folder);
    closers.push(async () => {
      await hub.journal.close();
      hub.registry.close();
    });
    const module = createRn2483Sim({ network: hub.network, pacePercent: 20 });
    const parts = await partsOf(type, realClock);
    const ports: Record<string, { path: string }> = {};
    for (const [port, make] of [...Object.entries(parts.uarts), [image.board.radio, module.make] as const]) {
      const cable = layCable();
      await cable.plug();
      closers.push(() => cable.dispose(), playPart(cable.far, make, 1));
      ports[port] = { path: cable.near };
    }
    const scene =
      (await i2cScript(type, (port) => image.board.i2cs[port].device, 0)) + pinScript(image.board, parts.pins);
    const uplink = { joinEui: JOIN_EUI, appKey: APP_KEY };
    const config = { board: BOARD, keyId: "k1", key: KEY.toString("hex"), uplink, ports, periodS: 12, pacePercent: 12 };
    const board = boardFolder({ ".bootcde": image.code, ".boot0": scene, "aryk.cfg": JSON.stringify(config) });
    closers.push(() => board.remove());

    const packs = (): PackEntry[] =>
      hub.journal.read(0, 1000).filter((entry): entry is PackEntry & { id: number } => entry.kind === "pack");
    let running = startInterpreter(bin, board.folder);
    closers.push(() => running.kill());
    const said = (): string => `${running.output()}\n${JSON.stringify({ ...hub.outcomes, ...module.counts() })}`;
    await running.printed("aryk lora 0004A30B001A2B3C");
    await until("three packs", () => packs().length >= 3, said);
    await running.kill();
    running = startInterpreter(bin, board.folder);
    await until("packs of the second start", () => packs().filter(({ boot }) => boot === 2).length >= 2, said);
    module.resetNow();
    await until("packs after the module's restart", () => packs().filter(({ boot }) => boot === 2).length >= 5, said);
    await running.kill();
    assert.doesNotMatch(running.output(), /OUT OF MEMORY|Uncaught/);

    // What is not in the journal waits in flash: on the air what is new goes first.
    const files = filesIn(readFileSync(join(board.folder, "espruino.flash")));
    const waiting = new Set(
      waitingLines((name) => files.get(name), image.board.outboxSlots).map((record) => {
        const by = numbersOf(onAir(record))?.by;
        return `${by?.epoch}.${by?.boot}.${by?.seq}`;
      }),
    );
    const epoch = packs()[0].epoch;
    for (const boot of [1, 2]) {
      const seqs = new Set(
        packs()
          .filter((pack) => pack.boot === boot)
          .map(({ seq }) => seq),
      );
      for (let seq = 1; seq < Math.max(...seqs); seq++)
        assert.ok(seqs.has(seq) || waiting.has(`${epoch}.${boot}.${seq}`), `${boot}.${seq} is lost`);
    }
    for (const { observations, timeFrom } of packs()) {
      assert.notEqual(timeFrom, "node");
      for (const { property, value } of observations)
        assert.ok(Math.abs(Number(value) - parts.expect[property]) < 0.1, `${property}: ${value}`);
    }
    assert.equal(hub.outcomes["dead"], undefined, said());
    assert.equal(hub.outcomes["refused"], undefined, said());
  });
});

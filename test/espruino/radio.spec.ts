/**
 * A post with a LoRaWAN module on the real interpreter: the module's bytes come through a pseudo-terminal, its network's
 * messages go through the hub's own pipeline into a journal, and a power cut is SIGKILL.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { onAir } from "../../firmware/node/form-binary.js";
import { SLOT_AT } from "../../firmware/node/pages.js";
import { CODE_AT, headText } from "../../firmware/node/verdicts.js";
import { numbersOf, PORT, PORT_ASKING } from "../../firmware/wire/binary.js";
import { offerOf, regionIn } from "../../hardware/flash-image.js";
import { buildImage } from "../../hardware/image.js";
import type { Image } from "../../hardware/image.js";
import { siteType } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { realClock } from "../../hub/clock.js";
import { ackOf, commandOf, readMessage } from "../../hub/inputs/lora/message.js";
import { Journal } from "../../hub/journal.js";
import type { PackEntry } from "../../hub/model.js";
import { startOrders } from "../../hub/orders/start.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { ImageStore } from "../../hub/updates/images.js";
import { startUpdates } from "../../hub/updates/start.js";
import { playPart } from "../rig/bench.js";
import { boardFolder, filesIn, interpreterFrom, laidOutFolder, startInterpreter } from "../rig/espruino.js";
import { i2cScript } from "../rig/i2c-record.js";
import { APP_KEY, JOIN_EUI } from "../rig/modems/lora-post.js";
import { smallNetwork } from "../rig/modems/radio-network.js";
import type { RadioMessage, Rn2483 } from "../rig/modems/rn2483.js";
import { createRn2483Sim } from "../rig/modems/rn2483.js";
import { partsOf } from "../rig/parts.js";
import { pinScript } from "../rig/pin-script.js";
import { layCable, needSocat } from "../rig/pty.js";
import { waitingLines } from "../rig/vm-board.js";

const BOARD = "reservoir-1";
const KEY = Buffer.alloc(32, 9);
const ROLLOUT = "0a0a0a0a";
const BOUND_MS = 240_000;

async function until(what: string, condition: () => boolean, said: () => string): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${said().slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const failed = (error: unknown): void => {
  throw error;
};

/** The hub behind the network: its own pipeline, with what it commits; it sends `image` to its board, if there is one. */
function journalHub(folder: string, image?: Image & { newer: string }) {
  const registry = Registry.open(join(folder, "registry.sqlite"), realClock);
  registry.add(
    [
      { kind: "board", board: BOARD },
      { kind: "key", board: BOARD, id: "k1", key: KEY.toString("base64url") },
    ],
    "test",
  );
  if (image !== undefined) {
    const known = { image: image.name, version: "new", added: Date.now(), by: "test" };
    const { id } = new ImageStore(folder).add(image.newer, known);
    registry.add([{ kind: "rollout", rollout: ROLLOUT, image: id, does: "start", why: "" }], "test");
  }
  const updates = startUpdates(registry, realClock, folder, failed);
  const { orders, stop } = startOrders(registry, realClock, failed, { patient: [updates.source] });
  const journal = Journal.open(join(folder, "journal.sqlite"), { gatherMs: 0 });
  const { accept } = createPipeline({
    ...{ clock: realClock, journal, registry, orders, quality: createQuality(), derive },
    derivedOf: () => [],
  });
  const outcomes: Record<string, number> = {};
  const network = smallNetwork(APP_KEY, (message: RadioMessage) => void take(message));
  async function take({ port, data, dataRate }: RadioMessage): Promise<void> {
    const message = readMessage(BOARD, data);
    const end = message.ok
      ? await accept(message.line, { source: "lora", withCrc: false, board: BOARD, vouched: true })
      : { outcome: message.fault };
    outcomes[end.outcome] = (outcomes[end.outcome] ?? 0) + 1;
    if (!message.ok || port !== PORT_ASKING) return;
    const { by } = message;
    const body = "command" in end ? end.command?.split(" ")[6] : undefined;
    const order = body === undefined ? undefined : commandOf(by, BOARD, body, dataRate, KEY);
    network.queue.splice(0);
    if (order === undefined || end.outcome !== "heard")
      network.queue.push({ port: PORT, data: ackOf(by, (seq) => journal.received(BOARD, by.epoch, by.boot, seq)) });
    if (order !== undefined) network.queue.push({ port: PORT, data: order });
  }
  return {
    ...{ registry, journal, network, outcomes },
    outcome: () => registry.rollout(ROLLOUT)?.offers.get(BOARD)?.outcome ?? null,
    async stop() {
      updates.stop();
      stop();
      await journal.close();
      registry.close();
    },
  };
}

describe("a LoRaWAN post on the real interpreter", function () {
  this.timeout(3 * BOUND_MS);
  const bin = interpreterFrom("ESPRUINO_BIN");
  const closers: (() => void | Promise<void>)[] = [];
  let folder = "";

  /** What is in front of the interpreter: the module and the parts at their cables, and the files of the board. */
  async function lay(image: Image, module: Rn2483) {
    const type = siteType(image.siteType);
    assert.ok(type);
    const parts = await partsOf(type, realClock, image.build);
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
    return { parts, scene, config };
  }

  const loraImage = (): Promise<Image> =>
    buildImage("reservoir", { build: { board: "esp32", uplink: "lora", supply: "mains" } });

  before(function () {
    if (bin === null) {
      console.log("      skipped: ESPRUINO_BIN does not name an Espruino interpreter (see firmware/README.md)");
      return this.skip();
    }
    needSocat(this);
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aryk-radio-"));
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("joins, delivers what its sensors say, and loses nothing by a power cut and a module that starts anew", async () => {
    assert.ok(bin);
    const image = await loraImage();
    const hub = journalHub(folder);
    closers.push(() => hub.stop());
    const module = createRn2483Sim({ network: hub.network, pacePercent: 20 });
    const { parts, scene, config } = await lay(image, module);
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

  it("takes the end of an image in, tries it, and finds it good by a pack that the hub has", async () => {
    assert.ok(bin);
    const image = await loraImage();
    const newer = image.code.replaceAll(image.version, "9.9.9");
    assert.notEqual(newer, image.code);
    const hub = journalHub(folder, { ...image, newer });
    closers.push(() => hub.stop());
    const module = createRn2483Sim({ network: hub.network, pacePercent: 20, keepsDuty: false });
    const { scene, config } = await lay(image, module);
    const setUp = { ...config, uplink: { ...config.uplink, dutyPercent: 100 } };
    const board = await laidOutFolder(image.code, { ".boot0": scene, "aryk.cfg": JSON.stringify(setUp) });
    closers.push(() => board.remove());
    // Most of it is there from before the power went.
    const file = join(board.folder, "espruino.flash");
    const flash = readFileSync(file);
    const slot = regionIn(flash)!.at + SLOT_AT[1];
    const crc = (text: string): string => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0");
    flash.write(headText(crc, offerOf(newer)), slot, "latin1");
    flash.write(newer.slice(0, -1500), slot + CODE_AT, "latin1");
    writeFileSync(file, flash);

    let before = "";
    let running = startInterpreter(bin, board.folder);
    // A restart that it asks for ends the interpreter on Linux.
    const timer = setInterval(() => {
      if (!running.exited()) return;
      before += running.output();
      running = startInterpreter(bin, board.folder);
    }, 20);
    closers.push(async () => {
      clearInterval(timer);
      await running.kill();
    });
    const said = (): string =>
      `${before}${running.output()}\n${JSON.stringify({ ...hub.outcomes, ...module.counts() })}`;
    await until("the new image to be good", () => hub.outcome()?.result === "good", said);
    await running.printed(/slot 1 on trial[^]*trial: good/);
    await until("what runs", () => hub.registry.reported(BOARD)?.runs === offerOf(newer).id, said);
    assert.doesNotMatch(said(), /OUT OF MEMORY|Uncaught/);
    assert.equal(hub.outcomes["dead"], undefined, said());
    assert.equal(hub.outcomes["refused"], undefined, said());
  });
});

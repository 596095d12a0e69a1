import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOWNLINK_MAX, parseLine, unsealed } from "../../firmware/wire/line.js";
import type { Hello } from "../../firmware/wire/pack.js";
import { derive } from "../../hub/calibration/index.js";
import { SteppedClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import { askBoard } from "../../hub/orders/asks.js";
import { startOrders } from "../../hub/orders/start.js";
import { createPipeline } from "../../hub/pipeline.js";
import { decodeHello } from "../../hub/pipeline/decode.js";
import { vouch } from "../../hub/pipeline/vouched.js";
import { createQuality } from "../../hub/quality/index.js";
import { boardsHealth, driftOf } from "../../hub/registry/drift.js";
import { askForKey } from "../../hub/registry/rotation.js";
import { askForSettings, restateSettings } from "../../hub/registry/settings.js";
import { Registry } from "../../hub/registry.js";
import { sealedBoard } from "../rig/sealed-board.js";

const NOW = Date.UTC(2026, 2, 1, 8);
const DAY = 86_400_000;
const BARE: Hello = { image: "canal", version: "1.0.0", reset: "power", waiting: 0 };

function rig(dir: string) {
  const clock = new SteppedClock(NOW);
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  const journal = Journal.open(join(dir, "journal.sqlite"), { gatherMs: 0 });
  registry.addBoard("b1", "test");
  const patient: string[] = [];
  const urgent: string[] = [];
  const said: string[] = [];
  const heard: string[] = [];
  const failures: unknown[] = [];
  const { orders, stop } = startOrders(registry, clock, (error) => failures.push(error), {
    urgent: [{ after: () => urgent[0] }],
    patient: [
      {
        after: () => patient[0],
        heard: ({ type, seq }, outcome) => heard.push(`${type} ${seq} ${outcome}`),
        said: (line) => said.push(line.body),
      },
    ],
  });
  const deps = { clock, journal, registry, orders, quality: createQuality(), derive, derivedOf: () => [] };
  const { accept, stats } = createPipeline(deps);
  const board = sealedBoard("b1", "k1", registry.keyOf("b1", "k1")!, "0a0b0c0d", 1);
  let uptime = 1000;
  const give = async (line: string) => {
    const accepted = await accept(line, { source: "mqtt", withCrc: false });
    assert.ok(accepted.outcome !== "refused", JSON.stringify(accepted));
    const { command, outcome, ack } = accepted;
    if (command === undefined) return { outcome, ack, order: undefined };
    const parsed = parseLine(command, false, DOWNLINK_MAX - 6);
    assert.ok(parsed.ok && parsed.line.type === "command", command);
    return { outcome, ack, command, order: parsed.line.body };
  };
  return {
    ...{ clock, registry, journal, board, give, patient, urgent, said, heard, failures, stats, stop },
    pack: () => give(board.pack([], (uptime += 1000), null)),
    /** Says hello, and lets the hub write down what it said. */
    async hello(more: Partial<Hello> = {}) {
      const answer = await give(board.hello((uptime += 1000), { ...BARE, ...more }));
      clock.advance(2000);
      return answer;
    },
    /** A line of the board over a narrow radio: the hub made it of a message. */
    async radio(type: "hello" | "reply", body: object) {
      const line = vouch(unsealed(type, "b1", "0a0b0c0d.1.0", (uptime += 1000), "-", JSON.stringify(body)));
      await accept(line, { source: "lora", withCrc: false, board: "b1", vouched: true });
      clock.advance(2000);
    },
    line: (type: "reply" | "pack", seq: number, body: string) =>
      give(board.line(type, seq, (uptime += 1000), "-", body)),
    set: (settings: Record<string, number | null>) =>
      askForSettings(registry, new Map([["b1", new Map(Object.entries(settings))]]), clock.now(), "anna"),
    drift: () => driftOf(registry.boards()[0]),
    async close() {
      stop();
      await journal.close();
      registry.close();
    },
  };
}

describe("orders to boards", () => {
  let dir: string;
  let r: ReturnType<typeof rig>;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-orders-"));
    r = rig(dir);
  });
  afterEach(async () => {
    await r.close();
    rmSync(dir, { recursive: true });
  });

  it("follow every line until the board says that it is as it was asked to be", async () => {
    assert.equal((await r.hello({ set: 0 })).order, undefined);
    assert.equal(r.set({ drySeconds: 600 }), 1);
    assert.equal((await r.pack()).order, "set,1,drySeconds=600");
    assert.equal((await r.pack()).order, "set,1,drySeconds=600");
    assert.deepEqual(r.drift(), {
      board: "b1",
      kind: "pending",
      rev: 1,
      has: 0,
      names: ["drySeconds"],
      since: NOW + 2000,
    });
    assert.equal((await r.hello({ set: 1 })).order, undefined);
    assert.equal(r.drift(), null);
    assert.deepEqual(r.failures, []);
  });

  it("are not given to a board that was never heard, nor to firmware that knows no settings", async () => {
    r.registry.add([{ kind: "reported", board: "b1", image: "canal", version: "0" }], "test");
    r.set({ drySeconds: 600 });
    assert.equal((await r.pack()).order, undefined);
    assert.equal(r.drift()?.kind, "old");
    assert.equal((await r.hello()).order, undefined);
    assert.equal((await r.hello({ set: 0 })).order, "set,1,drySeconds=600");
  });

  it("tell the newest value of each setting, the oldest change first, in as many lines as they need", async () => {
    await r.hello({ set: 0 });
    r.set({ drySeconds: 600, wetSeconds: 61, fastSeconds: 11 });
    r.set({ wetMm: 35, fastMmPerMinute: 12, dryAfterSeconds: 1801, zeroMm: 4321 });
    r.set({ drySeconds: 601, wetMm: null });
    const seen = new Map<string, string>();
    let has = 0;
    let lines = 0;
    for (; has < 9 && lines < 20; lines++) {
      const { order, command } = await r.hello({ set: has });
      assert.ok(order !== undefined && command !== undefined && command.length + 6 <= DOWNLINK_MAX);
      const [verb, rev, ...words] = order.split(",");
      assert.equal(verb, "set");
      assert.ok(Number(rev) > has);
      has = Number(rev);
      for (const word of words) {
        const [name, value] = word.split("=");
        assert.ok(!seen.has(name), `${name} twice`);
        seen.set(name, value);
      }
    }
    assert.ok(lines >= 2 && lines <= 4, String(lines));
    assert.deepEqual(Object.fromEntries(seen), {
      ...{ wetSeconds: "61", fastSeconds: "11", fastMmPerMinute: "12", dryAfterSeconds: "1801", zeroMm: "4321" },
      ...{ drySeconds: "601", wetMm: "" },
    });
    assert.equal((await r.hello({ set: 9 })).order, undefined);
  });

  it("are sorted by their urgency: a key, what is urgent, settings, restarts, tests, the rest", async () => {
    await r.hello({ set: 0 });
    r.patient.push("piece,x");
    assert.equal((await r.pack()).order, "piece,x");
    const test = askBoard(r.registry, "b1", "test", "anna");
    assert.equal((await r.pack()).order, `test,${test}`);
    const reboot = askBoard(r.registry, "b1", "reboot", "anna");
    assert.equal((await r.pack()).order, `reboot,${reboot}`);
    r.set({ drySeconds: 600 });
    assert.equal((await r.pack()).order, "set,1,drySeconds=600");
    r.urgent.push("go,x");
    assert.equal((await r.pack()).order, "go,x");
    askForKey(r.registry, "b1", "anna");
    assert.match((await r.pack()).order ?? "", /^rotate,k2,/);
  });

  it("let every source hear what became of each line, whoever is asked for something", async () => {
    await r.hello({ set: 0 });
    r.set({ drySeconds: 600 });
    assert.equal((await r.pack()).order, "set,1,drySeconds=600");
    const pack = r.board.line("pack", 7, 99_000, "-", '[{"n":"distance","u":"mm","v":1}]');
    for (let i = 0; i < 2; i++) await r.give(pack);
    await r.line("pack", 8, '[{"n":"strange","u":"mm","v":1}]');
    await r.line("reply", 0, '{"verb":"whole","to":"00000000"}');
    const what = ["hello 0 stored", "pack 1 dead", "pack 7 stored", "pack 7 duplicate", "pack 8 dead", "reply 0 heard"];
    assert.deepEqual(r.heard, what);
  });

  it("are asked until the reply with their nonce is stored, which is kept with the board", async () => {
    const nonce = askBoard(r.registry, "b1", "test", "anna");
    await r.pack();
    for (const other of [`{"verb":"test","to":"00000000"}`, `{"verb":"reboot","to":"${nonce}"}`]) {
      const { outcome, order } = await r.line("reply", r.board.lastSeq() + 100 + other.length, other);
      assert.deepEqual([outcome, order], ["stored", `test,${nonce}`]);
    }
    const reply = `{"verb":"test","to":"${nonce}","heap":[1000,16000],"flash":"ok","readings":{"distance":2345}}`;
    const { outcome, order } = await r.line("reply", 500, reply);
    assert.deepEqual([outcome, order], ["stored", undefined]);
    const [ask] = r.registry.asks("b1");
    assert.deepEqual(ask.answer?.report, { heap: [1000, 16000], flash: "ok", readings: { distance: 2345 } });
    const events = r.journal.read(0, 100).flatMap((e) => (e.kind === "event" && e.event === "reply" ? [e.detail] : []));
    assert.equal(events.length, 3);
    assert.ok(r.journal.judge({ board: "b1", epoch: "0a0b0c0d", boot: 1, seq: 500, tag: "f".repeat(32) }) !== "new");
  });

  it("are repeated eight times, then once in an hour: a test costs a battery a round", async () => {
    askBoard(r.registry, "b1", "test", "anna");
    const asked = async (): Promise<boolean> => (await r.pack()).order !== undefined;
    for (let i = 0; i < 8; i++) assert.ok(await asked());
    assert.ok(!(await asked()));
    r.clock.advance(3_600_000);
    assert.deepEqual([await asked(), await asked()], [true, false]);
  });

  it("to restart end with the hello that says so, though the reply is late", async () => {
    const nonce = askBoard(r.registry, "b1", "reboot", "anna");
    await r.hello({ reset: "power" });
    assert.equal((await r.hello({ reset: "reboot" })).order, undefined);
    assert.equal((await r.line("reply", 9, `{"verb":"reboot","to":"${nonce}"}`)).outcome, "stored");
    assert.deepEqual(r.registry.asks("b1")[0].answer?.report, { reset: "reboot", boot: 1 });
    // A restart that was asked for earlier does not stand for one that no board has heard of yet.
    const next = askBoard(r.registry, "b1", "reboot", "anna");
    assert.equal((await r.hello({ reset: "reboot" })).order, `reboot,${next}`);
  });

  it("are given up after a day without a reply", async () => {
    askBoard(r.registry, "b1", "test", "anna");
    r.clock.advance(DAY);
    assert.equal((await r.pack()).order, undefined);
  });

  it("follow a word as well, which is answered and kept nowhere", async () => {
    r.patient.push("piece,1");
    const before = r.journal.head();
    const { outcome, ack, order } = await r.line("reply", 0, "want-next,a1b2c3d4,60");
    assert.deepEqual([outcome, order], ["heard", "piece,1"]);
    assert.match(ack ?? "", / ok k1\./);
    assert.deepEqual([r.said, r.journal.head(), r.stats().heard], [["want-next,a1b2c3d4,60"], before, 1]);
  });

  it("leave a reply stored that the registry cannot keep, and ask again", async () => {
    const nonce = askBoard(r.registry, "b1", "test", "anna");
    r.registry.close();
    const { outcome, order } = await r.line("reply", 3, `{"verb":"test","to":"${nonce}"}`);
    assert.deepEqual([outcome, order, r.failures.length], ["stored", `test,${nonce}`, 1]);
  });

  it("start anew at a board that was set by a registry that knew more", async () => {
    await r.hello({ set: 40 });
    assert.equal(r.drift()?.kind, "ahead");
    r.set({ drySeconds: 600 });
    assert.equal((await r.pack()).order, "set,41,drySeconds=600");
    restateSettings(r.registry, "b1", "anna");
    assert.equal((await r.pack()).order, "set,43,*=,drySeconds=600");
  });
});

describe("what boards say of themselves", () => {
  let dir: string;
  let r: ReturnType<typeof rig>;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-said-"));
    r = rig(dir);
  });
  afterEach(async () => {
    await r.close();
    rmSync(dir, { recursive: true });
  });
  const rows = () => r.registry.history().filter((row) => row.kind === "reported").length;

  it("is a row of the registry where it differs from the hello before", async () => {
    const more = { set: 3, period: 300, slot: 0, wear: 100 };
    for (const said of [more, { ...more, waiting: 7 }, { ...more, wear: 120 }]) {
      await r.hello(said);
    }
    assert.equal(rows(), 1);
    for (const said of [{ ...more, wear: 151 }, { ...more, wear: 151, slot: 1, back: "crash" }, BARE]) {
      await r.hello(said);
    }
    assert.equal(rows(), 4);
    const { set, slot, back, image } = r.registry.reported("b1")!;
    assert.deepEqual([set, slot, back, image], [undefined, undefined, undefined, BARE.image]);
  });

  it("tells how strong its radio is, and is a row of its own only where that has changed much", async () => {
    const dBm = (): number | undefined => r.registry.reported("b1")?.signalDbm;
    for (const signalDbm of [-61, -64, -70]) await r.hello({ signalDbm });
    assert.deepEqual([rows(), dBm()], [1, -61]);
    await r.hello({ signalDbm: -71 });
    assert.deepEqual([rows(), dBm()], [2, -71]);
    await r.hello({});
    assert.equal(rows(), 2);
    for (const signalDbm of [99, -1000, -70.5, "-70"]) {
      const decoded = decodeHello(JSON.stringify({ ...BARE, signalDbm }));
      assert.ok(!decoded.ok && decoded.reason === "bad-hello", String(signalDbm));
    }
  });

  it("is put together from hello and word where a radio has no room for both in one", async () => {
    const runs = "3fa95c1e";
    await r.radio("reply", { verb: "slots", to: runs, slot: 1 });
    assert.equal(r.registry.reported("b1"), null);
    await r.radio("hello", BARE);
    await r.radio("reply", { verb: "slots", to: runs, slot: 1, has: "00000001" });
    assert.deepEqual([r.registry.reported("b1")?.runs, r.registry.reported("b1")?.slot, rows()], [runs, 1, 2]);
    for (let day = 0; day < 3; day++) {
      await r.radio("hello", BARE);
      await r.radio("reply", { verb: "slots", to: runs, slot: 1, has: "00000001" });
    }
    assert.equal(rows(), 2);
    await r.radio("reply", { verb: "slots", to: "00000001", slot: 0, back: "crash" });
    const { image, slot, back } = r.registry.reported("b1")!;
    assert.deepEqual([image, slot, back], [BARE.image, 0, "crash"]);
    // What would be no row of the registry, and what a board on another link says so, is not heard.
    for (const to of [5, "x".repeat(300), "3FA95C1E"]) await r.radio("reply", { verb: "slots", to, slot: 1 });
    await r.radio("reply", { verb: "slots", to: "00000001", slot: -1, back: "b".repeat(300), has: "" });
    await r.line("reply", 0, JSON.stringify({ verb: "slots", to: runs, slot: 1 }));
    r.clock.advance(700_000);
    assert.deepEqual(r.failures, []);
    assert.deepEqual([r.registry.reported("b1")?.runs, r.registry.reported("b1")?.slot], ["00000001", undefined]);
  });

  it("keeps what a radio's hello leaves out until the word behind it says it anew", async () => {
    const word = { verb: "slots", to: "3fa95c1e", slot: 1 };
    const kept = (): unknown[] => {
      const { set, refused, period, wear } = r.registry.reported("b1")!;
      return [set, refused, period, wear];
    };
    await r.radio("hello", { ...BARE, set: 4 });
    await r.radio("reply", { ...word, refused: "wetMm", period: 300, wear: 60 });
    assert.deepEqual(kept(), [4, "wetMm", 300, 60]);
    await r.radio("hello", { ...BARE, set: 5 });
    assert.deepEqual(kept(), [5, "wetMm", 300, 60]);
    await r.radio("reply", { ...word, period: 600 });
    assert.deepEqual(kept(), [5, undefined, 600, 60]);
    await r.radio("reply", { ...word, refused: "a b", period: -1, wear: 0.5 });
    assert.deepEqual(kept(), [5, undefined, 600, 60]);
  });

  it("does not fill the registry, however often it changes; the last word is kept", async () => {
    for (let i = 1; i <= 60; i++) {
      await r.hello({ set: i });
    }
    assert.equal(rows(), 6);
    r.clock.advance(11 * 60_000);
    assert.deepEqual([rows(), r.registry.reported("b1")?.set], [7, 60]);
    await r.hello({ set: 61 });
    r.stop();
    assert.equal(r.registry.reported("b1")?.set, 61);
  });

  it("makes the hub's health worse when a board refuses, runs ahead, waits for a day, or wears out", async () => {
    const codes = (): string[] =>
      boardsHealth(() => r.registry.sides(), r.clock)
        .check()
        .map(({ code }) => code);
    await r.hello({ set: 0 });
    r.set({ drySeconds: 600 });
    assert.deepEqual(codes(), []);
    r.clock.advance(DAY + 1);
    assert.deepEqual(codes(), ["drift"]);
    await r.hello({ set: 1 });
    assert.deepEqual(codes(), []);
    await r.hello({ set: 1, refused: "wetMm,drySeconds" });
    assert.deepEqual([codes(), r.drift()?.names], [["drift"], ["drySeconds"]]);
    await r.hello({ set: 1, wear: 8000 });
    assert.deepEqual(codes(), ["worn"]);
  });

  it("tells how long a site may be silent", async () => {
    const names = { kk: "a", ru: "a", en: "a" };
    r.registry.addSite({ id: "u1", type: "underpass", names, district: "", lat: 43, lon: 77, settings: {} }, "anna");
    r.registry.assign("b1", "u1", NOW, "anna");
    assert.equal(r.registry.periodAt("u1"), undefined);
    await r.hello({ period: 3600 });
    assert.equal(r.registry.periodAt("u1"), 3600);
    r.registry.assign("b1", null, NOW + 1, "anna");
    assert.equal(r.registry.periodAt("u1"), undefined);
  });
});

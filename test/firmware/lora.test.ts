import assert from "node:assert/strict";
import { airtimeMs, FRAME_BYTES } from "../../firmware/node/airtime.js";
import { FAULTS } from "../../firmware/wire/pack.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { KIND_PACK, numbersOf } from "../../firmware/wire/binary.js";
import { DISTANCE, DISTANCE_SPREAD, TEMPERATURE } from "../../firmware/wire/properties.js";
import { SteppedClock } from "../../hub/clock.js";
import { commandOf } from "../../hub/inputs/lora/message.js";
import { APP_KEY, BOARD, BOARD_KEY, startLoraPost } from "../rig/modems/lora-post.js";
import type { LoraPost } from "../rig/modems/lora-post.js";
import { radioHub } from "../rig/modems/radio-network.js";
import { createRn2483Sim } from "../rig/modems/rn2483.js";
import type { Rn2483Options } from "../rig/modems/rn2483.js";
import { VmStorage } from "../rig/vm-storage.js";

const START = 1_790_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Numbers in [0, 1) that are the same in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const readings = (seq: number): Reading[] => [
  { property: DISTANCE, ok: true, value: 1000 + seq },
  { property: DISTANCE_SPREAD, ok: true, value: seq % 7 },
  seq % 5 === 0
    ? { property: TEMPERATURE, ok: false, fault: FAULTS[seq % FAULTS.length] }
    : { property: TEMPERATURE, ok: true, value: -20 + seq / 100 },
];

function lay(over: Partial<Rn2483Options> = {}, periodMs = MINUTE, slots = 12) {
  const clock = new SteppedClock(START);
  const random = dice(7);
  const hub = radioHub("post-1", APP_KEY);
  const module = createRn2483Sim({ network: hub.network, random, ...over });
  const storage = new VmStorage(256 * 1024);
  const boot = (): LoraPost => startLoraPost({ clock, storage, part: module.make, periodMs, random, readings, slots });
  return { clock, random, hub, module, storage, boot };
}

const typeOf = (line: string): string => line.split(" ")[1];
const idOf = (line: string): string => line.split(" ")[3];

describe("a post on a LoRaWAN network", () => {
  it("joins, says hello, sends its packs, and settles what the hub has on disk", () => {
    const { clock, hub, module, boot } = lay();
    const post = boot();
    clock.advance(HOUR);
    post.stop();
    assert.equal(typeOf(hub.lines[0]), "hello");
    assert.match(hub.lines[0], /^aryk1 hello post-1 [0-9a-f]{8}\.1\.0 \d+ - \{"image":"underpass","version":"1",/);
    const packs = hub.lines.filter((line) => typeOf(line) === "pack");
    assert.equal(packs.length, post.made());
    assert.ok(post.outbox.waiting() <= 5, `${post.outbox.waiting()} wait`);
    assert.equal(module.counts().joins, 1);
    assert.match(packs[0], /\[\{"n":"distance","u":"mm","v":1001\},\{"n":"distance-spread","u":"mm","v":1\},/);
    assert.deepEqual(hub.faults, []);
  });

  it("joins anew after a restart, whatever the module had still to say to the start before", () => {
    // The end of a message comes some two seconds after its beginning: into each moment of the second start in turn.
    for (let ms = 1900; ms < 2080; ms++) {
      const { clock, hub, module, boot } = lay();
      hub.running = false;
      const first = boot();
      while (module.counts().sent === 0) clock.advance(1);
      hub.running = true;
      clock.advance(ms);
      first.stop();
      const heard = hub.lines.length;
      const second = boot();
      clock.advance(4 * MINUTE);
      second.stop();
      assert.ok(hub.lines.length > heard, `cut ${ms} ms after it began to send`);
    }
  });

  it("asks for few answers: one in five messages, the first of a start at once", () => {
    const { clock, hub, module, boot } = lay({}, 10 * MINUTE);
    const post = boot();
    clock.advance(8 * MINUTE);
    assert.equal(post.outbox.waiting(), 0);
    const before = module.counts().sent;
    clock.advance(100 * MINUTE);
    post.stop();
    assert.equal(hub.lines.length, 1 + post.made());
    assert.ok(module.counts().sent - before <= 14, `${module.counts().sent - before} messages for 10 packs`);
  });

  it("keeps the 1 % of air time, whatever the module allows", () => {
    const { clock, module, boot } = lay({ keepsDuty: false }, 10_000);
    module.hardOfHearing(1);
    const post = boot();
    clock.advance(2 * HOUR);
    post.stop();
    const { onAirMs } = module.counts();
    const longest = airtimeMs(0, FRAME_BYTES + 51);
    assert.ok(onAirMs <= (2 * HOUR) / 100 + longest, `${onAirMs} ms on the air in two hours`);
    assert.ok(onAirMs > (2 * HOUR) / 300, `${onAirMs} ms: it hardly sends`);
  });

  it("comes nearer to being heard with each attempt to join", () => {
    const { clock, hub, module, boot } = lay({}, 10 * MINUTE);
    module.hardOfHearing(2);
    const post = boot();
    clock.advance(3 * HOUR);
    post.stop();
    assert.ok(module.counts().joins >= 4);
    assert.ok(hub.lines.filter((line) => typeOf(line) === "pack").length > 5);
  });

  it("goes on sending what is new while no answer reaches it, and loses nothing by it", () => {
    const { clock, hub, boot } = lay({ lostDown: 0 }, 10 * MINUTE);
    const post = boot();
    clock.advance(HOUR);
    const answer = hub.network.answer;
    hub.network.answer = () => undefined;
    clock.advance(5 * HOUR);
    const packs = (): string[] => hub.lines.filter((line) => typeOf(line) === "pack");
    assert.equal(packs().length, post.made());
    assert.ok(post.outbox.waiting() >= 25, `${post.outbox.waiting()} wait`);
    hub.network.answer = answer;
    clock.advance(5 * HOUR);
    post.stop();
    assert.ok(post.outbox.waiting() <= 5, `${post.outbox.waiting()} wait`);
    assert.equal(packs().length, post.made());
  });

  it("asks for a pack that no answer can tell of, though new ones never cease", () => {
    const { clock, hub, boot } = lay({}, 30_000, 40);
    const hears = hub.network.hears;
    let drops = 3;
    hub.network.hears = (message) => {
      const numbers = numbersOf(message.data.toString("latin1"));
      // The oldest goes last, when those that follow it are told of already: alone, and lost.
      if (hub.running && numbers?.kind === KIND_PACK && numbers.by.seq === 1 && drops-- > 0) return;
      hears(message);
    };
    hub.running = false;
    const post = boot();
    clock.advance(3 * MINUTE);
    hub.running = true;
    clock.advance(20 * MINUTE);
    const young = idOf(hub.lines.at(-1) ?? "");
    assert.ok(Number(young.split(".")[2]) > 40, young);
    clock.advance(HOUR);
    post.stop();
    assert.equal(drops, -1);
    assert.ok(post.outbox.waiting() <= 5, `${post.outbox.waiting()} wait`);
    assert.equal(hub.lines.filter((line) => typeOf(line) === "pack" && idOf(line).endsWith(".1.1")).length, 1);
  });

  it("lends its port to the sensors: the module sleeps and hears nothing while a round is under way", () => {
    const { clock, module, boot } = lay();
    let stray = 0;
    const post = boot();
    const listen = module.make;
    assert.ok(listen);
    for (let i = 0; i < 600; i++) {
      clock.advance(1000);
      if (post.measuring() && !module.counts().asleep) stray++;
    }
    post.stop();
    assert.equal(stray, 0);
    assert.ok(post.made() >= 9, `${post.made()} rounds`);
  });

  it("knows how far what comes down stands above the noise, once something did", () => {
    const { clock, hub, module, boot } = lay();
    hub.running = false;
    const post = boot();
    clock.advance(5 * MINUTE);
    assert.ok(module.counts().sent > 0);
    assert.equal(post.snrDb(), null);
    hub.running = true;
    module.snr(-13);
    clock.advance(20 * MINUTE);
    assert.equal(post.snrDb(), -13);
    module.snr(4);
    clock.advance(20 * MINUTE);
    assert.equal(post.snrDb(), 4);
    post.stop();
    assert.ok(post.outbox.waiting() <= 5, `${post.outbox.waiting()} wait`);
  });

  it("carries out a command that was sealed for it and for this start, and no other", () => {
    const { clock, hub, boot } = lay();
    const post = boot();
    clock.advance(3 * MINUTE);
    const say = (boot: number, epoch: string, board = BOARD, key = BOARD_KEY, bend = 0): void => {
      const command = commandOf({ epoch, boot, seq: 1 }, board, "set,3,drySeconds=60", 0, key);
      assert.ok(command);
      command[command.length - 1] ^= bend;
      hub.network.queue.push({ port: 1, data: command });
    };
    say(post.boot + 1, post.epoch);
    say(post.boot, (parseInt(post.epoch, 16) ^ 1).toString(16).padStart(8, "0"));
    say(post.boot, post.epoch, "post-2");
    say(post.boot, post.epoch, BOARD, Buffer.alloc(32, 4));
    say(post.boot, post.epoch, BOARD, BOARD_KEY, 1);
    clock.advance(10 * MINUTE);
    assert.deepEqual(post.obeyed, []);
    say(post.boot, post.epoch);
    clock.advance(10 * MINUTE);
    post.stop();
    assert.deepEqual(post.obeyed, ["set,3,drySeconds=60"]);
    // And says what has become of it.
    assert.ok(hub.lines.filter((line) => typeOf(line) === "hello").length >= 2);
  });

  it("loses none of a thousand packs and doubles none, through every trouble of module, air and hub", function () {
    this.timeout(60_000);
    const { clock, random, hub, module, boot } = lay({ lostUp: 0.1, lostDown: 0.1 }, 2 * MINUTE, 60);
    const starts: LoraPost[] = [boot()];
    const troubles: (() => void)[] = [
      () => module.cutHalfAnswer(false),
      () => module.cutHalfAnswer(true),
      () => module.resetNow(),
      () => module.silent(30_000 + random() * 5 * MINUTE),
      () => module.duty(random() * 20 * MINUTE),
      () => {
        module.reach(false);
        clock.after(random() * 40 * MINUTE, () => module.reach(true));
      },
      () => {
        hub.running = false;
        clock.after(random() * 60 * MINUTE, () => (hub.running = true));
      },
      () => {
        starts.at(-1)?.stop();
        starts.push(boot());
      },
    ];
    const made = (): number => starts.reduce((sum, post) => sum + post.made(), 0);
    for (let round = 0; made() < 1000; round++) {
      clock.advance(10 * MINUTE + random() * 20 * MINUTE);
      troubles[round % troubles.length]();
    }
    module.reach(true);
    const last = starts.at(-1);
    assert.ok(last);
    for (let i = 0; i < 60 && last.outbox.waiting() > 6; i++) clock.advance(HOUR);
    last.stop();
    assert.ok(last.outbox.waiting() <= 6, `${last.outbox.waiting()} wait`);
    assert.deepEqual(hub.faults, []);
    const ids = hub.lines.filter((line) => typeOf(line) !== "hello").map(idOf);
    assert.equal(new Set(ids).size, ids.length);
    const arrived = new Set(ids);
    const lost = starts.flatMap((post) =>
      Array.from({ length: post.made() }, (_, i) => `${post.epoch}.${post.boot}.${i + 1}`).filter(
        (id) => !arrived.has(id),
      ),
    );
    assert.deepEqual(lost, []);
    const { resets, refused, joins } = module.counts();
    assert.ok(resets > 10 && joins > 10, `${resets} resets, ${joins} joins`);
    assert.ok(refused >= 0 && hub.again > 0, "nothing was ever sent twice: the troubles did not bite");
  });
});

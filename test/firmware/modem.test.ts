import assert from "node:assert/strict";
import { createAt, DONE, MORE, NOT_MINE } from "../../firmware/node/at.js";
import { joinUart } from "../../firmware/sensors/sim.js";
import { SteppedClock } from "../../hub/clock.js";
import { farHub, typeOf } from "../rig/far-hub.js";
import { createBg96Sim } from "../rig/modems/bg96.js";
import { APN, startModemPost } from "../rig/modems/modem-post.js";
import type { ModemPost } from "../rig/modems/modem-post.js";
import { smallBroker } from "../rig/modems/small-broker.js";
import { VmStorage } from "../rig/vm-storage.js";

const START = 1_790_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const KEY = Buffer.alloc(32, 5);

/** Numbers in [0, 1) that are the same in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function lay(periodMs = 10 * MINUTE, travelMs?: number) {
  const clock = new SteppedClock(START);
  const random = dice(3);
  const hub = farHub(KEY, "k1", () => Math.floor(clock.now()));
  let running = true;
  const modem = createBg96Sim({
    dial: smallBroker(hub, clock, () => running, travelMs),
    now: () => clock.now(),
    apn: APN,
    random,
  });
  const storage = new VmStorage(512 * 1024);
  const boot = (): ModemPost => startModemPost({ clock, storage, modem, key: KEY, periodMs, random });
  return { clock, random, hub, modem, boot, serve: (on: boolean) => (running = on) };
}

const packs = (lines: string[]): string[] => lines.filter((line) => typeOf(line) === "pack");

describe("questions to a module that answers in lines", () => {
  function ask(judge: (line: string) => number, said: string[]) {
    const clock = new SteppedClock(START);
    const news: string[] = [];
    const answers: (string | null)[] = [];
    let say: (bytes: string) => void = () => undefined;
    const { uart } = joinUart(
      (emit) => {
        say = emit;
        return { power: () => undefined, receive: () => undefined };
      },
      { after: (ms, fn) => clock.after(ms, fn) },
    );
    const at = createAt(
      uart,
      (ms, fn) => clock.after(ms, fn),
      "\r",
      (line) => news.push(line),
    );
    at.open(9600);
    at.ask("AT+X", 1000, judge, (line) => answers.push(line));
    for (const bytes of said) say(bytes);
    clock.advance(2000);
    return { news, answers };
  }

  it("take the answer and leave the news, however the bytes are cut, with the command's echo or without it", () => {
    const judge = (line: string): number => (line === "OK" ? DONE : line[0] === "+" ? MORE : NOT_MINE);
    const text = 'AT+X\r\r\n+X: 1\r\n\r\nAPP RDY\r\n\r\nOK\r\n\r\n+QIURC: "recv",0\r\n';
    for (let cut = 0; cut <= text.length; cut++) {
      const { news, answers } = ask(judge, [text.slice(0, cut), text.slice(cut)]);
      assert.deepEqual({ news, answers }, { news: ["APP RDY", '+QIURC: "recv",0'], answers: ["OK"] });
    }
  });

  it("end without an answer when time is up, and half an answer is none", () => {
    assert.deepEqual(ask(() => DONE, ["\r\nO"]).answers, [null]);
    assert.deepEqual(
      ask((line) => (line === "OK" ? DONE : NOT_MINE), ["\r\nO", "RDY\r\n"]),
      {
        news: ["ORDY"],
        answers: [null],
      },
    );
  });

  it("do not grow on endless noise", () => {
    const noise = Array.from({ length: 200 }, (_, i) => String.fromCharCode(128 + (i % 60)).repeat(50));
    assert.deepEqual(ask((line) => (line === "OK" ? DONE : MORE), [...noise, "\nOK\r\n"]).answers, ["OK"]);
  });
});

describe("a post behind an LTE-M modem", () => {
  it("works in sessions: hello, what waits, and sleep until the next pack", () => {
    const { clock, hub, modem, boot } = lay();
    const post = boot();
    clock.advance(HOUR);
    post.stop();
    assert.equal(typeOf(hub.lines[0]), "hello");
    assert.equal(packs(hub.lines).length, post.made());
    assert.equal(post.outbox.waiting(), 0);
    const { connections, awakeMs, asleep } = modem.counts();
    assert.equal(connections, post.made());
    assert.ok(asleep);
    assert.ok(awakeMs / connections < 40_000, `awake for ${awakeMs / connections} ms a session`);
    assert.deepEqual(post.printed, []);
  });

  it("waits for its answers where each way takes seconds", () => {
    for (const travelMs of [3000, 9000]) {
      const { clock, hub, modem, boot } = lay(10 * MINUTE, travelMs);
      const post = boot();
      clock.advance(2 * HOUR);
      post.stop();
      assert.ok(post.made() >= 11);
      assert.ok(packs(hub.lines).length >= post.made() - 1, `${packs(hub.lines).length} of ${post.made()}`);
      assert.ok(post.outbox.waiting() <= 1, `${post.outbox.waiting()} wait`);
      assert.ok(modem.counts().asleep);
    }
  });

  it("lends its port: no session is open while a round is under way, and rounds that follow each other starve none", () => {
    const { clock, hub, boot } = lay(8_000);
    const post = boot();
    let rounds = 0;
    let inUse = 0;
    for (let i = 0; i < 3000; i++) {
      clock.advance(100);
      if (post.portOpen()) inUse++;
      if (!post.measuring()) continue;
      rounds++;
      assert.ok(!post.portOpen());
    }
    post.stop();
    assert.ok(rounds > 30 && inUse > 100, `${rounds} looks at a round, ${inUse} at a session`);
    assert.ok(post.made() >= 10 && packs(hub.lines).length >= post.made() - 2, `${post.made()} made`);
  });

  it("says at the console why a session came to nothing, and tries less and less often", () => {
    const { clock, modem, boot } = lay();
    modem.network("none");
    const post = boot();
    clock.advance(2 * HOUR);
    assert.ok(post.printed.length >= 2 && post.printed.length < 20, `${post.printed.length} times`);
    assert.equal(post.printed[0], "modem: no network");
    modem.network("roaming");
    clock.advance(2 * HOUR);
    post.stop();
    assert.equal(post.outbox.waiting(), 0);
  });

  it("loses none of a thousand packs and doubles none, through every trouble of modem, network and hub", function () {
    this.timeout(60_000);
    const { clock, random, hub, modem, boot, serve } = lay(5 * MINUTE);
    const starts: ModemPost[] = [boot()];
    const troubles: (() => void)[] = [
      () => modem.cutHalfAnswer(false),
      () => modem.cutHalfAnswer(true),
      () => modem.resetNow(),
      () => modem.silent(10_000 + random() * 3 * MINUTE),
      () => modem.deactivate(),
      () => {
        modem.network("none");
        clock.after(random() * 40 * MINUTE, () => modem.network(random() < 0.5 ? "home" : "roaming"));
      },
      () => {
        serve(false);
        clock.after(random() * 60 * MINUTE, () => serve(true));
      },
      () => {
        hub.listening = false;
        clock.after(random() * 20 * MINUTE, () => (hub.listening = true));
      },
      () => {
        starts.at(-1)?.stop();
        starts.push(boot());
      },
    ];
    const made = (): number => starts.reduce((sum, post) => sum + post.made(), 0);
    for (let round = 0; made() < 1000; round++) {
      // At any moment of a session, not only between two.
      clock.advance(5 * MINUTE + random() * 20 * MINUTE);
      troubles[round % troubles.length]();
    }
    const last = starts.at(-1);
    assert.ok(last);
    for (let i = 0; i < 24 && last.outbox.waiting() > 0; i++) clock.advance(HOUR);
    last.stop();
    assert.equal(last.outbox.waiting(), 0);
    const byId = new Map<string, Set<string>>();
    for (const line of hub.lines.filter((one) => typeOf(one) !== "hello")) {
      const id = line.split(" ")[3];
      byId.set(id, (byId.get(id) ?? new Set()).add(line));
    }
    const doubled = [...byId].filter(([, lines]) => lines.size > 1).map(([id]) => id);
    assert.deepEqual(doubled, []);
    const lost = starts.flatMap((post) =>
      Array.from({ length: post.made() }, (_, i) => `${post.epoch}.${post.boot}.${i + 1}`).filter(
        (id) => !byId.has(id),
      ),
    );
    assert.deepEqual(lost, []);
    assert.ok(modem.counts().starts > 10, `${modem.counts().starts} starts of the modem`);
  });
});

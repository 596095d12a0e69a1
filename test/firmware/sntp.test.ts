import assert from "node:assert/strict";
import { askServer, sntpAnswer, sntpQuestion } from "../../firmware/node/sntp.js";
import type { Datagram } from "../../firmware/node/sntp.js";
import { createHubTime } from "../../firmware/node/time.js";
import type { Line } from "../../firmware/wire/line.js";

const COOKIE = "\x01\x80\xffabcd\0";
const FROM_1900_S = 2_208_988_800;

function stamp(unixMs: number): Buffer {
  const seconds = Math.floor(unixMs / 1000);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE((seconds + FROM_1900_S) % 2 ** 32, 0);
  bytes.writeUInt32BE(Math.round(((unixMs - seconds * 1000) / 1000) * 2 ** 32) % 2 ** 32, 4);
  return bytes;
}

/** What a server answers that got the question at `receivedMs` and answered at `sentMs`. */
function answer(receivedMs: number, sentMs: number, over: { cookie?: string; first?: number; stratum?: number } = {}) {
  const bytes = Buffer.alloc(48);
  bytes[0] = over.first ?? 0x24;
  bytes[1] = over.stratum ?? 2;
  bytes.write(over.cookie ?? COOKIE, 24, "latin1");
  stamp(receivedMs).copy(bytes, 32);
  stamp(sentMs).copy(bytes, 40);
  return bytes.toString("latin1");
}

const NOON = Date.UTC(2026, 11, 1, 12);

describe("a time server's word", () => {
  it("is asked for with the 48 bytes of a client, version 4, and a number that only its answer can bear", () => {
    const question = Buffer.from(sntpQuestion(COOKIE), "latin1");
    assert.equal(question.length, 48);
    assert.equal(question[0], 0b00_100_011);
    assert.equal(question.toString("latin1", 40), COOKIE);
    assert.ok(question.subarray(1, 40).every((byte) => byte === 0));
  });

  it("counts half of the way there and back, without the time that the server held it", () => {
    assert.equal(Math.round(sntpAnswer(answer(NOON + 40, NOON + 90), COOKIE, 150)!), NOON + 90 + 50);
    assert.equal(Math.round(sntpAnswer(answer(NOON, NOON), COOKIE, 0)!), NOON);
  });

  it("goes on when the 32 bits of NTP's seconds begin anew in 2036", () => {
    const later = Date.UTC(2041, 5, 1);
    assert.equal(Math.round(sntpAnswer(answer(later, later), COOKIE, 20)!), later + 10);
  });

  for (const [name, text] of [
    ["a stranger's", answer(NOON, NOON, { cookie: "12345678" })],
    ["half of one", answer(NOON, NOON).slice(0, 47)],
    ["a client's question", answer(NOON, NOON, { first: 0x23 })],
    ["that of a server whose clock is not set", answer(NOON, NOON, { first: 0xe4 })],
    ["a refusal (kiss-o'-death)", answer(NOON, NOON, { stratum: 0 })],
    ["that of a server that nobody has told the time", answer(NOON, NOON, { stratum: 16 })],
    ["one that was held longer than it was away", answer(NOON, NOON + 500)],
    ["one that was sent before it was received", answer(NOON + 5, NOON)],
  ] as const)
    it(`is not taken from ${name}`, () => assert.equal(sntpAnswer(text, COOKIE, 100), null));

  function asked() {
    const timers: { at: number; fn: () => void }[] = [];
    let now = 1000;
    let closed = 0;
    let question = "";
    let hear: (bytes: string) => void = () => undefined;
    const taken: [number, number][] = [];
    const send: Datagram = (host, port, bytes, fn) => {
      assert.deepEqual([host, port], ["10.0.0.1", 123]);
      question = bytes;
      hear = fn;
      return () => closed++;
    };
    const hal = {
      uptimeMs: () => now,
      random: Math.random,
      after: (ms: number, fn: () => void) => {
        const timer = { at: now + ms, fn };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    };
    askServer(hal, send, "10.0.0.1", (...one) => taken.push(one));
    const run = (ms: number): void => {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.fn();
      }
    };
    const reply = (): string => answer(NOON, NOON, { cookie: question.slice(40) });
    return { taken, run, closed: () => closed, hear: (bytes: string) => hear(bytes), reply };
  }

  it("is taken once, and the socket closed", () => {
    const a = asked();
    a.run(80);
    a.hear("noise");
    a.hear(a.reply());
    a.hear(a.reply());
    a.run(10_000);
    assert.deepEqual(a.taken, [[NOON + 40, 1080]]);
    assert.equal(a.closed(), 1);
  });

  it("is not waited for for ever", () => {
    const a = asked();
    a.run(5000);
    a.run(1);
    a.hear(a.reply());
    assert.deepEqual([a.taken, a.closed()], [[], 1]);
  });
});

describe("the time of a post", () => {
  const ack = (unixMs: number) => ({ time: `${unixMs}/h0` }) as Line;

  it("is the hub's until a time server says it, which the hub's does not replace for a day", () => {
    const time = createHubTime();
    assert.equal(time.field(0), "-");
    time.learn(ack(NOON), 900, 1100);
    assert.equal(time.field(5000), `${NOON + 4000}/h3`);
    time.take(NOON + 60_000, 5000);
    assert.equal(time.field(6000), `${NOON + 61_000}/s1`);
    time.learn(ack(NOON), 7000, 7000);
    assert.equal(time.field(8000), `${NOON + 63_000}/s3`);
    const later = 5000 + 86_400_000;
    time.learn(ack(NOON), later, later);
    assert.equal(time.field(later), `${NOON}/h0`);
  });

  it("is asked of a server at once, then ever less often up to once an hour, and six hours after its word", () => {
    const time = createHubTime();
    const asked: number[] = [];
    const look = (fromMs: number, toMs: number): void => {
      for (let ms = fromMs; ms < toMs; ms += 20_000) if (time.asksServer(ms)) asked.push(ms / 60_000);
    };
    look(0, 5 * 3_600_000);
    assert.deepEqual(asked.splice(0), [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    const told = 5 * 3_600_000;
    time.take(NOON, told);
    time.learn(ack(NOON), told + 1000, told + 1000);
    look(told, told + 7 * 3_600_000);
    assert.deepEqual(
      asked.map((minute) => minute - told / 60_000),
      [360, 361, 363, 367, 375, 391],
    );
  });
});

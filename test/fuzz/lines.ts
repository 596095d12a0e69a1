/** Lines: spoilt ones, and authentic seals over bodies that no board of ours would send. */
import { parseLine, DOWNLINK_MAX, LINE_TYPES, toSerial, UPLINK_MAX } from "../../firmware/wire/line.js";
import { FAULTS } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import type { DeadReason } from "../../hub/pipeline/decode.js";
import { LineSplitter } from "../../hub/inputs/transport/line-splitter.js";
import type { RefusedFault } from "../../hub/pipeline.js";
import { sealedBoard } from "../rig/sealed-board.js";
import { openCore, type Core } from "./core.js";
import { hostileBody } from "./bodies.js";
import { mutated } from "./mutate.js";
import type { Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

// The compiler holds these lists against the hub's own names.
const DEAD: Record<DeadReason, true> = {
  "bad-json": true,
  "bad-senml": true,
  "bad-value": true,
  "unknown-property": true,
  "hub-property": true,
  "wrong-unit": true,
  "too-many-records": true,
  "bad-hello": true,
  "bad-gap": true,
  "bad-number": true,
  "bad-reply": true,
  collision: true,
};
const REFUSED: Record<RefusedFault, true> = {
  "too-long": true,
  "not-ascii": true,
  "not-a-line": true,
  "bad-crc": true,
  "bad-fields": true,
  "unknown-type": true,
  "bad-board": true,
  "bad-number": true,
  "bad-time": true,
  "bad-seal": true,
  "wrong-topic": true,
  "wrong-direction": true,
  "unknown-board": true,
  "unknown-key": true,
  "wrong-tag": true,
};

const LINES_A_STEP = 64;
const STEP_MS = 60_000;
const EPOCHS = ["0a0b0c0d", "00000000", "ffffffff"];

interface Handed {
  text: string;
  withCrc: boolean;
  board?: string;
}

/** What a board of ours would send: one reading of each of some properties. */
export function goodPack(random: Random, core: Core, name: string, seq: number, nowMs: number): string {
  const board = sealedBoard(name, "k1", core.keyOf(name), "0a0b0c0d", 1);
  const readings = PROPERTIES.filter((p) => p.from === "node" && random.chance(0.25)).map((property) =>
    random.chance(0.1)
      ? { property, ok: false as const, fault: random.pick(FAULTS) }
      : { property, ok: true as const, value: random.below(5000) },
  );
  if (readings.length === 0) readings.push({ property: PROPERTIES[0]!, ok: true, value: 1000 });
  const time = random.chance(0.2) ? "-" : `${nowMs - random.below(STEP_MS)}/s${random.below(100)}`;
  const body = `[${readings.map((r) => JSON.stringify(record(r))).join(",")}]`;
  return board.line("pack", seq, nowMs % 1e9, time, body);
}

function record(
  r: { property: (typeof PROPERTIES)[number] } & ({ ok: true; value: number } | { ok: false; fault: string }),
) {
  return r.ok ? { n: r.property.name, u: r.property.unit, v: r.value } : { n: r.property.name, vs: `!${r.fault}` };
}

/** A seal that is right over anything at all. */
function hostile(random: Random, core: Core): string {
  const name = random.pick(core.boards);
  const epoch = random.chance(0.9) ? random.pick(EPOCHS) : random.bytes(4).toString("hex");
  const boot = random.chance(0.9) ? random.below(3) : random.word();
  const board = sealedBoard(name, random.chance(0.97) ? "k1" : "k2", core.keyOf(name), epoch, boot);
  const type = random.pick(random.chance(0.7) ? (["pack", "pack", "hello", "gap"] as const) : LINE_TYPES);
  let seq = random.chance(0.95) ? random.below(1e6) : random.pick([0, 1, 4294967295, 4294967296]);
  if (type === "hello" && random.chance(0.9)) seq = 0;
  const uptime = random.chance(0.9) ? random.below(1e9) : random.pick([0, 999999999999999, 1e15]);
  const now = core.clock.now();
  const times = [
    "-",
    `${now}/s0`,
    `${now + 1e9}/g1`,
    "0/h0",
    "999999999999999/s999999999999999",
    "1/x1",
    "/s",
    `${now}/s`,
  ];
  return board.line(
    type,
    seq,
    uptime,
    random.pick(random.chance(0.8) ? times.slice(0, 2) : times),
    hostileBody(random, type),
  );
}

function handed(random: Random, core: Core, seq: number, recent: string[]): Handed {
  const good = goodPack(random, core, random.pick(core.boards), seq, core.clock.now());
  recent.push(good);
  if (recent.length > 32) recent.shift();
  const dice = random.below(100);
  let line: string;
  if (dice < 10) line = good;
  else if (dice < 45) line = mutated(random, good, recent);
  else if (dice < 92) line = hostile(random, core);
  else if (dice < 95) line = random.pick(recent);
  else if (dice < 97) line = good.repeat(2000).slice(0, random.below(1 << 20));
  else if (dice < 98) line = mutated(random, good, recent) + random.pick(["🌊", "Ж", "\u2028", "\ud800"]);
  else line = random.bytes(random.size(3000)).toString("latin1");
  if (random.chance(0.7))
    return random.chance(0.9)
      ? { text: line, withCrc: false }
      : { text: line, withCrc: false, board: random.pick(core.boards) };
  const serial = toSerial(line).trimEnd();
  return { text: random.chance(0.8) ? serial : mutated(random, serial, recent), withCrc: true };
}

async function give(report: Report, core: Core, { text, withCrc, board }: Handed): Promise<void> {
  report.feed(text);
  const accepted = await core.accept(text, { source: "fuzz", withCrc, ...(board === undefined ? {} : { board }) });
  if (accepted.outcome === "refused") {
    if (Object.hasOwn(REFUSED, accepted.fault)) report.fault(`refused-${accepted.fault}`);
    else report.unnamed(`refused as ${accepted.fault}`, text);
    return;
  }
  if (accepted.ack === null || !parseLine(accepted.ack, false, DOWNLINK_MAX).ok)
    report.broken(`the answer is no line: ${accepted.ack}`, text);
  if (accepted.outcome !== "dead") return report.fine();
  if (Object.hasOwn(DEAD, accepted.reason)) report.fault(`dead-${accepted.reason}`);
  else report.unnamed(`dead of ${accepted.reason}`, text);
}

/** What comes over a serial line has no borders of its own: it is cut as the serial input cuts it. */
function throughSplitter(random: Random, lines: Handed[], report: Report): Handed[] {
  const out: Handed[] = [];
  let overflows = 0;
  const splitter = new LineSplitter(
    2 * UPLINK_MAX,
    (text) => out.push({ text, withCrc: true }),
    () => overflows++,
  );
  const stream = Buffer.from(
    lines.map((line) => line.text + random.pick(["\n", "\n", "\r\n", "", "\0"])).join(""),
    "latin1",
  );
  for (let at = 0; at < stream.length;) {
    const end = at + 1 + random.below(4096);
    splitter.push(stream.subarray(at, end));
    at = end;
  }
  const long = out.find((line) => line.text.length > 2 * UPLINK_MAX);
  if (long !== undefined) report.broken(`the splitter let ${long.text.length} bytes through, ${overflows} overflows`);
  return out;
}

export const lines: Target = {
  name: "lines",
  share: 3,
  async start(report, dir): Promise<Running> {
    const core = openCore(dir);
    const recent: string[] = [];
    let seq = 0;
    return {
      async step(random) {
        const batch = Array.from({ length: LINES_A_STEP }, () => handed(random, core, 2_000_000 + ++seq, recent));
        const serial = batch.filter((line) => line.withCrc);
        const direct = batch.filter((line) => !line.withCrc);
        await Promise.all(
          [...direct, ...throughSplitter(random, serial, report)].map((line) => give(report, core, line)),
        );
        core.clock.advance(STEP_MS);
        core.judge();
      },
      check: () => core.check(),
      stop: () => core.stop(),
    };
  },
};

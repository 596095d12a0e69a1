/**
 * Doors through which others speak first: an external broker whose packets are spoilt, and a recording that is. The real
 * inputs, over a real socket and a real file.
 */
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import mqtt from "mqtt-packet";
import pino from "pino";
import { SteppedClock } from "../../hub/clock.js";
import { startMqtt } from "../../hub/inputs/mqtt.js";
import { startReplay } from "../../hub/inputs/replay.js";
import { formatRow } from "../../hub/inputs/transport/recording.js";
import { memoryDoor, packLine } from "../rig/sealed.js";
import { NOW } from "./core.js";
import { mutatedBytes } from "./mutate.js";
import { until, type Report, type Running, type Target } from "./target.js";

const CONNECTIONS_A_STEP = 6;
const FILES_A_STEP = 6;
const board = "post-1";

/** What a broker may say, packet by packet; packet ids of SUBSCRIBE are not known here, so the first few are tried. */
function packets(seq: number): Buffer[] {
  const publish = {
    cmd: "publish",
    topic: `aryk/${board}/up`,
    payload: packLine(board, seq),
    dup: false,
    retain: false,
  } as const;
  return [
    mqtt.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }),
    mqtt.generate({ cmd: "suback", messageId: 1, granted: [1] }),
    mqtt.generate({ ...publish, qos: 1, messageId: 7 }),
    mqtt.generate({ ...publish, qos: 0 }),
    mqtt.generate({ cmd: "pingresp" }),
    mqtt.generate({ cmd: "puback", messageId: 2 }),
  ];
}

const differences = (before: Record<string, number>, after: Record<string, number>): string[] =>
  Object.keys(after).filter((name) => after[name] !== before[name]);

async function broker(report: Report): Promise<{ say(bytes: Buffer): Promise<void>; stop(): Promise<void> }> {
  let next: Buffer | null = null;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    // Whoever connects between two inputs is sent away.
    if (next === null) return void socket.destroy();
    const bytes = next;
    next = null;
    socket.once("data", () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { url, clientId: "hub", backoffBaseMs: 1, backoffCapMs: 2, connectTimeoutMs: 2000 };
  const input = startMqtt(options, memoryDoor().accept, pino({ level: "silent" }));
  const faults = (): Record<string, number> => ({ ...input.stats().faults });
  return {
    async say(bytes) {
      report.feed(bytes);
      const before = faults();
      const { connects } = input.stats();
      next = bytes;
      await until("the link has ended", () => next === null && input.stats().connects > connects + 1);
      const named = differences(before, faults()).filter((name) => name !== "link:closed");
      if (named.length > 0) report.fault(named[0]!);
      else report.fault("link:closed");
    },
    async stop() {
      await input.stop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const doors: Target = {
  name: "doors",
  share: 1,
  async start(report, dir): Promise<Running> {
    const link = await broker(report);
    const clock = new SteppedClock(NOW);
    let files = 0;
    let seq = 0;

    async function replay(bytes: Buffer): Promise<void> {
      report.feed(bytes);
      const file = join(dir, `recording-${files++ % 4}.txt`);
      writeFileSync(file, bytes);
      const input = await startReplay({ file, pace: "fast", clock }, memoryDoor().accept, pino({ level: "silent" }));
      await input.done;
      const { faults } = input.stats();
      await input.stop();
      const [fault] = Object.keys(faults);
      if (fault === undefined) report.fine();
      else report.fault(fault);
    }

    return {
      async step(random) {
        for (let i = 0; i < CONNECTIONS_A_STEP; i++) {
          const good = packets(++seq);
          const sent = random.chance(0.7)
            ? [good[0]!, good[1]!, mutatedBytes(random, random.pick(good), good)]
            : [mutatedBytes(random, Buffer.concat(good), good)];
          await link.say(Buffer.concat(sent));
        }
        for (let i = 0; i < FILES_A_STEP; i++) {
          const rows = Array.from({ length: 1 + random.size(40) }, () => formatRow(NOW + ++seq, packLine(board, seq)));
          const bytes = Buffer.from(rows.join("\n") + "\n", "latin1");
          await replay(random.chance(0.1) ? bytes : mutatedBytes(random, bytes, [bytes]));
        }
      },
      async check() {},
      async stop() {
        await link.stop();
      },
    };
  },
};

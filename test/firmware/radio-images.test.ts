/**
 * Images with a radio, on the virtual board: everything between sensor and hub, the module's bytes included. The board has
 * one UART, which sensor and radio use by turns.
 */
import assert from "node:assert/strict";
import { buildImage } from "../../hardware/image.js";
import type { Build } from "../../hardware/sites.js";
import { siteType } from "../../hardware/sites.js";
import type { UartPart, UartPartMaker } from "../../firmware/sensors/sim.js";
import { SteppedClock } from "../../hub/clock.js";
import { farHub, typeOf } from "../rig/far-hub.js";
import { createBg96Sim } from "../rig/modems/bg96.js";
import { APP_KEY, JOIN_EUI } from "../rig/modems/lora-post.js";
import { radioHub } from "../rig/modems/radio-network.js";
import { createRn2483Sim } from "../rig/modems/rn2483.js";
import { smallBroker } from "../rig/modems/small-broker.js";
import { partsOf } from "../rig/parts.js";
import { startBoard } from "../rig/vm-board.js";
import type { Board } from "../rig/vm-board.js";

const START = 1_790_000_000_000;
const MINUTE = 60_000;
const KEY = Buffer.alloc(32, 5);
const APN = "iot.example.kz";

/** What the packs say, by property, of each. */
function values(lines: string[]): Map<string, number | string>[] {
  return lines
    .filter((line) => typeOf(line) === "pack")
    .map((line) => {
      const records = JSON.parse(line.split(" ")[6]) as { n: string; v?: number; vs?: string }[];
      return new Map(records.map(({ n, v, vs }) => [n, v ?? vs ?? "nothing"]));
    });
}

function check(lines: string[], expect: Record<string, number>): void {
  for (const pack of values(lines))
    for (const [name, value] of pack)
      assert.ok(Math.abs(Number(value) - expect[name]) < 0.1, `${name}: ${value}, not ${expect[name]}`);
}

describe("an image with a radio", () => {
  const type = siteType("mesh-container");
  assert.ok(type);

  /** A part whose supply the board switches. */
  function switched(make: UartPartMaker, parts: UartPart[]): UartPartMaker {
    return (emit, time) => {
      const part = make(emit, time);
      parts.push(part);
      return part;
    };
  }

  async function lay(uplink: Build["uplink"], radio: Record<string, string>, key: (pulled: boolean) => void) {
    const clock = new SteppedClock(START);
    const build = type!.builds.find((one) => one.uplink === uplink);
    assert.ok(build);
    // Not shortened, which takes seconds: that is for the real interpreter (test/espruino/radio.spec.ts).
    const image = await buildImage(type!.name, { build, minify: false });
    const parts = await partsOf(type!, clock, build);
    const gated: UartPart[] = [];
    const uarts = Object.fromEntries(Object.entries(parts.uarts).map(([port, make]) => [port, switched(make, gated)]));
    const printed: string[] = [];
    const config = { board: "post-1", keyId: "k1", key: KEY.toString("hex"), uplink: radio, periodS: 60 };
    const boot = (part: UartPartMaker, storage?: Board["storage"]): Board =>
      startBoard({
        ...{ image, clock, config, i2cs: parts.i2cs, pins: parts.pins },
        ...(storage && { storage }),
        uarts: { ...uarts, [image.board.radio]: part },
        onSwitch: (name, on) => (name === "parts" ? gated.at(-1)?.power(on) : key(on)),
        print: (text) => printed.push(text),
      });
    return { clock, parts, printed, boot };
  }

  it("of a LoRaWAN module sends what its sensors say, and keeps what waits through a power cut", async () => {
    const { clock, parts, printed, boot } = await lay("lora", { joinEui: JOIN_EUI, appKey: APP_KEY }, () => undefined);
    const hub = radioHub("post-1", APP_KEY);
    const module = createRn2483Sim({ network: hub.network });
    const first = boot(module.make);
    clock.advance(10 * MINUTE);
    assert.equal(typeOf(hub.lines[0]), "hello");
    const before = values(hub.lines).length;
    assert.ok(before >= 9, `${before} packs in ten minutes`);
    check(hub.lines, parts.expect);
    assert.ok(
      printed.some((text) => text === "aryk lora 0004A30B001A2B3C"),
      printed.join("\n"),
    );
    hub.running = false;
    clock.advance(8 * MINUTE);
    const waiting = first.waiting();
    assert.ok(waiting >= 8, `${waiting} wait`);
    first.stop();
    hub.running = true;
    const second = boot(module.make, first.storage);
    clock.advance(25 * MINUTE);
    assert.ok(second.waiting() <= 8, `${second.waiting()} wait`);
    assert.ok(values(hub.lines).length >= before + 8 + 9);
    assert.deepEqual(hub.faults, []);
    assert.equal(first.starts() + second.starts(), 2);
    second.stop();
  });

  it("of an LTE-M modem does so, too", async () => {
    let pull: (pulled: boolean) => void = () => undefined;
    const radio = { host: "hub.example.kz", apn: APN };
    const { clock, parts, printed, boot } = await lay("modem", radio, (pulled) => pull(pulled));
    const hub = farHub(KEY, "k1", () => clock.now());
    const modem = createBg96Sim({ dial: smallBroker(hub, clock, () => true), now: () => clock.now(), apn: APN });
    pull = modem.key;
    const board = boot(modem.make);
    clock.advance(10 * MINUTE);
    assert.equal(typeOf(hub.lines[0]), "hello");
    assert.ok(values(hub.lines).length >= 9);
    check(hub.lines, parts.expect);
    assert.equal(board.waiting(), 0);
    assert.equal(board.starts(), 1);
    assert.equal(printed.filter((text) => text.includes("modem:")).length, 0, printed.join("\n"));
    assert.ok(modem.counts().asleep);
    board.stop();
  });
});

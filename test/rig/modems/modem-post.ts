/**
 * A post's way to the hub through a simulated LTE-M modem, without its sensors: outbox in flash, sender, MQTT client and
 * modem driver as in an image, a pack each period, and the hub's small broker behind the modem's sockets.
 */
import { createSender } from "../../../firmware/node/sender.js";
import { lineForm } from "../../../firmware/node/form.js";
import type { Hal } from "../../../firmware/node/hal.js";
import { nextIdentity } from "../../../firmware/node/identity.js";
import { createBg96 } from "../../../firmware/node/modem.js";
import { openOutbox } from "../../../firmware/node/outbox.js";
import type { Outbox } from "../../../firmware/node/outbox.js";
import { createHubTime } from "../../../firmware/node/time.js";
import { createMqtt } from "../../../firmware/node/uplink-mqtt.js";
import type { Uart } from "../../../firmware/sensors/sensor.js";
import { joinUart } from "../../../firmware/sensors/sim.js";
import { seal, unsealed } from "../../../firmware/wire/line.js";
import { DISTANCE } from "../../../firmware/wire/properties.js";
import { sameTag } from "../../../firmware/wire/seal.js";
import type { SteppedClock } from "../../../hub/clock.js";
import { macWith } from "../sealed-board.js";
import { flashHal } from "../vm-hal.js";
import type { VmStorage } from "../vm-storage.js";
import type { Bg96 } from "./bg96.js";

export const APN = "iot.example.kz";
const BOARD = "post-1";

export interface ModemPost {
  outbox: Outbox;
  epoch: string;
  boot: number;
  /** Numbers that this start has given. */
  made(): number;
  printed: string[];
  measuring(): boolean;
  /** The modem's port is in use. */
  portOpen(): boolean;
  stop(): void;
}

export interface ModemPostOptions {
  clock: SteppedClock;
  storage: VmStorage;
  modem: Bg96;
  key: Uint8Array;
  periodMs: number;
  random: () => number;
}

/** Switches the post on. */
export function startModemPost({ clock, storage, modem, key, periodMs, random }: ModemPostOptions): ModemPost {
  const startedMs = clock.now();
  const mac = macWith(key);
  let alive = true;
  let measuring = false;
  let sampling = false;
  let seq = 0;
  const printed: string[] = [];
  const after: Hal["after"] = (ms, fn) => clock.after(ms, () => alive && fn());
  const uptimeMs = (): number => Math.round(clock.now() - startedMs);
  const flash = flashHal(storage);
  const identity = nextIdentity(flash);
  const hubTime = createHubTime();
  const form = lineForm((type, number, ms, body) => {
    const id = `${identity.epoch}.${identity.boot}.${number}`;
    return seal(unsealed(type, BOARD, id, ms, hubTime.field(ms), body), "k1", mac);
  });
  const outbox = openOutbox(flash, 60, (gap) => form.gap(++seq, uptimeMs(), gap), form);
  const { uart: wire, part } = joinUart(modem.make, { after: (ms, fn) => clock.after(ms, fn) });
  let portOpen = false;
  const uart: Uart = {
    write: (bytes) => wire.write(bytes),
    open(baud, onBytes) {
      portOpen = true;
      wire.open(baud, onBytes);
    },
    close() {
      portOpen = false;
      wire.close();
    },
  };
  part.power(true);
  const pins = { power: (_name: string, on: boolean) => modem.key(on), pin: () => null, onEdge: () => undefined };
  const hal = { after, uptimeMs, random, print: (text: string) => printed.push(text), pins } as unknown as Hal;
  const driver = createBg96(hal, uart, APN, "modem");
  const config = { board: BOARD, keyId: "k1", key: "", uplink: { host: "hub.example.kz", apn: APN } };
  const uplink = {
    ...createMqtt({ ...hal, connect: driver.connect }, config, 0),
    ...{ wanted: driver.wanted, hold: driver.hold, rejoin: driver.rejoin },
  };
  const sender = createSender({
    ...{ hal, outbox, uplink, hubTime, board: BOARD },
    hello: () =>
      form.hello(uptimeMs(), { image: "underpass", version: "1", reset: "power", waiting: outbox.waiting() }),
    word: (body) => form.reply(0, uptimeMs(), body),
    measuring: () => measuring,
    heeds: (line) => line.keyId === "k1" && sameTag(line.tag, mac(line.sealed)),
    heard: () => undefined,
  });
  const round = (): void => {
    after(periodMs, round);
    if (measuring) return;
    measuring = true;
    sender.hold(() => {
      sampling = true;
      after(500, () => {
        sampling = false;
        measuring = false;
        seq += 1;
        const parts = form.parts([{ property: DISTANCE, ok: true, value: 1000 + seq }]);
        outbox.add(form.pack(seq, uptimeMs(), parts));
        after(0, sender.wake);
      });
    });
  };
  after(0, sender.start);
  after(5000, round);
  return {
    ...{ outbox, epoch: identity.epoch, boot: identity.boot, printed },
    made: () => seq,
    measuring: () => sampling,
    portOpen: () => portOpen,
    stop() {
      alive = false;
      part.power(false);
    },
  };
}

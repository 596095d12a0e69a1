/**
 * A LoRaWAN module of the RN2483 class, byte by byte, as Microchip's DS40001784G describes its commands, with the faults
 * that modules and networks have. It keeps its network while the board restarts, as a module with a supply of its own.
 */
import { airtimeMs, FRAME_BYTES, JOIN_BYTES } from "../../../firmware/node/airtime.js";
import { inChunks } from "../../../firmware/sensors/sim.js";
import type { SimTime, UartPartMaker } from "../../../firmware/sensors/sim.js";

/** A message of a device, as it came out of the air. */
export interface RadioMessage {
  devEui: string;
  port: number;
  data: Buffer;
  dataRate: number;
}

/** The network at the other end of the air. */
export interface RadioNetwork {
  joins(devEui: string, joinEui: string, appKey: string): boolean;
  hears(message: RadioMessage): void;
  /** What goes down in the window that opens now. */
  answer(devEui: string): { port: number; data: Buffer } | undefined;
}

export interface Rn2483Options {
  network: RadioNetwork;
  random?: () => number;
  /** Time on the air and of the windows, in percent of the real one; 100 when it is not given. */
  pacePercent?: number;
  /** Parts of the messages that are lost on their way. */
  lostUp?: number;
  lostDown?: number;
  /** False: it leaves the duty cycle to the board. */
  keepsDuty?: boolean;
}

export interface Rn2483 {
  make: UartPartMaker;
  /** Whether a gateway is in reach. */
  reach(near: boolean): void;
  /** Of the next answer only the first half comes; with `reset` the module then starts anew. */
  cutHalfAnswer(reset: boolean): void;
  /** It starts anew, now: its network is forgotten, and what it was about to say. */
  resetNow(): void;
  /** It answers nothing for so long. */
  silent(ms: number): void;
  /** No channel is free for so long, whatever it has sent. */
  duty(ms: number): void;
  /** Slowest data rate that reaches the gateway's ear: 5 is SF7. */
  hardOfHearing(dataRate: number): void;
  /** How far what comes down from now on stands above the noise, in dB. */
  snr(dB: number): void;
  /** What it has done: messages that went on the air, requests to join, and the air time of all. */
  counts(): { sent: number; joins: number; onAirMs: number; refused: number; resets: number; asleep: boolean };
}

const GREETING = "RN2483 1.0.5 Oct 31 2018 15:06:52";
const HARDWARE_EUI = "0004A30B001A2B3C";
/** The three channels that every device of the EU863-870 plan has; each gets a third of the 1 %. */
const CHANNELS = 3;
const REST_OF_CHANNEL = 302;
const LONG_SLEEP_MS = 86_400_000;
const RX1_MS = 1000;
const RX2_MS = 2000;
const JOIN_RX_MS = 5000;
const MOST_BYTES = [51, 51, 51, 115, 222, 222, 222];

export function createRn2483Sim(options: Rn2483Options): Rn2483 {
  const { network, random = Math.random, pacePercent = 100, lostUp = 0, lostDown = 0, keepsDuty = true } = options;
  let say: (bytes: string) => void = () => undefined;
  let time: SimTime | null = null;
  let asleep = false;
  let breakSeen = false;
  let typed = "";
  let near = true;
  let mute = false;
  let ear = 5;
  let snrHere = 7;
  /** Of the last message that came down; this before any did. */
  let lastSnr = -128;
  let half: "no" | "cut" | "reset" = "no";
  let allBusy = false;
  /** Grows with each start: what an earlier one had under way is void. */
  let life = 0;
  let joined = false;
  let busy = false;
  let set: Record<string, string> = {};
  const free: boolean[] = Array.from({ length: CHANNELS }, () => true);
  const count = { sent: 0, joins: 0, onAirMs: 0, refused: 0, resets: 0 };

  function later(ms: number, fn: () => void): void {
    const mine = life;
    time?.after(ms, () => mine === life && fn());
  }

  function answer(text: string): void {
    if (mute || asleep) return;
    const bytes = text + "\r\n";
    if (half === "no") return say(bytes);
    const reset = half === "reset";
    half = "no";
    say(bytes.slice(0, Math.ceil(bytes.length / 2)));
    if (reset) resetNow();
  }

  function start(): void {
    life++;
    asleep = false;
    joined = false;
    busy = false;
    typed = "";
    lastSnr = -128;
    set = { dr: "5", adr: "off" };
    free.fill(true);
    answer(GREETING);
  }

  function resetNow(): void {
    count.resets++;
    start();
  }

  const rate = (): number => Number(set.dr);
  const paced = (ms: number): number => (ms * pacePercent) / 100;

  /** Takes a channel for so much air time; false if none is free. */
  function takeChannel(onAirMs: number): boolean {
    const channel = allBusy ? -1 : free.indexOf(true);
    if (channel < 0) {
      count.refused++;
      answer("no_free_ch");
      return false;
    }
    count.onAirMs += onAirMs;
    if (!keepsDuty) return true;
    free[channel] = false;
    time?.after(paced(onAirMs * (REST_OF_CHANNEL + 1)), () => (free[channel] = true));
    return true;
  }

  const heard = (): boolean => near && rate() <= ear && random() >= lostUp;

  function join(): void {
    if (set.deveui === undefined || set.appeui === undefined || set.appkey === undefined)
      return answer("keys_not_init");
    if (busy) return answer("busy");
    const onAirMs = airtimeMs(rate(), JOIN_BYTES);
    if (!takeChannel(onAirMs)) return;
    count.joins++;
    busy = true;
    answer("ok");
    later(paced(onAirMs + JOIN_RX_MS), () => {
      busy = false;
      joined = heard() && network.joins(set.deveui, set.appeui, set.appkey) && random() >= lostDown;
      answer(joined ? "accepted" : "denied");
    });
  }

  function transmit(port: string, hex: string): void {
    if (!joined) return answer("not_joined");
    if (busy) return answer("busy");
    const isPort = /^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 223;
    if (!isPort || !/^([0-9a-fA-F]{2})*$/.test(hex)) return answer("invalid_param");
    const data = Buffer.from(hex, "hex");
    if (data.length > MOST_BYTES[rate()]) return answer("invalid_data_len");
    const onAirMs = airtimeMs(rate(), FRAME_BYTES + data.length);
    if (!takeChannel(onAirMs)) return;
    count.sent++;
    busy = true;
    answer("ok");
    const devEui = set.deveui.toLowerCase();
    const message = { devEui, port: Number(port), data, dataRate: rate() };
    const reached = heard();
    later(paced(onAirMs), () => reached && network.hears(message));
    const window = (last: boolean) => (): void => {
      const down = reached ? network.answer(devEui) : undefined;
      const arrives = down !== undefined && random() >= lostDown;
      if (!arrives && !last) return later(paced(RX2_MS - RX1_MS), window(true));
      busy = false;
      if (arrives) lastSnr = snrHere;
      answer(arrives ? `mac_rx ${down.port} ${down.data.toString("hex").toUpperCase()}` : "mac_tx_ok");
    };
    later(paced(onAirMs + RX1_MS), window(false));
  }

  function command(line: string): void {
    const [group, verb, name, value] = line.split(" ");
    if (line === "sys get ver") return answer(GREETING);
    if (line === "sys get hweui") return answer(HARDWARE_EUI);
    if (line === "sys reset") return start();
    if (group === "sys" && verb === "sleep") {
      if (!(Number(name) >= 100 && Number(name) <= 4294967296)) return answer("invalid_param");
      asleep = true;
      // So long sleeps nobody whom no byte wakes: a timer for it would keep a test's process alive.
      if (Number(name) > LONG_SLEEP_MS) return;
      return later(Number(name), () => {
        asleep = false;
        answer("ok");
      });
    }
    if (group === "mac" && verb === "reset" && (name === "868" || name === "433")) {
      joined = false;
      set = { dr: "5", adr: "off" };
      return answer("ok");
    }
    if (group === "mac" && verb === "set") {
      const shape = { deveui: /^[0-9a-fA-F]{16}$/, appeui: /^[0-9a-fA-F]{16}$/, appkey: /^[0-9a-fA-F]{32}$/ };
      const right = { ...shape, dr: /^[0-7]$/, adr: /^(on|off)$/ }[name as "dr"]?.test(value ?? "");
      if (right !== true) return answer("invalid_param");
      set[name] = value;
      return answer("ok");
    }
    if (line === "mac get dr") return answer(set.dr);
    if (line === "radio get snr") return answer(String(lastSnr));
    if (line === "mac join otaa") return join();
    if (group === "mac" && verb === "tx" && name === "uncnf") return transmit(value ?? "", line.split(" ")[4] ?? "");
    answer("invalid_param");
  }

  function receive(bytes: string): void {
    for (const byte of bytes) {
      if (byte === "\0") breakSeen = true;
      else if (breakSeen && byte === "U") {
        // The break and the U tell it the speed; asleep, they wake it.
        breakSeen = false;
        asleep = false;
        typed = "";
        later(2, () => answer("ok"));
      } else if (asleep) breakSeen = false;
      else if (byte === "\n") {
        const line = typed.replace(/\r$/, "");
        typed = "";
        later(3, () => command(line));
      } else {
        breakSeen = false;
        typed += byte;
      }
    }
  }

  return {
    make(emit, clock) {
      say = inChunks(emit, random, 9);
      const first = time === null;
      time = clock;
      return {
        power(on) {
          if (on && first) start();
          if (!on) say = () => undefined;
        },
        receive,
      };
    },
    reach: (on) => (near = on),
    cutHalfAnswer: (reset) => (half = reset ? "reset" : "cut"),
    resetNow,
    silent(ms) {
      mute = true;
      time?.after(ms, () => (mute = false));
    },
    duty(ms) {
      allBusy = true;
      time?.after(ms, () => (allBusy = false));
    },
    hardOfHearing: (dataRate) => (ear = dataRate),
    snr: (dB) => (snrHere = dB),
    counts: () => ({ ...count, asleep }),
  };
}

/**
 * An LTE-M modem of the BG96 class, byte by byte (Quectel, BG96 TCP/IP AT Commands Manual V1.0 and AT Commands Manual
 * V2.3), with the faults that modems and networks have. It keeps its state while the board restarts, as a modem with a
 * supply of its own.
 */
import { inChunks } from "../../../firmware/sensors/sim.js";
import type { SimTime, UartPartMaker } from "../../../firmware/sensors/sim.js";

/** The far end of a connection through the modem. */
export interface TcpEnd {
  write(bytes: string): void;
  end(): void;
}

/** Opens a connection; `opened` or `closed` is called later, never at once. */
export type Dial = (
  host: string,
  port: number,
  on: { opened(): void; data(bytes: string): void; closed(): void },
) => TcpEnd;

export interface Bg96 {
  make: UartPartMaker;
  /** The power key: pulled for half a second it starts the modem, or wakes it. */
  key(pulled: boolean): void;
  network(state: "none" | "home" | "roaming"): void;
  /** Of the next answer only the first half comes; with `reset` the modem then starts anew. */
  cutHalfAnswer(reset: boolean): void;
  /** It starts anew, now. */
  resetNow(): void;
  /** It answers nothing for so long. */
  silent(ms: number): void;
  /** The network takes the context away. */
  deactivate(): void;
  /** `awakeMs`: how long it was awake in all. */
  counts(): { starts: number; connections: number; sentBytes: number; asleep: boolean; awakeMs: number };
}

const START_MS = 4000;
const REGISTER_MS = 6000;
/** Without a connection for so long it goes to sleep: the network's inactivity timer, and the two seconds asked for. */
const TO_SLEEP_MS = 12_000;

export interface Bg96Options {
  dial: Dial;
  now(): number;
  apn: string;
  random?: () => number;
  /** False: the network grants no power saving. */
  sleeps?: boolean;
}

export function createBg96Sim({ dial, now, apn, random = Math.random, sleeps = true }: Bg96Options): Bg96 {
  let say: (bytes: string) => void = () => undefined;
  let time: SimTime | null = null;
  let life = 0;
  let running = false;
  let asleep = false;
  let awakeSince = 0;
  let awakeMs = 0;
  let echo = true;
  let saving = false;
  let context = "";
  let active = false;
  let reach: "none" | "home" | "roaming" = "home";
  let registeredAt = Infinity;
  let mute = false;
  let half: "no" | "cut" | "reset" = "no";
  let typed = "";
  let wanted = 0;
  let data = "";
  let received = "";
  let socket: { end: TcpEnd; open: boolean } | null = null;
  let stopSleep: () => void = () => undefined;
  let pulledAt = -1;
  const count = { starts: 0, connections: 0, sentBytes: 0 };

  function later(ms: number, fn: () => void): void {
    const mine = life;
    time?.after(ms, () => mine === life && fn());
  }

  function put(bytes: string): void {
    if (mute || !running || asleep) return;
    if (half === "no") return say(bytes);
    const reset = half === "reset";
    half = "no";
    say(bytes.slice(0, Math.ceil(bytes.length / 2)));
    if (reset) resetNow();
  }

  const line = (text: string): void => put(`\r\n${text}\r\n`);
  const news = (text: string): void => later(1, () => line(text));

  function rest(): void {
    stopSleep();
    stopSleep =
      time?.after(TO_SLEEP_MS, () => {
        if (!sleeps || !saving || socket !== null || asleep || !running) return;
        asleep = true;
        awakeMs += now() - awakeSince;
      }) ?? stopSleep;
  }

  function start(): void {
    life++;
    count.starts++;
    socket?.end.end();
    socket = null;
    running = false;
    asleep = false;
    echo = true;
    active = false;
    context = "";
    typed = "";
    wanted = 0;
    received = "";
    awakeSince = now();
    later(START_MS, () => {
      running = true;
      registeredAt = now() + REGISTER_MS;
      line("APP RDY");
      rest();
    });
  }

  function wake(): void {
    asleep = false;
    awakeSince = now();
    // From power saving it comes back with its registration, and without its contexts.
    active = false;
    life++;
    echo = true;
    typed = "";
    running = false;
    later(START_MS / 2, () => {
      running = true;
      line("APP RDY");
      rest();
    });
  }

  function resetNow(): void {
    if (running) start();
  }

  const registered = (): boolean => reach !== "none" && now() >= registeredAt;

  function openSocket(host: string, port: number): void {
    if (socket !== null || !active) return line("ERROR");
    line("OK");
    if (!registered()) return later(20_000, () => line("+QIOPEN: 0,566"));
    count.connections++;
    const mine: { end: TcpEnd; open: boolean } = { end: { write: () => undefined, end: () => undefined }, open: false };
    socket = mine;
    const live = (): boolean => socket === mine;
    mine.end = dial(host, port, {
      opened: () => {
        if (!live()) return mine.end.end();
        mine.open = true;
        line("+QIOPEN: 0,0");
      },
      data: (bytes) => {
        if (!live()) return;
        const announced = received !== "";
        received += bytes;
        if (!announced) news('+QIURC: "recv",0');
      },
      closed: () => {
        if (!live()) return;
        if (mine.open) return news('+QIURC: "closed",0');
        socket = null;
        line("+QIOPEN: 0,563");
      },
    });
  }

  function command(text: string): void {
    rest();
    if (text === "AT") return line("OK");
    if (text === "ATE0" || text === "ATE1") {
      echo = text === "ATE1";
      return line("OK");
    }
    if (text === "AT+CFUN=1,1") {
      line("OK");
      return later(800, start);
    }
    if (text === "AT+CPIN?") {
      line("+CPIN: READY");
      return line("OK");
    }
    if (/^AT\+CPSMS=1,,,"[01]{8}","[01]{8}"$/.test(text)) {
      saving = true;
      return line("OK");
    }
    const asked = /^AT\+QICSGP=1,1,"([^"]*)","","",1$/.exec(text);
    if (asked !== null) {
      context = asked[1];
      return line("OK");
    }
    if (text === "AT+CEREG?") {
      line(`+CEREG: 0,${!registered() ? 2 : reach === "home" ? 1 : 5}`);
      return line("OK");
    }
    if (text === "AT+CSQ") {
      line(registered() ? "+CSQ: 18,99" : "+CSQ: 99,99");
      return line("OK");
    }
    if (text === "AT+QIACT?") {
      if (active) line('+QIACT: 1,1,1,"10.1.2.3"');
      return line("OK");
    }
    if (text === "AT+QIACT=1")
      return later(700, () => {
        active = registered() && context === apn;
        line(active ? "OK" : "ERROR");
      });
    const open = /^AT\+QIOPEN=1,0,"TCP","([^"]+)",(\d+),0,0$/.exec(text);
    if (open !== null) return openSocket(open[1], Number(open[2]));
    const send = /^AT\+QISEND=0,(\d+)$/.exec(text);
    if (send !== null) {
      if (socket?.open !== true || Number(send[1]) < 1 || Number(send[1]) > 1460) return line("ERROR");
      wanted = Number(send[1]);
      data = "";
      return put("\r\n> ");
    }
    const read = /^AT\+QIRD=0,(\d+)$/.exec(text);
    if (read !== null) {
      if (socket === null) return line("ERROR");
      const bytes = received.slice(0, Number(read[1]));
      received = received.slice(bytes.length);
      put(`\r\n+QIRD: ${bytes.length}\r\n${bytes}${bytes === "" ? "" : "\r\n"}`);
      return line("OK");
    }
    if (text === "AT+QICLOSE=0") {
      socket?.end.end();
      socket = null;
      received = "";
      return later(300, () => line("OK"));
    }
    line("ERROR");
  }

  function sendData(): void {
    const bytes = data;
    const to = socket;
    later(40, () => {
      if (to === null || to !== socket || !registered()) return line("SEND FAIL");
      to.end.write(bytes);
      count.sentBytes += bytes.length;
      line("SEND OK");
    });
  }

  function receive(bytes: string): void {
    if (!running || asleep) return;
    for (const byte of bytes) {
      if (wanted > 0) {
        data += byte;
        if (--wanted === 0) sendData();
      } else if (byte === "\r") {
        const text = typed;
        typed = "";
        if (echo) put(text + "\r");
        if (text !== "") later(3, () => command(text));
      } else if (byte !== "\n") typed += byte;
    }
  }

  return {
    make(emit, clock) {
      say = inChunks(emit, random, 11);
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
    key(pulled) {
      if (pulled) pulledAt = now();
      else if (pulledAt >= 0 && now() - pulledAt >= 500 && asleep) wake();
    },
    network(state) {
      reach = state;
      registeredAt = now() + REGISTER_MS;
    },
    cutHalfAnswer: (reset) => (half = reset ? "reset" : "cut"),
    resetNow,
    silent(ms) {
      mute = true;
      time?.after(ms, () => (mute = false));
    },
    deactivate() {
      if (!active) return;
      active = false;
      news('+QIURC: "pdpdeact",1');
    },
    counts: () => ({ ...count, asleep, awakeMs: awakeMs + (asleep ? 0 : now() - awakeSince) }),
  };
}

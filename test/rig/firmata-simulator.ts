/** The process behind {@link ./firmata-board.js}: an ATmega328P at 16 MHz in real time, its UART on a pseudo-terminal. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import avr8js from "avr8js";
import type { Order, Report } from "./firmata-board.js";

const { AVRADC, AVRIOPort, AVRTimer, AVRTWI, AVRUSART, CPU } = avr8js;
const { adcConfig, avrInstruction, portBConfig, portCConfig, portDConfig, PinState } = avr8js;
const { timer0Config, timer1Config, timer2Config, twiConfig, usart0Config } = avr8js;

const HZ = 16e6;
const FLASH_WORDS = 0x4000;
const RXC = 0x80;
const RXEN = 0x10;
/** Longest stretch simulated before the event loop gets its turn. */
const SLICE_CYCLES = HZ / 250;
/** How long a pin is watched for the share of it that it is high: twenty periods of the Uno's faster PWM. */
const WINDOW_CYCLES = HZ / 49;
/** A change of that share that is worth telling: half a step of `analogWrite`. */
const DUTY_STEP = 0.002;

/** Reads an Intel hex file (record types 00 and 01) into a program memory. */
function loadHex(file: string): Uint16Array {
  const bytes = new Uint8Array(FLASH_WORDS * 2);
  for (const row of readFileSync(file, "utf8").split(/\r?\n/)) {
    if (!row.startsWith(":") || row.slice(7, 9) !== "00") continue;
    const data = Buffer.from(row.slice(9, 9 + 2 * parseInt(row.slice(1, 3), 16)), "hex");
    bytes.set(data, parseInt(row.slice(3, 7), 16));
  }
  return new Uint16Array(bytes.buffer);
}

/**
 * avr8js 0.21.1 drops a received byte that waits to be read whenever the program writes UCSR0B while the receiver stays
 * on, which Arduino's serial code does for every byte it sends. The hardware does not: the flag is put back.
 */
function mendReceiver(cpu: InstanceType<typeof CPU>, usart: InstanceType<typeof AVRUSART>): void {
  const { UCSRA, UCSRB } = usart0Config;
  const hook = cpu.writeHooks[UCSRB];
  const interrupt = (usart as unknown as { RXC: Parameters<typeof cpu.setInterruptFlag>[0] }).RXC;
  cpu.writeHooks[UCSRB] = (value, old, address, mask) => {
    const waits = (cpu.data[UCSRA] & RXC) !== 0;
    const done = hook(value, old, address, mask);
    if (waits && value & RXEN && old & RXEN) cpu.setInterruptFlag(interrupt);
    return done;
  };
}

const program = loadHex(process.argv[2]);
const volts = new Array<number>(8).fill(0);
/** Levels from outside on digital pins. */
const levels = new Map<number, boolean>();
const tell = (report: Report): void => void process.send?.(report);

/** A freshly powered board. `run(cycles)` lets it live for so long. */
function power(onByte: (byte: number) => void) {
  const cpu = new CPU(program);
  const usart = new AVRUSART(cpu, usart0Config, HZ);
  const adc = new AVRADC(cpu, adcConfig);
  for (const timer of [timer0Config, timer1Config, timer2Config]) new AVRTimer(cpu, timer);
  new AVRTWI(cpu, twiConfig, HZ);
  const ports = { d: new AVRIOPort(cpu, portDConfig), b: new AVRIOPort(cpu, portBConfig) };
  new AVRIOPort(cpu, portCConfig);
  mendReceiver(cpu, usart);
  usart.onByteTransmit = onByte;
  /** One for each pin: its level, since when, and how much of the window it was high. */
  const pins = Array.from({ length: 14 }, () => ({ high: false, told: false, since: 0, up: 0, changes: 0, duty: 0 }));
  let windowEnd = WINDOW_CYCLES;
  function look(first: number, port: InstanceType<typeof AVRIOPort>, count: number): void {
    for (let i = 0; i < count; i++) {
      const pin = pins[first + i];
      const high = port.pinState(i) === PinState.High;
      if (pin.high === high) continue;
      if (pin.high) pin.up += cpu.cycles - pin.since;
      Object.assign(pin, { high, since: cpu.cycles });
      // A pin that a timer switches would flood the test: of each window its first change is told, and its last.
      if (pin.changes++ === 0) tellLevel(first + i);
    }
  }
  function tellLevel(number: number): void {
    const pin = pins[number];
    if (pin.told === pin.high) return;
    pin.told = pin.high;
    tell({ pin: number, high: pin.high });
  }
  function endWindow(): void {
    pins.forEach((pin, number) => {
      if (pin.high) pin.up += cpu.cycles - pin.since;
      const duty = Math.min(1, pin.up / WINDOW_CYCLES);
      Object.assign(pin, { since: cpu.cycles, up: 0, changes: 0 });
      tellLevel(number);
      if (Math.abs(duty - pin.duty) < DUTY_STEP && (duty === pin.duty || (duty !== 0 && duty !== 1))) return;
      pin.duty = duty;
      tell({ pin: number, duty });
    });
    windowEnd = cpu.cycles + WINDOW_CYCLES;
  }
  ports.d.addListener(() => look(0, ports.d, 8));
  ports.b.addListener(() => look(8, ports.b, 6));
  const drive = (pin: number, high: boolean): void => (pin < 8 ? ports.d : ports.b).setPin(pin % 8, high);
  for (const [pin, high] of levels) drive(pin, high);
  const waiting: number[] = [];
  return {
    drive,
    receive: (chunk: Iterable<number>) => void waiting.push(...chunk),
    run(cycles: number) {
      const end = cpu.cycles + cycles;
      for (let channel = 0; channel < volts.length; channel++) adc.channelValues[channel] = volts[channel];
      while (cpu.cycles < end) {
        for (let i = 0; i < 64; i++) {
          avrInstruction(cpu);
          cpu.tick();
        }
        if (cpu.cycles >= windowEnd) endWindow();
        // One byte at a time: the simulated receiver has no second place for one.
        if (waiting.length > 0 && !usart.rxBusy && !(cpu.data[usart0Config.UCSRA] & RXC)) {
          if (usart.writeByte(waiting[0])) waiting.shift();
        }
      }
    },
  };
}

let board: ReturnType<typeof power> | undefined;
let socat: ChildProcessByStdio<Writable, Readable, null> | undefined;
let link = "";
let frozen = false;
let outgoing: number[] = [];
/** The firmware blinks its version for two seconds before it says anything: that stretch need not take real time. */
let booting = false;
let last = performance.now();

function unplug(): void {
  const ending = socat;
  socat = undefined;
  board = undefined;
  if (ending === undefined) return tell({ unplugged: true });
  ending.removeAllListeners("exit");
  ending.once("exit", () => {
    rmSync(link, { force: true });
    tell({ unplugged: true });
  });
  ending.kill("SIGKILL");
}

function start(): void {
  for (let pin = 0; pin < 14; pin++) tell({ pin, high: false });
  booting = true;
  board = power((byte) => {
    booting = false;
    outgoing.push(byte);
  });
}

function plug(path: string): void {
  link = path;
  const cable = spawn("socat", [`PTY,link=${path},rawer`, "STDIO"], { stdio: ["pipe", "pipe", "ignore"] });
  socat = cable;
  cable.stdin.on("error", () => undefined);
  start();
  cable.stdout.on("data", (chunk: Buffer) => socat === cable && board?.receive(chunk));
  last = performance.now();
}

/** Follows real time; what this machine cannot keep up with is left out rather than made up for. */
function live(): void {
  const now = performance.now();
  const due = booting ? SLICE_CYCLES : Math.min(((now - last) / 1000) * HZ, SLICE_CYCLES);
  last = now;
  if (board !== undefined && !frozen && due > 0) board.run(due);
  if (outgoing.length > 0) socat?.stdin.write(Buffer.from(outgoing));
  outgoing = [];
  if (booting) setImmediate(live);
  else setTimeout(live, 1);
}

process.on("message", (order: Order) => {
  if (order.do === "plug") plug(order.path);
  else if (order.do === "unplug") unplug();
  else if (order.do === "freeze") tell({ frozen: (frozen = order.on) });
  else if (order.do === "volts") volts[order.channel] = order.volts;
  else if (order.do === "hear") board?.receive(order.bytes);
  else if (order.do === "say") outgoing.push(...order.bytes);
  else if (order.do === "restart") start();
  else {
    levels.set(order.pin, order.high);
    board?.drive(order.pin, order.high);
  }
});
process.on("disconnect", () => process.exit());
process.on("SIGTERM", () => process.exit());
process.on("exit", () => socat?.kill("SIGKILL"));
live();

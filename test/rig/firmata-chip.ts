/**
 * The chip of the simulated Uno: an ATmega328P at 16 MHz in avr8js, with StandardFirmata in it. What would take this
 * machine's time without an effect is left out: a timer's steps that nothing hangs on, and the firmware's empty rounds.
 */
import avr8js from "avr8js";

const { AVRADC, AVRIOPort, AVRTimer, AVRTWI, AVRUSART, CPU } = avr8js;
const { adcConfig, avrInstruction, portBConfig, portCConfig, portDConfig, PinState } = avr8js;
const { timer0Config, timer1Config, timer2Config, twiConfig, usart0Config } = avr8js;
type Cpu = InstanceType<typeof CPU>;
type Timer = InstanceType<typeof AVRTimer>;
type Usart = InstanceType<typeof AVRUSART>;

export const HZ = 16e6;
export const PINS = 14;
/** Pins that a timer can switch. */
const TIMED = [3, 5, 6, 9, 10, 11];
const RXC = 0x80;
const RXEN = 0x10;
/** How long a pin is watched for the share of it that it is high: twenty periods of the Uno's faster PWM. */
const WINDOW_CYCLES = HZ / 49;
/** A change of that share that is worth telling: half a step of `analogWrite`. */
const DUTY_STEP = 0.002;
/**
 * Where the firmware (firmata-hex.ts says which) jumps back to its next round, in words: `main()` to the next `loop()`,
 * and `delay()` to look at the time again. Elsewhere time passes with the instructions only.
 */
const LOOP_ROUND = 0x148e;
const DELAY_ROUND = 0x10d6;

/** What avr8js's timers keep to themselves. */
interface TimerState {
  TIMSK: number;
  divider: number;
  lastCycle: number;
  tcnt: number;
  tcntUpdated: boolean;
  updateDivider: boolean;
  ocrA: number;
  ocrB: number;
  compA: number;
  compB: number;
  timerMode: number;
  topValue: number;
}
const FAST_PWM = 3;
const OVERFLOW_ONLY = 1;

/**
 * avr8js 0.21.1 drops a received byte that waits to be read whenever the program writes UCSR0B while the receiver stays
 * on, which Arduino's serial code does for every byte it sends. The hardware does not: the flag is put back.
 */
function mendReceiver(cpu: Cpu, usart: Usart): void {
  const { UCSRA, UCSRB } = usart0Config;
  const hook = cpu.writeHooks[UCSRB];
  const interrupt = (usart as unknown as { RXC: Parameters<Cpu["setInterruptFlag"]>[0] }).RXC;
  cpu.writeHooks[UCSRB] = (value, old, address, mask) => {
    const waits = (cpu.data[UCSRA] & RXC) !== 0;
    const done = hook(value, old, address, mask);
    if (waits && value & RXEN && old & RXEN) cpu.setInterruptFlag(interrupt);
    return done;
  };
}

/**
 * How many cycles from now a timer's count next has an effect: an overflow, or a compare match that moves a pin. It is
 * brought up to date whenever the program reads it; what the program sets anew in between counts from the next effect on.
 */
function quietCycles(timer: Timer, cpu: Cpu): number {
  const state = timer as unknown as TimerState;
  const { TIMSK, divider, lastCycle, tcnt, compA, compB, timerMode, topValue } = state;
  // Not running, set anew, or in a way that Firmata uses for servos and tones only: step by step.
  if (divider === 0 || state.tcntUpdated || state.updateDivider || TIMSK & ~OVERFLOW_ONLY) return 0;
  const moves = compA !== 0 || compB !== 0;
  if (timerMode !== FAST_PWM || topValue !== 0xff) return moves || TIMSK !== 0 ? 0 : 0x100 * divider;
  let next = 0x100;
  if (compA !== 0 && state.ocrA > tcnt) next = Math.min(next, state.ocrA);
  if (compB !== 0 && state.ocrB > tcnt) next = Math.min(next, state.ocrB);
  return lastCycle + (next - tcnt) * divider - cpu.cycles;
}

/** avr8js wakes each timer at every one of its steps, 250,000 times a second: only those with an effect are left. */
function calmTimers(cpu: Cpu, timers: Timer[]): void {
  const add = cpu.addClockEvent.bind(cpu);
  cpu.addClockEvent = (callback, cycles) => {
    const timer = timers.find(({ count }) => count === callback);
    return add(callback, timer === undefined ? cycles : Math.max(cycles, quietCycles(timer, cpu)));
  };
}

/** What a chip tells of its pins. */
export type PinReport = { pin: number; high: boolean } | { pin: number; duty: number };

export interface Chip {
  /** A level from outside on a digital pin. */
  drive(pin: number, high: boolean): void;
  /** Bytes reach its receiver, one after the other. */
  receive(chunk: Iterable<number>): void;
  /** Lets it live for so long. */
  run(cycles: number): void;
}

/**
 * A freshly powered chip.
 * @param volts  on its analog inputs, read anew for each run
 * @param levels from outside on its digital pins
 */
export function powerChip(
  program: Uint16Array,
  { volts, levels }: { volts: number[]; levels: Map<number, boolean> },
  tell: (report: PinReport) => void,
  onByte: (byte: number) => void,
): Chip {
  const cpu = new CPU(program);
  const usart = new AVRUSART(cpu, usart0Config, HZ);
  const adc = new AVRADC(cpu, adcConfig);
  const timers = [timer0Config, timer1Config, timer2Config].map((timer) => new AVRTimer(cpu, timer));
  new AVRTWI(cpu, twiConfig, HZ);
  const ports = { d: new AVRIOPort(cpu, portDConfig), b: new AVRIOPort(cpu, portBConfig) };
  new AVRIOPort(cpu, portCConfig);
  mendReceiver(cpu, usart);
  calmTimers(cpu, timers);
  usart.onByteTransmit = onByte;
  /** One for each pin: its level, since when, and how much of the window it was high. */
  const pins = Array.from({ length: PINS }, () => ({ high: false, told: false, since: 0, up: 0, changes: 0, duty: 0 }));
  let windowEnd = WINDOW_CYCLES;
  function look(first: number, port: InstanceType<typeof AVRIOPort>, count: number): void {
    for (let i = 0; i < count; i++) {
      const pin = pins[first + i];
      const high = port.pinState(i) === PinState.High;
      if (pin.high === high) continue;
      if (pin.high) pin.up += cpu.cycles - pin.since;
      Object.assign(pin, { high, since: cpu.cycles });
      // A pin that a timer switches would flood the test: of each window its first change is told, and its last.
      if (pin.changes++ === 0 || !TIMED.includes(first + i)) tellLevel(first + i);
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
  const hears = (): boolean => waiting.length > 0 && !usart.rxBusy;
  let rested = false;

  /**
   * At the end of a round the program has done what there was to do, and would find no more of it before a clock event or
   * a byte: time passes until then. One round lies between two rests, so that it sees what has come.
   */
  function rest(end: number): void {
    rested = !rested && cpu.nextInterrupt < 0 && !hears();
    if (!rested) return;
    const { nextClockEvent } = cpu as unknown as { nextClockEvent: { cycles: number } | null };
    cpu.cycles = Math.max(cpu.cycles, Math.min(end, windowEnd, nextClockEvent?.cycles ?? end));
  }

  return {
    drive,
    receive: (chunk) => void waiting.push(...chunk),
    run(cycles) {
      const end = cpu.cycles + cycles;
      for (let channel = 0; channel < volts.length; channel++) adc.channelValues[channel] = volts[channel];
      while (cpu.cycles < end) {
        for (let i = 0; i < 64; i++) {
          if (cpu.pc === LOOP_ROUND || cpu.pc === DELAY_ROUND) {
            rest(end);
            if (rested) {
              cpu.tick();
              break;
            }
          }
          avrInstruction(cpu);
          cpu.tick();
        }
        if (cpu.cycles >= windowEnd) endWindow();
        // One byte at a time: the simulated receiver has no second place for one.
        if (hears() && !(cpu.data[usart0Config.UCSRA] & RXC) && usart.writeByte(waiting[0])) waiting.shift();
      }
    },
  };
}

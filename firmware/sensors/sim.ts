/**
 * Simulated parts, made of bytes and registers: what the tests and the boards without hardware put where a sensor would
 * be. They run on Node only; an image never contains them. A sensor's own simulator is in its folder.
 */
import type { Fault } from "../wire/pack.js";
import type { Framer } from "./framer.js";
import type { I2c, Outcome, Uart } from "./sensor.js";

/** Time as a simulated part sees it. */
export interface SimTime {
  after(ms: number, fn: () => void): () => void;
}

/** A part at the other end of a serial line. */
export interface UartPart {
  /** Switches its supply. It is off at first. */
  power(on: boolean): void;
  /** Bytes that the board sent. */
  receive(bytes: string): void;
}

/** Makes a part that speaks through `emit`. */
export type UartPartMaker = (emit: (bytes: string) => void, time: SimTime) => UartPart;

/** A part joined to a serial port: what it says while the port is closed is lost, as on a board. */
export function joinUart(make: UartPartMaker, time: SimTime): { uart: Uart; part: UartPart } {
  let listener: ((chunk: string) => void) | null = null;
  const part = make((bytes) => listener?.(bytes), time);
  const uart: Uart = {
    open: (_baud, onBytes) => (listener = onBytes),
    write: (bytes) => part.receive(bytes),
    close: () => (listener = null),
  };
  return { uart, part };
}

/** Cuts what a part says into chunks of 1 to `longest` bytes, as a UART's buffer does. */
export function inChunks(
  emit: (bytes: string) => void,
  random: () => number,
  longest: number,
): (bytes: string) => void {
  return (bytes) => {
    for (let at = 0; at < bytes.length;) {
      const length = 1 + Math.floor(random() * longest);
      emit(bytes.slice(at, at + length));
      at += length;
    }
  };
}

/** A bad wire: with probability `rate` each byte is damaged, lost, or followed by a stray one. */
export function overNoise(emit: (bytes: string) => void, random: () => number, rate: number): (bytes: string) => void {
  const stray = (): string => String.fromCharCode(Math.floor(random() * 256));
  return (bytes) => {
    let out = "";
    for (const byte of bytes) {
      const kind = random() < rate ? Math.floor(random() * 3) : -1;
      if (kind === 0) out += stray();
      else if (kind === 1) out += "";
      else if (kind === 2) out += byte + stray();
      else out += byte;
    }
    emit(out);
  };
}

/** A part on an I²C bus. */
export interface I2cPart {
  address: number;
  /** False: not acknowledged. */
  write(bytes: number[]): boolean;
  /** Null: not acknowledged. */
  read(count: number): Uint8Array | null;
}

/**
 * A bus with these parts on it; any other address stays unanswered. Where two parts stand behind one address (two cells at
 * one converter) both hear everything, and the one whom it concerns answers.
 */
export function i2cBus(parts: I2cPart[]): I2c {
  const at = (address: number): I2cPart[] => parts.filter((part) => part.address === address);
  return {
    write: (address, bytes) => at(address).filter((part) => part.write(bytes)).length > 0,
    read(address, count) {
      for (const part of at(address)) {
        const bytes = part.read(count);
        if (bytes !== null) return bytes;
      }
      return null;
    },
  };
}

/** A part on one or two pins: what it is asked is a matter of the port's kind. */
export interface SimPin {
  /** Level of a contact or pulse output. */
  level?(): boolean;
  /** Hands over what to call after each change of the level. */
  onChange?(fn: () => void): void;
  millivolts?(): number;
  /** Answers a number of clock pulses, the first bit highest; null while it is not ready. */
  clockOut?(pulses: number): number | null;
}

/** One simulated part, as each sensor's `sim.ts` makes it by `simulate()`: what it is joined by, and what it then says. */
export interface Simulated {
  uart?: UartPartMaker;
  i2c?: I2cPart;
  pin?: SimPin;
  /** What a round of measuring gives while nothing is wrong, by property. */
  expect: { [property: string]: number };
  /** Everything that can go wrong with it, and the fault that a round then gives. `arm(false)` mends it. */
  troubles: { name: string; fault: Fault; arm(on: boolean): void }[];
}

/** What every `sim.ts` exports as `simulate`. Options are those of the site type, for addresses and channels. */
export type Simulate = (time: SimTime & { nowMs(): number }, options: { [name: string]: number }) => Simulated;

/**
 * What the `sim.ts` of a sensor with a parser of bytes exports as `stream`: from it the tests see whether the parser keeps
 * what every parser owes (README.md).
 */
export interface Stream<T> {
  create(onOutcome: (outcome: Outcome<T>) => void): Framer;
  /** Good frames, at least two, with different values. */
  frames: string[];
  /** A good frame that carries its own start byte or bytes inside. */
  startInside: string;
  /** Most bytes that it may ever hold back. */
  maxBytes: number;
  /** Noise that contains what frames begin with. */
  noise: string;
  /** False where damage can turn one good frame into another, because the sensor's lines carry no check. */
  checked: boolean;
}

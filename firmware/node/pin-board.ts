/**
 * Single pins of the board, by Espruino's own functions: contacts, voltages, pulses, converters with two wires, and the
 * switches of supplies. A part of board.ts of its own, because most images use none.
 */
import type { Pin } from "../sensors/sensor.js";
import type { Options, Pins } from "./hal.js";

type PinObject = object;
interface SpiPort {
  setup(options: Options): void;
  send(bytes: Uint8Array): Uint8Array;
}
declare const global: { [name: string]: unknown };
declare const E: { getAnalogVRef(): number };
declare function pinMode(pin: PinObject, mode: string): void;
declare function digitalRead(pin: PinObject): number;
declare function digitalWrite(pin: PinObject, level: number): void;
declare function analogRead(pin: PinObject): number;
declare function setWatch(
  fn: () => void,
  pin: PinObject,
  options: { repeat: boolean; edge: string; debounce: number },
): number;

/** A port of pins as boards.ts describes it. */
export interface PinPort {
  kind: "digital" | "analog" | "pulse" | "clocked";
  /** `pin`, and `enable`, the pin that its divider needs at 1; for a converter with two wires `device` (an SPI port), `mosi` (its clock), `miso` (its data), `sck` (free). */
  options: Options;
}

export interface PinFacts {
  ports: { [port: string]: PinPort };
  /** Pin of each switched supply, and the level that switches it on. */
  switches: { [name: string]: { pin: string; on: number } };
}

/** A contact has come to rest after this long. */
const DEBOUNCE_MS = 50;
/** Reed contacts of tipping buckets close for some 100 ms, and bounce for less than 10. */
const PULSE_DEBOUNCE_MS = 10;
/** Conversions behind one voltage. */
const CONVERSIONS = 16;

function pinOf(options: Options): PinObject {
  return global["" + options.pin] as PinObject;
}

/** Mean of several conversions, in mV. */
function millivolts(pin: PinObject): number {
  let sum = 0;
  for (let i = 0; i < CONVERSIONS; i++) sum += analogRead(pin);
  return (sum / CONVERSIONS) * E.getAnalogVRef() * 1000;
}

/**
 * The clock is the SPI port's data output: two bits a pulse, 1 then 0, at a rate at which it is high for 10 µs. In a
 * loop of the interpreter's own it could stay high for more than the 60 µs that put an HX711 to sleep.
 */
function clockIn(options: Options, pulses: number): number | null {
  const data = global["" + options.miso] as PinObject;
  if (digitalRead(data) === 1) return null;
  const spi = global["" + options.device] as SpiPort;
  spi.setup({ mosi: options.mosi, miso: options.miso, sck: options.sck, baud: 100000 });
  const bytes = new Uint8Array((2 * pulses + 7) >> 3);
  for (let i = 0; i < pulses; i++) bytes[i >> 2] += 128 >> (2 * (i & 3));
  const answer = spi.send(bytes);
  let value = 0;
  for (let i = 0; i < pulses; i++) value = 2 * value + ((answer[i >> 2] >> (7 - 2 * (i & 3))) & 1);
  return value;
}

function countPulses(port: string, pin: PinObject, counts: { [port: string]: number }): void {
  counts[port] = 0;
  const count = (): void => {
    counts[port] += 1;
  };
  setWatch(count, pin, { repeat: true, edge: "falling", debounce: PULSE_DEBOUNCE_MS });
}

/** The pins of the board. Pulses are counted from here on. */
export function openPins(facts: PinFacts): Pins {
  const counts: { [port: string]: number } = {};
  for (const port in facts.ports) {
    const fact = facts.ports[port];
    if (fact.kind === "digital" || fact.kind === "pulse") pinMode(pinOf(fact.options), "input_pullup");
    if (fact.kind === "pulse") countPulses(port, pinOf(fact.options), counts);
    // For good: while it is off the pin gets all that the cells have, which may be more than the chip's supply.
    const enable = fact.options.enable;
    if (enable !== undefined) digitalWrite(global["" + enable] as PinObject, 1);
  }
  return {
    pin: (port, over): Pin | null => {
      const fact = facts.ports[port];
      if (fact === undefined) return null;
      const options = Object.assign({}, fact.options, over === undefined ? {} : over);
      return {
        read: () => digitalRead(pinOf(options)) === 1,
        millivolts: () => millivolts(pinOf(options)),
        count: () => counts[port],
        clockIn: (pulses) => clockIn(options, pulses),
      };
    },
    onEdge: (port, fn) => {
      setWatch(fn, pinOf(facts.ports[port].options), { repeat: true, edge: "both", debounce: DEBOUNCE_MS });
    },
    power: (name, on) => {
      const fact = facts.switches[name];
      digitalWrite(global[fact.pin] as PinObject, on ? fact.on : 1 - fact.on);
    },
  };
}

/**
 * Single pins of the vm board: the interpreter's functions for them, over parts that are played to its ports. An open
 * contact is high, as the board's own pull-up holds it.
 */
import type { SimPin } from "../../firmware/sensors/sim.js";
import type { PinPort } from "../../firmware/node/pin-board.js";
import type { Board } from "../../hardware/boards.js";

interface PinObject {
  port?: string;
  switchName?: string;
  /** The foot of a divider: it must be at 1 for the voltage to be read. */
  foot?: boolean;
}

export interface PinWorld {
  board: Board;
  pins: Record<string, SimPin>;
  after(ms: number, fn: () => void): () => void;
  /** Everything that the image does starts here. */
  enter(fn: () => void): void;
  onSwitch(name: string, on: boolean): void;
}

/** What the board's analog reference is, in V: `E.getAnalogVRef`. */
export const REFERENCE_V = 3.3;

/** Bytes that the SPI port reads while a part answers `value` to so many pulses: two bits each, as pin-board.ts asks. */
export function spiAnswer(value: number, pulses: number, length = (2 * pulses + 7) >> 3): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < pulses; i++)
    if (Math.floor(value / 2 ** (pulses - 1 - i)) % 2 === 1) bytes[(2 * i) >> 3] |= 0x80 >> ((2 * i) & 7);
  return bytes;
}

function clocked(part: SimPin | undefined) {
  return {
    setup: () => undefined,
    send: (bytes: Uint8Array): Uint8Array => {
      const bit = (at: number): number => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
      let pulses = 0;
      while (2 * pulses < 8 * bytes.length && bit(2 * pulses) === 1 && bit(2 * pulses + 1) === 0) pulses++;
      const value = part?.clockOut?.(pulses) ?? null;
      return value === null ? new Uint8Array(bytes.length).fill(255) : spiAnswer(value, pulses, bytes.length);
    },
  };
}

/** The globals that pin-board.ts asks for. */
export function pinGlobals(world: PinWorld): Record<string, unknown> {
  const { board, pins } = world;
  const globals: Record<string, unknown> = {};
  const portOf = (pin: PinObject): SimPin | undefined => (pin.port === undefined ? undefined : pins[pin.port]);
  for (const [port, { kind, options }] of Object.entries(board.pins) as [string, PinPort][])
    if (kind === "clocked") {
      globals[String(options.device)] = clocked(pins[port]);
      globals[String(options.miso)] = { port };
    } else globals[String(options.pin)] = { port };
  const feet = new Map<string, boolean>();
  for (const { options } of Object.values(board.pins))
    if (options.enable !== undefined) globals[String(options.enable)] = { port: String(options.enable), foot: true };
  // A pin may be a port of one build and a switch of another.
  for (const [name, { pin }] of Object.entries(board.switches))
    globals[pin] = { ...(globals[pin] as PinObject | undefined), switchName: name };

  const level = (pin: PinObject): number => ((portOf(pin)?.level?.() ?? true) ? 1 : 0);
  return {
    ...globals,
    pinMode: () => undefined,
    digitalRead: level,
    analogRead: (pin: PinObject) => {
      const enable = board.pins[pin.port ?? ""]?.options.enable;
      // Without its foot a divider divides nothing: the pin gets more than it can read.
      if (enable !== undefined && feet.get(String(enable)) !== true) return 1;
      return (portOf(pin)?.millivolts?.() ?? 0) / (REFERENCE_V * 1000);
    },
    digitalWrite: (pin: PinObject, value: number) => {
      if (pin.foot === true) return void feet.set(pin.port!, value === 1);
      if (pin.switchName === undefined) throw new Error("no switch hangs on this pin");
      world.onSwitch(pin.switchName, value === board.switches[pin.switchName].on);
    },
    setWatch: (fn: () => void, pin: PinObject, options: { edge: string; debounce: number }) => {
      let last = level(pin);
      let cancel: () => void = () => undefined;
      portOf(pin)?.onChange?.(() => {
        cancel();
        cancel = world.after(options.debounce, () => {
          const now = level(pin);
          if (now === last) return;
          last = now;
          if (options.edge === "both" || now === 0) world.enter(fn);
        });
      });
      return 1;
    },
  };
}

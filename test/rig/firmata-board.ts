/**
 * An Arduino Uno that does not exist: real StandardFirmata runs in avr8js, in a process of its own, behind a real
 * pseudo-terminal. The test sets voltages on its analog inputs and contacts on its digital ones, and sees the levels of
 * its digital pins.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "./program.js";
import { until } from "./sealed.js";

export type Order =
  | { do: "plug"; path: string }
  | { do: "unplug" }
  | { do: "freeze"; on: boolean }
  | { do: "volts"; channel: number; volts: number }
  | { do: "level"; pin: number; high: boolean }
  | { do: "hear"; bytes: number[] }
  | { do: "say"; bytes: number[] }
  | { do: "restart" };
export type Report =
  { pin: number; high: boolean } | { pin: number; duty: number } | { unplugged: true } | { frozen: boolean };

export interface FirmataBoard {
  /** The serial port, while it is plugged in. */
  path: string;
  /** 0–5 V on an analog input. */
  volts(channel: number, volts: number): void;
  /** A contact from a digital pin (0–13) to ground, with a resistor from the pin to 5 V. */
  contact(pin: number, closed: boolean): void;
  /** Is that digital pin (0–13) an output that is high? */
  high(pin: number): boolean;
  /** Share of the time that it is high, 0–1, as of the last 20 ms. */
  duty(pin: number): number;
  /** Calls `fn` after each change of a pin's level, and of all pins when the board loses its supply. */
  onLevel(fn: () => void): void;
  /** Powers the board up and makes its port appear. */
  plug(): Promise<void>;
  /** Makes the port disappear; resolves when it is gone. */
  unplug(): Promise<void>;
  /** The board stands still and says nothing, though its port is there. Resolves when it does. */
  freeze(on: boolean): Promise<void>;
  /** Bytes reach the board, or leave it, that nobody sent: what a disturbed cable makes of others. */
  hear(...bytes: number[]): void;
  say(...bytes: number[]): void;
  /** The board starts anew, as after a dip of its supply; its port stays. */
  restart(): void;
  dispose(): Promise<void>;
}

/** @param hexFile Intel hex file of the firmware */
export async function startFirmataBoard(hexFile: string): Promise<FirmataBoard> {
  const dir = mkdtempSync(join(tmpdir(), "aryk-uno-"));
  const path = join(dir, "ttyUNO");
  const simulator = [...program("test/rig/firmata-simulator"), hexFile];
  const child: ChildProcess = spawn(process.execPath, simulator, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const levels = new Map<number, boolean>();
  const duties = new Map<number, number>();
  const given = new Map<number, number>();
  let changed: () => void = () => undefined;
  let unplugged = 0;
  let frozen = false;
  let dead = false;
  child.once("exit", () => (dead = true));
  child.on("message", (report: Report) => {
    if ("high" in report) {
      levels.set(report.pin, report.high);
      changed();
    } else if ("duty" in report) duties.set(report.pin, report.duty);
    else if ("unplugged" in report) unplugged++;
    else frozen = report.frozen;
  });
  const order = (what: Order): void => void (dead || child.send(what));

  return {
    path,
    volts(channel, volts) {
      if (given.get(channel) === volts) return;
      given.set(channel, volts);
      order({ do: "volts", channel, volts });
    },
    contact: (pin, closed) => order({ do: "level", pin, high: !closed }),
    high: (pin) => levels.get(pin) === true,
    duty: (pin) => duties.get(pin) ?? 0,
    onLevel: (fn) => (changed = fn),
    async plug() {
      order({ do: "plug", path });
      await until("the board's port", () => existsSync(path) || dead);
      if (dead) throw new Error("the simulator ended");
    },
    async unplug() {
      const before = unplugged;
      order({ do: "unplug" });
      await until("the port is gone", () => unplugged > before || dead);
      levels.clear();
      duties.clear();
      changed();
    },
    async freeze(on) {
      order({ do: "freeze", on });
      await until("the board stands still", () => frozen === on || dead);
    },
    hear: (...bytes) => order({ do: "hear", bytes }),
    say: (...bytes) => order({ do: "say", bytes }),
    restart: () => order({ do: "restart" }),
    async dispose() {
      if (!dead) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/**
 * The boards that carry a post, as data: which interpreter object and pins stand behind each port, and how much room
 * the interpreter leaves. Sources: Espruino's board files (boards/ESP32.py, boards/RAK5010.py) of 2v29.
 */
import type { PinPort } from "../firmware/node/pin-board.js";

export interface PortFact {
  /** Name of the interpreter's object. */
  device: string;
  options: { [option: string]: string | number };
}

export interface Board {
  name: string;
  /** Build of Espruino that it runs. */
  espruino: string;
  mcu: string;
  /** Variables in the interpreter's heap, and bytes of each. */
  variables: number;
  variableBytes: number;
  /** Bytes of flash behind `Storage`. */
  storageBytes: number;
  /** 4 KiB chunks of the outbox. With the image they leave 30 % of the storage free. */
  outboxSlots: number;
  /** How the interpreter reaches an IP network; null where it cannot. */
  network: string | null;
  uarts: { [port: string]: PortFact };
  i2cs: { [port: string]: PortFact };
  /** Ports of single pins. */
  pins: { [port: string]: PinPort };
  /** Supplies that the board can switch: the pin, the level that switches on, and how much the switch bears, in mA. */
  switches: { [name: string]: { pin: string; on: number; mA: number } };
  /** Level of its inputs and outputs, in V. */
  logicV: number;
  /** Port of the serial uplink; taken from the sensors when a site type uses it. */
  serialUplink: string;
}

export const BOARDS: Board[] = [
  {
    name: "esp32",
    espruino: "ESP32",
    mcu: "ESP32-WROOM-32",
    variables: 16383,
    variableBytes: 14,
    storageBytes: 896 * 1024,
    outboxSlots: 100,
    network: "Wifi",
    // Serial1 is the console.
    uarts: {
      uart1: { device: "Serial2", options: { rx: "D16", tx: "D17" } },
      uart2: { device: "Serial3", options: { rx: "D26", tx: "D27" } },
    },
    i2cs: { i2c1: { device: "I2C1", options: { sda: "D21", scl: "D22" } } },
    // Inputs only: 34 and 35 have no pull-up of their own. 32 and 33 have.
    pins: {
      contact1: { kind: "digital", options: { pin: "D32" } },
      pulse1: { kind: "pulse", options: { pin: "D33" } },
      analog1: { kind: "analog", options: { pin: "D34" } },
      clocked1: { kind: "clocked", options: { device: "SPI2", mosi: "D13", miso: "D12", sck: "D14" } },
    },
    switches: { parts: { pin: "D25", on: 1, mA: 500 } },
    logicV: 3.3,
    serialUplink: "uart2",
  },
  {
    name: "nrf52840",
    espruino: "RAK5010",
    mcu: "nRF52840",
    variables: 12500,
    variableBytes: 13,
    storageBytes: 80 * 1024,
    outboxSlots: 9,
    network: "QuectelBG96",
    uarts: {
      uart1: { device: "Serial1", options: { rx: "D19", tx: "D20" } },
    },
    i2cs: { i2c1: { device: "I2C1", options: { sda: "D14", scl: "D13" } } },
    pins: {},
    switches: {},
    logicV: 1.8,
    serialUplink: "uart1",
  },
];

/** The board of that name, or undefined. */
export function boardOf(name: string): Board | undefined {
  return BOARDS.find((board) => board.name === name);
}

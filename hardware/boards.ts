/**
 * The boards that carry a post, as data: which interpreter object and pins stand behind each port, and how much room
 * the interpreter leaves. Sources: Espruino's board files (boards/ESP32.py, boards/XIAOBLE.py) of 2v29.
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
  /** Bytes of flash behind `Storage`, and the address of the first. */
  storageBytes: number;
  storageBase: number;
  /** 4 KiB chunks of the outbox, at most: where flash has room for fewer, there are fewer. */
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
  /** Port of a radio module or modem. */
  radio: string;
  /** True where sensors and radio share one UART of the chip, by turns and on different pins. */
  uartInTurns: boolean;
}

export const BOARDS: Board[] = [
  {
    name: "esp32",
    espruino: "ESP32",
    mcu: "ESP32-WROOM-32",
    variables: 16383,
    variableBytes: 14,
    storageBytes: 896 * 1024,
    storageBase: 0x320000,
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
      // Never D12: high at the start, as an idle converter holds it, it makes the chip feed its own flash with 1.8 V.
      clocked1: { kind: "clocked", options: { device: "SPI2", mosi: "D23", miso: "D19", sck: "D18" } },
    },
    switches: { parts: { pin: "D25", on: 1, mA: 500 } },
    logicV: 3.3,
    serialUplink: "uart2",
    radio: "uart2",
    uartInTurns: false,
  },
  {
    name: "xiao-ble",
    espruino: "XIAOBLE",
    mcu: "nRF52840",
    variables: 14000,
    variableBytes: 13,
    storageBytes: 2048 * 1024,
    storageBase: 0x60000000,
    outboxSlots: 64,
    // No TCP/IP in this build: a modem brings its own.
    network: null,
    // The chip has one UART. Its pins change with the port, so that sensor and radio use it by turns.
    uarts: {
      uart1: { device: "Serial1", options: { rx: "D7", tx: "D6" } },
      uart2: { device: "Serial1", options: { rx: "D9", tx: "D8" } },
    },
    i2cs: { i2c1: { device: "I2C1", options: { sda: "D4", scl: "D5" } } },
    pins: {
      contact1: { kind: "digital", options: { pin: "D0" } },
      pulse1: { kind: "pulse", options: { pin: "D2" } },
      // The battery, by the board's own divider, whose foot hangs on a pin of its own (XIAOBLE.py: VBAT_ENABLE, negated).
      analog1: { kind: "analog", options: { pin: "D32", enable: "D14" } },
      // The clock goes to the converter; the SPI port's own clock ends at the green LED.
      clocked1: { kind: "clocked", options: { device: "SPI1", mosi: "D10", miso: "D3", sck: "D13" } },
    },
    // High at the start would keep the image from running (it is this build's BTN1): 100 kΩ to ground hold it low.
    // The modem's power key, by a transistor, is in place of the pulse port.
    switches: { parts: { pin: "D1", on: 1, mA: 500 }, modem: { pin: "D2", on: 1, mA: 1 } },
    logicV: 3.3,
    serialUplink: "uart1",
    radio: "uart2",
    uartInTurns: true,
  },
];

/** Boards that people ask for, and why they are not here. Sources: Espruino's board files and documentation of 2v29. */
export const REFUSED: { board: string; why: string }[] = [
  { board: "ESP8266", why: "no SHA-256, so it cannot seal; 1,600 variables; its watchdog does nothing" },
  { board: "Raspberry Pi Pico (RP2040, RP2350)", why: "no crypto in the build; its UART is asked every 5 ms only" },
  { board: "ESP32 (IDF4 build)", why: "no crypto in the build" },
  { board: "ESP32-C3", why: "4,095 variables and two UARTs, one of them the console: too little for two sensors" },
  { board: "Jolt.js", why: "no crypto in the build" },
  { board: "MDBT42Q", why: "40 KiB of storage: no second image; 2,950 variables" },
  { board: "RAK5010", why: "80 KiB of storage: no second image, and a ring of five days; its inputs bear 1.8 V" },
  { board: "STM32L496 Discovery, Stemcell", why: "its watchdog does nothing" },
  { board: "WIO LTE", why: "no crypto in the build" },
];

/** The board of that name, or undefined. */
export function boardOf(name: string): Board | undefined {
  return BOARDS.find((board) => board.name === name);
}

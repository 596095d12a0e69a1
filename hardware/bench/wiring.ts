/**
 * The rig on the technician's desk, as data: an Arduino Uno with StandardFirmata, a relay board, a handful of resistors.
 * Which pin of it goes where, through what, and how high it can then be at the node: the Uno is a part of 5 V, the node
 * one of 3.3 V. What drives a pin of the node does it through a divider; contacts are contacts of relays, without a
 * voltage of their own.
 */
import { boardOf } from "../boards.js";
import { optionsOf } from "../ports.js";
import { sensorsOf } from "../sites.js";
import type { Build, SensorOnPort, SiteType } from "../sites.js";
import type { Text } from "../text.js";

/** Digital pins of the relays. None is 13: the Uno blinks it at every start. Closed when the pin is high. */
export const RELAYS = { supply: 7, contact: 8, pulse: 12 } as const;
export type RelayName = keyof typeof RELAYS;

/** Analog channels, and how much of the voltage reaches the Uno. */
export const POINTS = {
  /** The voltage that the rig drives, at the node's own pin. */
  drive: { channel: 0, ratio: 1 },
  /** The node's 3.3 V rail. */
  rail33: { channel: 1, ratio: 1 },
  /** Its 5 V rail, where it has one: 10 kΩ and 10 kΩ. */
  rail5: { channel: 2, ratio: 0.5 },
  /** The supply of its sensors behind the board's switch: 10 kΩ and 10 kΩ. */
  parts: { channel: 3, ratio: 0.5 },
  /** A voltage that is known: what the Uno's own 5 V really are follows from it. */
  reference: { channel: 4, ratio: 1 },
} as const;
export type PointName = keyof typeof POINTS;

/** LM4040AIZ-2.5: 2.500 V ± 0.1 % (Texas Instruments SNOS633, grade A), fed with 1 kΩ from the Uno's 5 V. */
export const REFERENCE_V = 2.5;
/** USB's 5 V are 4.40 to 5.25 V at a socket (USB 2.0, table 7-7, low-power hub port and high-power port). */
export const SUPPLY_V = { least: 4.4, most: 5.25 };

/**
 * PWM at 980 Hz (pin 6 of an Uno) through 4.7 kΩ to the node's pin, from there 6.8 kΩ and 47 µF to ground. Together they
 * are 2.8 kΩ: with 47 µF a time constant of 0.13 s, and a ripple of some 6 mV at half duty, one step of the Uno's
 * converter. And they are the divider: of 5.25 V 3.1 V are left, below the 3.3 V that the node's pins bear.
 */
export const DRIVE = { pin: 6, topOhms: 4700, bottomOhms: 6800, farads: 47e-6, ohmsTolerance: 0.01 };
/** Seven time constants: the rest is a thousandth. */
export const SETTLE_MS = 1000;
/** The Uno's converter: ± 2 steps of 4.9 mV (ATmega328P datasheet, ADC characteristics), the reference's 0.1 %, the ripple. */
export const RIG_ERROR_V = 0.015;

/** The divider's ratio; `worst` with resistors at the ends of their tolerance. */
export function driveRatio(worst = false): number {
  const { topOhms, bottomOhms, ohmsTolerance } = DRIVE;
  const off = worst ? ohmsTolerance : 0;
  return (bottomOhms * (1 + off)) / (bottomOhms * (1 + off) + topOhms * (1 - off));
}

/** The highest voltage that the rig can put on a pin of the node, in V. */
export const DRIVE_MOST_V = SUPPLY_V.most * driveRatio(true);

/** One wire of the rig. */
export interface Wire {
  rig: string;
  /** What of the node it goes to; a port as boards.ts names it, where it is one. */
  node: string;
  through: string;
  /** The highest voltage that it can bring to the node, in V; null where it brings none (a contact, or the rig reads). */
  mostV: number | null;
  /** What of the post is off meanwhile. */
  off?: Text[];
}

/** It stays off in the field too. */
const USB: Text = { en: "USB of the node", ru: "USB платы", kk: "плата USB-і" };
const SUPERCAPACITORS: Text = { en: "the supercapacitors", ru: "ионисторы", kk: "ионисторлар" };

/** Sensors in whose place the rig closes a contact. */
const CONTACTS: { [sensor: string]: Text } = {
  float: { en: "the float", ru: "поплавок", kk: "қалтқы" },
  contact: { en: "the lid contact", ru: "контакт крышки", kk: "қақпақ түйіспесі" },
  rain: { en: "the rain gauge", ru: "осадкомер", kk: "жауын өлшегіш" },
};

/** Sensors whose converter is given the rig's voltage in place of what it measures, and what then is off. */
export const VOLTAGE_INPUTS: {
  [sensor: string]: { at: (options: { [name: string]: number }) => string; off: Text };
} = {
  battery: {
    at: () => "BAT+",
    off: { en: "the 10 kΩ from the cells", ru: "резистор 10 кОм от батареи", kk: "батареядан келетін 10 кОм резистор" },
  },
  supply: {
    at: () => "top of the divider",
    off: { en: "the wire from the supply", ru: "провод от питания", kk: "қуаттан келетін сым" },
  },
  pressure: {
    at: ({ channel, address }) => `AIN${channel} of the ADS1115 at ${hex(address)}`,
    // With them the rig's voltage would be a tenth.
    off: { en: "loop − and the 150 Ω", ru: "«петля −» и 150 Ом", kk: "«ілмек −» мен 150 Ом" },
  },
  "no2-b43f": {
    at: cellInputs,
    off: { en: "the NO₂ cell's board", ru: "плата ячейки NO₂", kk: "NO₂ ұяшығының платасы" },
  },
  "ox-b431": {
    at: cellInputs,
    off: { en: "the ozone cell's board", ru: "плата ячейки озона", kk: "озон ұяшығының платасы" },
  },
};

function hex(address: number | undefined): string {
  return `0x${(address ?? 0).toString(16)}`;
}

function cellInputs({ we, ae, address }: { [name: string]: number }): string {
  return `AIN${we} and AIN${ae} of the ADS1115 at ${hex(address)}`;
}

const DRIVEN = `${DRIVE.topOhms / 1000} kΩ; at the node ${DRIVE.bottomOhms / 1000} kΩ and 47 µF to ground`;

/**
 * Where the relay cuts the supply, and what is off meanwhile. Before everything on the rail: a sensor that is fed alone
 * feeds a dead board through its data pin. Supercapacitors behind the relay would hold the board for minutes.
 */
function feedOf({ supply }: Build): { node: string; off: Text[] } {
  switch (supply) {
    case "mains":
      return { node: "in the +V lead, before everything on net 5V", off: [USB, SUPERCAPACITORS] };
    case "vehicle":
      return { node: "in the OUT + lead, before everything on net 5V", off: [USB, SUPERCAPACITORS] };
    default:
      return { node: "in the VOUT lead of the regulator, before everything on net 3V5", off: [USB] };
  }
}

/** What is off in the place of a sensor, with the suffix of the second of its kind. */
function offFor({ sensor, suffix }: SensorOnPort, text: Text | undefined): Text[] {
  if (text === undefined) throw new Error(`the rig's wiring does not say what is off in the place of ${sensor}`);
  const { en, ru, kk } = text;
  const of = suffix === undefined ? "" : ` (${suffix})`;
  return [{ en: en + of, ru: ru + of, kk: kk + of }];
}

/** Every wire between rig and node for a type of post, the ground first: nothing else is connected before it. */
export function wiringOf(type: SiteType, build: Build): Wire[] {
  const board = boardOf(build.board);
  const pinOf = (port: string): string => String(board?.pins[port]?.options.pin ?? port);
  const input = build.supply === "mains" || build.supply === "vehicle" ? "5V" : "3V3";
  const wires: Wire[] = [
    { rig: "GND", node: "GND", through: "a wire, before all others", mostV: null },
    {
      rig: `relay on D${RELAYS.supply}`,
      ...feedOf(build),
      through: "contact NO",
      mostV: null,
    },
    { rig: "A1", node: "3V3 pin", through: "10 kΩ", mostV: null },
  ];
  if (input === "5V") wires.push({ rig: "A2", node: "5V pin", through: "10 kΩ; at A2 10 kΩ to ground", mostV: null });
  if (sensorsOf(type, build).some((one) => one.power === "parts"))
    wires.push({
      rig: "A3",
      node: `switched supply (${board?.switches.parts?.pin ?? "parts"})`,
      through: "10 kΩ; at A3 10 kΩ to ground",
      mostV: null,
    });
  for (const fitted of sensorsOf(type, build)) {
    const kind = board?.pins[fitted.port]?.kind;
    const relay = kind === "digital" ? "contact" : kind === "pulse" ? "pulse" : null;
    if (relay !== null)
      wires.push({
        rig: `relay on D${RELAYS[relay]}`,
        node: `${fitted.port} (${pinOf(fitted.port)}) and GND`,
        through: "contact NO",
        mostV: null,
        off: offFor(fitted, CONTACTS[fitted.sensor]),
      });
    const driven = VOLTAGE_INPUTS[fitted.sensor];
    if (driven === undefined) continue;
    wires.push({
      rig: `D${DRIVE.pin}`,
      node: `${fitted.port}: ${driven.at(optionsOf(type, fitted))}`,
      through: DRIVEN,
      mostV: DRIVE_MOST_V,
      off: offFor(fitted, driven.off),
    });
    if (!wires.some(({ rig }) => rig === "A0"))
      wires.push({ rig: "A0", node: "that same pin", through: "a wire", mostV: null });
  }
  wires.push({ rig: "A4", node: "none: LM4040-2.5 to ground", through: "1 kΩ from the Uno's 5V to A4", mostV: null });
  return wires;
}

/** What of the post is off for the bench test. */
export function offOnBench(type: SiteType, build: Build): Text[] {
  return wiringOf(type, build).flatMap(({ off = [] }) => off);
}

/** What of it must be back on behind the test. */
export function backAfterBench(type: SiteType, build: Build): Text[] {
  return offOnBench(type, build).filter((text) => text !== USB);
}

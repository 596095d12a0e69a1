/**
 * The energy of a post: current × time of each phase, from the facts of its parts, to its mean current; and how long a
 * battery, or a cell without sun, lasts with it. Pure. Every figure is read through `read`, by name, so that a budget can
 * be reckoned again with one figure changed (power/sensitivity.ts).
 */
import type { Figure, SensorFacts } from "../firmware/sensors/facts-of.js";
import type { Sensor } from "../firmware/sensors/sensor.js";
import { regulatorOf } from "./kits.js";
import { figureOf } from "./parts.js";
import { airTime, listening } from "./power/air-time.js";
import { AGAIN, JOINS_A_DAY, LORA_BYTES, MIX, SESSION_S, SPREADING } from "./power/mix.js";
import { sensorsOf } from "./sites.js";
import type { Build, SiteType } from "./sites.js";

const DAY_S = 86_400;
/** A part that knows no sleep (0 mA: it is meant to be switched off) and draws more than this never rests by itself. */
const RESTLESS_MA = 1;
/** A part that measures by itself gives a value at least this often, in seconds. */
const SHORTEST_SAMPLE_S = 0.15;

/** Gives the value to reckon with for a figure; `name` is the same in every budget. */
export type Read = (name: string, figure: Figure) => number;

export const asStated: Read = (_name, figure) => figure.value;

/** A sensor as the budget sees it: its facts, its timing, and whether its supply is switched off between rounds. */
export interface Fitted {
  name: string;
  facts: SensorFacts;
  timing: Sensor;
  switched: boolean;
  /** A contact that is closed while nothing happens: the board's pull-up feeds it all the time. */
  closedAtRest: boolean;
}

/** One way of building one type of site. */
export interface Subject {
  type: SiteType;
  build: Build;
  fitted: Fitted[];
}

/** A current that flows for some seconds, so many times a day. */
export interface Phase {
  name: string;
  mA: number;
  seconds: number;
  perDay: number;
}

/** Rounds of measuring a day: each share of the year at its own cadence. */
export function roundsPerDay(type: SiteType, read: Read = asStated): number {
  const { drySeconds, wetSeconds = drySeconds, fastSeconds = wetSeconds } = type.sampling;
  const wet = read(`${type.kind}: share of wet time`, MIX[type.kind].wetShare);
  const fast = read(`${type.kind}: share of fast rise`, MIX[type.kind].fastShare);
  return DAY_S * ((1 - wet - fast) / drySeconds + wet / wetSeconds + fast / fastSeconds);
}

/** Seconds from waking a sensor to its first sample, and over all of its samples. */
export function awake(timing: Sensor): { warmUpS: number; samplingS: number } {
  const each = Math.max(timing.sampleEveryMs / 1000, SHORTEST_SAMPLE_S);
  return { warmUpS: timing.warmUpMs / 1000, samplingS: timing.samples * each };
}

/** A figure of a part in hardware/parts, through `read`. */
export function part(read: Read, name: string, figure: string): number {
  return read(`${name} ${figure}`, figureOf(name, figure));
}

function boardPhases(subject: Subject, rounds: number, read: Read): Phase[] {
  const board = subject.build.board;
  return [
    { name: `${board} resting`, mA: part(read, board, "sleepMa"), seconds: DAY_S, perDay: 1 },
    {
      name: `${board} computing`,
      mA: Math.max(0, part(read, board, "activeMa") - part(read, board, "sleepMa")),
      seconds: part(read, board, "activeS"),
      perDay: rounds,
    },
  ];
}

function sensorPhases(subject: Subject, fitted: Fitted, rounds: number, read: Read): Phase[] {
  const { facts, timing, name } = fitted;
  const { warmUpS, samplingS } = awake(timing);
  const port = sensorsOf(subject.type, subject.build).find((s) => s.sensor === name)?.port ?? "";
  const open = port.startsWith("uart") ? part(read, subject.build.board, "uartOpenMa") : 0;
  const sample = read(`${name} sample`, facts.phases.sample);
  const restless = !fitted.switched && facts.phases.sleep.value === 0 && facts.phases.sample.value > RESTLESS_MA;
  if (facts.alwaysOn || restless) return [{ name: `${name} always on`, mA: sample, seconds: DAY_S, perDay: 1 }];
  if (fitted.closedAtRest) {
    const pullUp = part(read, subject.build.board, "pullUpMa");
    return [{ name: `${name} closed at rest`, mA: pullUp, seconds: DAY_S, perDay: 1 }];
  }
  const sleep = fitted.switched ? 0 : read(`${name} asleep`, facts.phases.sleep);
  return [
    { name: `${name} asleep`, mA: sleep, seconds: DAY_S, perDay: 1 },
    {
      name: `${name} warming up`,
      mA: read(`${name} warm-up`, facts.phases.warmUp) + open,
      seconds: warmUpS,
      perDay: rounds,
    },
    { name: `${name} sampling`, mA: sample + open, seconds: samplingS, perDay: rounds },
  ];
}

function loraPhases(subject: Subject, packs: number, read: Read): Phase[] {
  const spreading = Math.round(read("LoRa spreading factor", SPREADING));
  const bounded = Math.min(12, Math.max(7, spreading));
  const idle = part(read, "rn2483", "idleMa") + part(read, subject.build.board, "uartOpenMa");
  return [
    { name: "radio asleep", mA: part(read, "rn2483", "sleepMa"), seconds: DAY_S, perDay: 1 },
    { name: "radio awake", mA: idle, seconds: part(read, "rn2483", "awakeS"), perDay: packs },
    { name: "radio sending", mA: part(read, "rn2483", "txMa"), seconds: airTime(bounded, LORA_BYTES), perDay: packs },
    { name: "radio listening", mA: part(read, "rn2483", "rxMa"), seconds: listening(bounded), perDay: packs },
  ];
}

function modemPhases(subject: Subject, packs: number, read: Read): Phase[] {
  const session = read("modem session", SESSION_S);
  return [
    { name: "modem asleep (PSM)", mA: part(read, "bg96", "sleepMa"), seconds: DAY_S, perDay: 1 },
    { name: "modem's reservoir", mA: part(read, "bg96", "reservoirLeakMa"), seconds: DAY_S, perDay: 1 },
    // A charge, written as a second of it: what a session draws is known, how it is spread is not.
    { name: "modem sessions", mA: part(read, "bg96", "sessionMah") * 3600, seconds: 1, perDay: packs },
    {
      name: "modem searching",
      mA: part(read, "bg96", "joinMah") * 3600,
      seconds: 1,
      perDay: read("modem joins a day", JOINS_A_DAY),
    },
    {
      name: "serial port to the modem",
      mA: part(read, subject.build.board, "uartOpenMa"),
      seconds: session,
      perDay: packs,
    },
  ];
}

function supplyPhases(build: Build, read: Read): Phase[] {
  const always = (name: string, mA: number): Phase => ({ name, mA, seconds: DAY_S, perDay: 1 });
  if (build.supply === "battery")
    return [
      always("pulse capacitor", part(read, "pulse-capacitor", "leakMa")),
      always("regulator and switch", part(read, regulatorOf(build), "sleepMa") + part(read, "load-switch", "sleepMa")),
    ];
  if (build.supply === "solar")
    return [
      always("charger", part(read, "charger-lifepo4", "sleepMa")),
      always("regulator and switch", part(read, regulatorOf(build), "sleepMa") + part(read, "load-switch", "sleepMa")),
    ];
  return [];
}

/** Everything that draws current in such a post, at the voltage behind its regulator. */
export function phasesOf(subject: Subject, read: Read = asStated): Phase[] {
  const { type, build, fitted } = subject;
  const rounds = roundsPerDay(type, read);
  const packs = rounds * read("packs sent again", AGAIN);
  const radio =
    build.uplink === "lora"
      ? loraPhases(subject, packs, read)
      : build.uplink === "modem"
        ? modemPhases(subject, packs, read)
        : build.uplink === "serial"
          ? [{ name: "line driver", mA: part(read, "rs485", "sleepMa"), seconds: DAY_S, perDay: 1 }]
          : [];
  return [
    ...boardPhases(subject, rounds, read),
    ...fitted.flatMap((one) => sensorPhases(subject, one, rounds, read)),
    ...radio,
    ...supplyPhases(build, read),
  ];
}

/** mAh that a phase takes in a day. */
export const mahPerDay = (phase: Phase): number => (phase.mA * phase.seconds * phase.perDay) / 3600;

/** Mean current of all phases, mA. */
export function meanMa(phases: Phase[]): number {
  return phases.reduce((sum, phase) => sum + mahPerDay(phase), 0) / 24;
}

/** The most that may flow at one moment, mA: board and radio at their peaks, with the sensor that wants most. */
export function peakMa(subject: Subject, read: Read = asStated): number {
  const { build, fitted } = subject;
  const peaks = fitted.map(({ name, facts }) => read(`${name} peak`, facts.phases.peak ?? facts.phases.sample));
  // Sensors take turns, but a fan runs on while the next one is asked: the two largest are counted.
  const largest = peaks.sort((a, b) => b - a).slice(0, 2);
  const steady = fitted
    .filter(({ facts }) => facts.alwaysOn)
    .map(({ name, facts }) => read(`${name} sample`, facts.phases.sample));
  const radio =
    build.uplink === "modem"
      ? part(read, "bg96", "peakMa")
      : build.uplink === "lora"
        ? part(read, "rn2483", "txMa")
        : 0;
  return [part(read, build.board, "peakMa"), radio, ...largest, ...steady].reduce((a, b) => a + b, 0);
}

/**
 * What the rig does with a board of a type, and what the board must say to it. Derived from the site type: what stands on
 * which port. Rounds of measuring follow each other, each under other contacts and another voltage, so that a reading of
 * the round before is never taken for one of this. What the rig cannot drive is asked for a reading without a fault.
 */
import { sensorKind } from "../../firmware/sensors/list.js";
import type { Fault } from "../../firmware/wire/pack.js";
import { FULL_MA, ZERO_MA } from "../../firmware/sensors/pressure/facts.js";
import { boardOf } from "../boards.js";
import { imageName } from "../image.js";
import { optionsOf } from "../ports.js";
import { sensorsOf } from "../sites.js";
import type { Build, SensorOnPort, SiteType } from "../sites.js";
import { RIG_ERROR_V, wiringOf } from "./wiring.js";
import type { PointName, Wire } from "./wiring.js";

/** Where what is measured must lie: bounds, or the fault that must be named. */
export type Expected = { least: number; most: number } | { fault: Fault };

/** What a step may build on: the voltage that the rig read at the node's pin, in mV, and what the property was before. */
export interface Given {
  mV: number;
  before: number | null;
}

/** A reading that must follow what the rig did. */
export interface ReadingStep {
  name: string;
  property: string;
  unit: string;
  /** Where the bounds come from. */
  source: string;
  expect(given: Given): Expected;
}

/** One round of measuring under contacts and a voltage. */
export interface Round {
  /** What the rig does before it, for the sheet. */
  did: string;
  closed: boolean;
  /** Voltage at the node's pin, in V; 0 where nothing is driven. */
  volts: number;
  /** Closures of the pulse contact. */
  tips: number;
  steps: ReadingStep[];
}

/** A voltage of the board itself, while it is fed. */
export interface RailStep {
  name: string;
  point: PointName;
  least: number;
  most: number;
  source: string;
}

export interface Plan {
  type: string;
  /** What the board must say that it runs. */
  image: string;
  wires: Wire[];
  rails: RailStep[];
  /** Its sensors' supply goes over the board's switch. */
  switched: boolean;
  /** Replies over a narrow radio have no room for what flash said. */
  tellsFlash: boolean;
  /** The rig drives a voltage. */
  driven: boolean;
  /** All that a whole round says. */
  properties: string[];
  rounds: Round[];
  /** Every sensor that the rig does nothing to, and the properties that it must give in the first round. */
  sensors: { name: string; properties: string[] }[];
}

/** Closures that stand for tips of a rain gauge: enough that neither one lost nor one doubled goes unseen. */
const TIPS = 5;
/** While the board sleeps or is off, what is left on a rail is leakage: more is a voltage from somewhere. */
export const OFF_V = 0.3;

type Make = (fitted: SensorOnPort, options: { [name: string]: number }, volts: number) => ReadingStep[];

const around = (value: number, tolerance: number): Expected => ({ least: value - tolerance, most: value + tolerance });
const RIG_MV = 1000 * RIG_ERROR_V;
const nameOf = ({ sensor, port, suffix = "" }: SensorOnPort, what: string): string =>
  `${sensor}${suffix} ${port} ${what}`;

/** A voltage behind a divider: its own share of error, and the rig's. */
function behindDivider(property: string, share: number, zeroIsFault: boolean, source: string): Make {
  return (fitted, _options, volts) => [
    {
      name: nameOf(fitted, `${volts} V`),
      property,
      unit: "mV",
      source,
      expect: ({ mV }) => (volts === 0 && zeroIsFault ? { fault: "electrical" } : around(mV, share * mV + RIG_MV)),
    },
  ];
}

/** The ADS1115's gain and offset error (SBAS444, electrical characteristics) and the resistor's, taken together. */
const CONVERTER_SHARE = 0.005;
const CONVERTER = "ADS1115 (SBAS444) 0.5 %, rig 15 mV";

const loop: Make = (fitted, { ohms = 150, fullMm = 0 }, volts) => {
  const step = (property: string, unit: string, of: (mA: number) => number): ReadingStep => ({
    name: nameOf(fitted, `${volts} V ${property}`),
    property,
    unit,
    source: `${CONVERTER}, over ${ohms} Ω; 0 V: a cut loop (NAMUR NE 43)`,
    expect({ mV }) {
      if (volts === 0) return { fault: "electrical" };
      const mA = mV / ohms;
      const off = mA * CONVERTER_SHARE + RIG_MV / ohms;
      return { least: of(mA - off), most: of(mA + off) };
    },
  });
  return [
    step("current", "mA", (mA) => mA),
    step("head", "mm", (mA) => ((mA - ZERO_MA) * fullMm) / (FULL_MA - ZERO_MA)),
  ];
};

function cell(electrodes: string[]): Make {
  return (fitted, _options, volts) =>
    electrodes.map((electrode) => ({
      name: nameOf(fitted, `${volts} V ${electrode}`),
      property: electrode + (fitted.suffix ?? ""),
      unit: "mV",
      source: `${CONVERTER}; 0 V: a wire off`,
      expect: ({ mV }) => (volts === 0 ? { fault: "electrical" } : around(mV, CONVERTER_SHARE * mV + RIG_MV)),
    }));
}

/** What a driven voltage must become, by sensor; and the highest that it takes for a reading, as far as the rig goes on a weak port. */
const VOLTAGES: { [sensor: string]: { highV: number; steps: Make } } = {
  battery: { highV: 2.5, steps: behindDivider("battery", 0.02, true, "its facts: ± 2 %; rig 15 mV") },
  supply: { highV: 2.5, steps: behindDivider("supply", 0.03, false, "its facts: ± 3 %; rig 15 mV") },
  // 2.5 V are 16.7 mA over 150 Ω. Cells end at 2 V.
  pressure: { highV: 2.5, steps: loop },
  "no2-b43f": { highV: 1.8, steps: cell(["no2-we", "no2-ae"]) },
  "ox-b431": { highV: 1.8, steps: cell(["ox-we", "ox-ae"]) },
};
/** Above the 0.6 V of 4 mA. */
const LOW_V = 0.9;

function propertiesOf(type: SiteType, fitted: SensorOnPort): string[] {
  const sensor = sensorKind(fitted.sensor)?.make(optionsOf(type, fitted));
  if (sensor === undefined) return [];
  const spread = sensor.spread === null ? [] : [sensor.spread.as];
  return [...sensor.properties, ...spread].map(({ name }) => name + (fitted.suffix ?? ""));
}

/** A contact says 1 or 0, by what a closed one means there. */
function contactSteps(type: SiteType, build: Build, closed: boolean, word: string): ReadingStep[] {
  return sensorsOf(type, build)
    .filter(({ port }) => boardOf(build.board)?.pins[port]?.kind === "digital")
    .map((fitted) => {
      const { whenClosed = 1 } = optionsOf(type, fitted);
      const value = closed ? whenClosed : 1 - whenClosed;
      return {
        name: nameOf(fitted, word),
        property: propertiesOf(type, fitted)[0],
        unit: "/",
        source: "its contact is the rig's",
        expect: () => ({ least: value, most: value }),
      };
    });
}

function tipSteps(type: SiteType, build: Build, tips: number): ReadingStep[] {
  return sensorsOf(type, build)
    .filter(({ port }) => boardOf(build.board)?.pins[port]?.kind === "pulse")
    .map((fitted) => ({
      name: nameOf(fitted, `${tips} tips`),
      property: propertiesOf(type, fitted)[0],
      unit: "count",
      source: "what it was before, and every closure once",
      expect: ({ before }) => around((before ?? NaN) + tips, 0),
    }));
}

function railsOf(build: Build): RailStep[] {
  if (build.supply === "battery" || build.supply === "solar")
    return [
      {
        name: "rail 3V3",
        point: "rail33",
        least: 3.3,
        most: 3.6,
        source: "regulator 3.5 V (hardware/parts); 3.6 V are the nRF52840's limit",
      },
    ];
  return [
    { name: "rail 5V", point: "rail5", least: 4.75, most: 5.25, source: "checklist: 4.75–5.25 V under load" },
    { name: "rail 3V3", point: "rail33", least: 3.135, most: 3.465, source: "3.3 V ± 5 %" },
  ];
}

/** The plan of a build. */
export function planOf(type: SiteType, build: Build): Plan {
  const kinds = sensorsOf(type, build).map(({ port }) => boardOf(build.board)?.pins[port]?.kind);
  const highs = sensorsOf(type, build).flatMap(({ sensor }) => VOLTAGES[sensor]?.highV ?? []);
  const driven = highs.length > 0;
  const [touched, tipped] = [kinds.includes("digital"), kinds.includes("pulse")];
  const round = (word: string, volts: number, tips: number, closed = word === "closed"): Round => ({
    did: [touched ? `contact ${word}` : "", driven ? `${volts} V` : "", tipped && tips > 0 ? `${tips} tips` : ""]
      .filter((word) => word !== "")
      .join(", "),
    closed: touched && closed,
    volts: driven ? volts : 0,
    tips: tipped ? tips : 0,
    steps: [
      ...contactSteps(type, build, closed, word),
      ...sensorsOf(type, build).flatMap(
        (fitted) => VOLTAGES[fitted.sensor]?.steps(fitted, optionsOf(type, fitted), volts) ?? [],
      ),
      ...(tips > 0 ? tipSteps(type, build, tips) : []),
    ],
  });
  const rounds = [round("open", LOW_V, 0)];
  if (touched || driven || tipped) rounds.push(round("closed", Math.min(...highs), TIPS));
  if (touched || driven) rounds.push(round("open again", 0, 0));
  const judged = new Set(rounds.flatMap(({ steps }) => steps.map(({ property }) => property)));
  return {
    type: type.name,
    image: imageName(type, build),
    wires: wiringOf(type, build),
    rails: railsOf(build),
    switched: sensorsOf(type, build).some(({ power }) => power === "parts"),
    tellsFlash: build.uplink !== "lora",
    driven,
    properties: sensorsOf(type, build).flatMap((fitted) => propertiesOf(type, fitted)),
    rounds,
    sensors: sensorsOf(type, build)
      .map((fitted) => ({ name: nameOf(fitted, "").trim(), properties: propertiesOf(type, fitted) }))
      .filter(({ properties }) => !properties.some((property) => judged.has(property))),
  };
}

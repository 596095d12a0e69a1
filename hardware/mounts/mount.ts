/** How a type of post is mounted, checked and mended: what the sheets for the field are made of. Plain data. */
import type { KitItem } from "../kits.js";
import type { Build } from "../sites.js";
import type { Text } from "../text.js";

/** For which posts something holds; what is absent asks for nothing. */
export interface Only {
  /** Builds with one of these supplies. */
  supplies?: Build["supply"][];
  /** Builds with one of these uplinks. */
  uplinks?: Build["uplink"][];
  /** Types of post with one of these sensors, by the name of its folder. */
  sensors?: string[];
}

/** A step of assembly or mounting, in the order of work. */
export interface Step extends Only {
  text: Text;
  /** Why, where leaving it out would not be noticed at once. */
  why?: Text;
  /**
   * Behind the text stands what the bench test has off of a build, or what of that must be back on behind it
   * (hardware/bench/wiring.ts); where there is nothing, there is no step.
   */
  bench?: "off" | "back";
}

/** A question of the checklist that is signed before the technician leaves. */
export interface Check extends Only {
  text: Text;
  /** A number is written down, and must lie within. */
  limit?: { min?: number; max?: number; unit: string };
}

/** What is seen at the hub or in the field, why, and what to carry there. */
export interface Failure extends Only {
  looksLike: Text;
  cause: Text;
  carry: Text;
}

/** A value that the hub must be told of the site, by the name of its field in the calibration record. */
export interface Setting {
  name: string;
  /** The derived property of that record, where it is not the site's first. */
  property?: string;
  unit: string;
  text: Text;
}

/** A box of its own at the end of a cable, for sensors that must stand elsewhere than the board does. */
export interface Head {
  /** As picture and wires name it. */
  name: string;
  label: Text;
  /** The sensors in it: folder with the suffix that their site type gives them. */
  holds: string[];
  /** Where it is fixed, and how far from what. */
  at: Text;
}

export interface Mount {
  /** Name of the site type in hardware/sites.ts. */
  site: string;
  label: Text;
  /** How many the city has. */
  inTheCity: Text;
  /** Height of the sensor's face, in mm, and above what. */
  heightMm: [min: number, max: number];
  above: Text;
  /** How the difference to the point that counts is found. */
  offset: Text;
  /** How far from plumb; where an accelerometer is fitted, the hub tells when it has departed by more (rule `tilt`). */
  tiltMaxDeg: number;
  /** Nearer than this the main sensor sees nothing, in mm. */
  deadZoneMm: number;
  shielding: Text;
  /** Parts beyond the kit of its build. */
  extras: KitItem[];
  /** Where some of its sensors stand in boxes of their own; what those are made of is among the extras. */
  heads?: Head[];
  settings: Setting[];
  steps: Step[];
  checks: Check[];
  failures: Failure[];
}

/**
 * What a sheet says of sensors beyond what their own folders state: how to ask for them so that they fit, and words for
 * what hangs beside them.
 */
import type { Text } from "../text.js";

/** Added to a sensor's part number, by its folder. */
export const SENSOR_ORDERS: { [sensor: string]: string } = {
  float:
    "thread M16 with nut and seal (hole 16.5 mm), no more than 60 mm of it behind the wall, leads of 300 mm or more",
  sht31: "four wires: VDD, GND, SDA, SCL; inside it ADDR is joined to ground (address 0x44), the rest is open",
  tilt: "pins soldered",
  mb7389: "thread ¾″, without a cable",
};

/** What a part that a sensor's facts name as an extra is called; its order, where the facts' own words are a reason. */
export const EXTRAS: { [part: string]: { label: Text; order?: string } } = {
  "surge arrester for 24 V loops": {
    label: {
      en: "surge arrester for 24 V loops",
      ru: "УЗИП токовой петли 24 В",
      kk: "24 В ток тізбегінің асқын кернеу қорғанышы",
    },
    order: "24 V DC, shunt type with terminals +, − and PE alone (nothing in the wires), for 4–20 mA, DIN rail, −40 °C",
  },
  "filter for the probe's vent tube": {
    label: {
      en: "filter for the probe's vent tube",
      ru: "фильтр вентиляционной трубки зонда",
      kk: "зондтың ауа түтігінің сүзгісі",
    },
  },
};

/** Orders of small parts whose mark alone does not say enough. */
export const SMALL_ORDERS: { [mark: string]: string } = {
  "50 mA": "5 × 20 mm F 50 mA (quick), and a holder for wire",
  "150 Ω 0.1 %": "150 Ω 0.1 %, 15 ppm/K, 0.25 W",
  "10 Ω, 5 W": "10 Ω, 5 W, wire-wound, with leads",
  "1N5817": "1N5817 (1 A, 20 V), with leads",
};

/** In place of a wire's own note: "part pin" → what the list of wires says. */
export const WIRE_NOTES: { [wire: string]: string } = {
  "surge arrester for 24 V loops +": "beside the probe's gland, between it and everything else on 12V and LOOP",
};

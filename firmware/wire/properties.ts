/**
 * Every property a post can report or the hub can derive: one name, one unit, for ever.
 *
 * Names and units are SenML's (RFC 8428, units of RFC 8798 and the IANA registry). `decimals` is the number of
 * decimals with which a value is written: a post never sends a raw double, because the interpreter prints those
 * irregularly. `code` is the short code of the binary form for narrow radios; it is never used twice.
 * `from` says who may produce it: a pack that carries a `hub` property is refused.
 *
 * Each property is a constant of its own, so that an image contains only those that its sensors name.
 */
export interface Property {
  name: string;
  unit: string;
  decimals: number;
  code: number;
  from: "node" | "hub";
}

// Level: the raw echo distance, and what the hub makes of it.
export const DISTANCE: Property = { name: "distance", unit: "mm", decimals: 0, code: 1, from: "node" };
/** Largest minus smallest of the samples behind one median: a web, rain or a wave shows here first. */
export const DISTANCE_SPREAD: Property = { name: "distance-spread", unit: "mm", decimals: 0, code: 2, from: "node" };
/** Water depth at the LOWEST point of the carriageway, not under the post. */
export const WATER_DEPTH: Property = { name: "water-depth", unit: "mm", decimals: 0, code: 3, from: "hub" };
/** Level above the site's own datum. */
export const WATER_LEVEL: Property = { name: "water-level", unit: "mm", decimals: 0, code: 4, from: "hub" };
export const WATER_VOLUME: Property = { name: "water-volume", unit: "m3", decimals: 1, code: 5, from: "hub" };
export const FILL: Property = { name: "fill", unit: "%", decimals: 1, code: 6, from: "hub" };

// Air around the post.
export const TEMPERATURE: Property = { name: "temperature", unit: "Cel", decimals: 2, code: 10, from: "node" };
export const HUMIDITY: Property = { name: "humidity", unit: "%RH", decimals: 2, code: 11, from: "node" };

// Particles as the optical counter gives them: "CF=1" and "atmospheric" mass, and the count above 0.3 µm.
export const PM1_CF1: Property = { name: "pm1-cf1", unit: "ug/m3", decimals: 0, code: 20, from: "node" };
export const PM25_CF1: Property = { name: "pm25-cf1", unit: "ug/m3", decimals: 0, code: 21, from: "node" };
export const PM10_CF1: Property = { name: "pm10-cf1", unit: "ug/m3", decimals: 0, code: 22, from: "node" };
export const PM1_ATM: Property = { name: "pm1-atm", unit: "ug/m3", decimals: 0, code: 23, from: "node" };
export const PM25_ATM: Property = { name: "pm25-atm", unit: "ug/m3", decimals: 0, code: 24, from: "node" };
export const PM10_ATM: Property = { name: "pm10-atm", unit: "ug/m3", decimals: 0, code: 25, from: "node" };
/** Particles larger than 0.3 µm in 0.1 litre of air. */
export const COUNT_03: Property = { name: "count-03", unit: "1/dl", decimals: 0, code: 26, from: "node" };
export const PM25: Property = { name: "pm25", unit: "ug/m3", decimals: 1, code: 30, from: "hub" };

// The two electrodes of an electrochemical NO2 cell, and the concentration the hub derives from them.
export const NO2_WE: Property = { name: "no2-we", unit: "mV", decimals: 4, code: 40, from: "node" };
export const NO2_AE: Property = { name: "no2-ae", unit: "mV", decimals: 4, code: 41, from: "node" };
export const NO2: Property = { name: "no2", unit: "ppb", decimals: 1, code: 42, from: "hub" };

export const PROPERTIES: Property[] = [
  DISTANCE,
  DISTANCE_SPREAD,
  WATER_DEPTH,
  WATER_LEVEL,
  WATER_VOLUME,
  FILL,
  TEMPERATURE,
  HUMIDITY,
  PM1_CF1,
  PM25_CF1,
  PM10_CF1,
  PM1_ATM,
  PM25_ATM,
  PM10_ATM,
  COUNT_03,
  PM25,
  NO2_WE,
  NO2_AE,
  NO2,
];

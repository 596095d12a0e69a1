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
/** The same depth by a float switch beside the echo: at least its height while it is lifted, else 0. */
export const WATER_DEPTH_FLOAT: Property = {
  name: "water-depth-float",
  unit: "mm",
  decimals: 0,
  code: 13,
  from: "hub",
};
/** The same depth by a pressure probe beside the echo. */
export const WATER_DEPTH_HEAD: Property = { name: "water-depth-head", unit: "mm", decimals: 0, code: 14, from: "hub" };
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

// Level by other principles than an echo.
/** The second of two echo sensors at one site. */
export const DISTANCE_2: Property = { name: "distance-2", unit: "mm", decimals: 0, code: 7, from: "node" };
/** Water above a pressure probe. */
export const HEAD: Property = { name: "head", unit: "mm", decimals: 0, code: 8, from: "node" };
/** A float switch: 1 where water lifts it, else 0. */
export const FLOAT: Property = { name: "float", unit: "/", decimals: 0, code: 9, from: "node" };
/** Current of a 4–20 mA loop. */
export const CURRENT: Property = { name: "current", unit: "mA", decimals: 3, code: 54, from: "node" };
export const WEIGHT_RAW: Property = { name: "weight-raw", unit: "count", decimals: 0, code: 53, from: "node" };
/** What is in a container, by the load cell under it. */
export const WEIGHT: Property = { name: "weight", unit: "kg", decimals: 1, code: 15, from: "hub" };
export const PRESSURE: Property = { name: "pressure", unit: "hPa", decimals: 2, code: 12, from: "node" };

// Particles of counters that give mass as such, without a choice of calibration.
export const PM1_MASS: Property = { name: "pm1-mass", unit: "ug/m3", decimals: 1, code: 31, from: "node" };
export const PM25_MASS: Property = { name: "pm25-mass", unit: "ug/m3", decimals: 1, code: 32, from: "node" };
export const PM4_MASS: Property = { name: "pm4-mass", unit: "ug/m3", decimals: 1, code: 33, from: "node" };
export const PM10_MASS: Property = { name: "pm10-mass", unit: "ug/m3", decimals: 1, code: 34, from: "node" };
/** Typical size of the particles, by number. */
export const SIZE_TYPICAL: Property = { name: "size-typical", unit: "um", decimals: 2, code: 35, from: "node" };
/** Particles smaller than 2.5 µm in a cubic centimetre. */
export const NUMBER_25: Property = { name: "number-25", unit: "1/cm3", decimals: 1, code: 36, from: "node" };

// Gases.
export const OX_WE: Property = { name: "ox-we", unit: "mV", decimals: 4, code: 43, from: "node" };
export const OX_AE: Property = { name: "ox-ae", unit: "mV", decimals: 4, code: 44, from: "node" };
/** Ozone: what the oxidant cell sees, less its share of NO2. */
export const OZONE: Property = { name: "ozone", unit: "ppb", decimals: 1, code: 45, from: "hub" };
/** What a module with a calibration of its own says; it may be negative. */
export const NO2_MODULE: Property = { name: "no2-module", unit: "ppb", decimals: 0, code: 46, from: "node" };
/** Resistances of a metal-oxide sensor, as the maker's board gives them. */
export const RS_OX: Property = { name: "rs-ox", unit: "count", decimals: 0, code: 47, from: "node" };
export const RS_RED: Property = { name: "rs-red", unit: "count", decimals: 0, code: 48, from: "node" };

// The post itself, and what happens to it.
/** Lean from how it was mounted. */
export const TILT: Property = { name: "tilt", unit: "deg", decimals: 1, code: 50, from: "node" };
/** A lid or door: 1 where it is open, else 0. */
export const DOOR: Property = { name: "door", unit: "/", decimals: 0, code: 51, from: "node" };
/** Tips of a rain gauge since the board started: a pack that is lost loses no rain. */
export const RAIN_COUNT: Property = { name: "rain-count", unit: "count", decimals: 0, code: 52, from: "node" };
export const BATTERY: Property = { name: "battery", unit: "mV", decimals: 0, code: 60, from: "node" };
export const SUPPLY: Property = { name: "supply", unit: "mV", decimals: 0, code: 64, from: "node" };
export const LATITUDE: Property = { name: "latitude", unit: "lat", decimals: 5, code: 61, from: "node" };
export const LONGITUDE: Property = { name: "longitude", unit: "lon", decimals: 5, code: 62, from: "node" };
export const HDOP: Property = { name: "hdop", unit: "/", decimals: 1, code: 63, from: "node" };

// The outlet of an air-cleaning unit, beside the same of its inlet, and what the unit takes out of the air.
export const PM1_CF1_OUT: Property = { name: "pm1-cf1-out", unit: "ug/m3", decimals: 0, code: 79, from: "node" };
export const PM25_CF1_OUT: Property = { name: "pm25-cf1-out", unit: "ug/m3", decimals: 0, code: 70, from: "node" };
export const PM10_CF1_OUT: Property = { name: "pm10-cf1-out", unit: "ug/m3", decimals: 0, code: 80, from: "node" };
export const PM1_ATM_OUT: Property = { name: "pm1-atm-out", unit: "ug/m3", decimals: 0, code: 81, from: "node" };
export const PM25_ATM_OUT: Property = { name: "pm25-atm-out", unit: "ug/m3", decimals: 0, code: 71, from: "node" };
export const PM10_ATM_OUT: Property = { name: "pm10-atm-out", unit: "ug/m3", decimals: 0, code: 82, from: "node" };
export const COUNT_03_OUT: Property = { name: "count-03-out", unit: "1/dl", decimals: 0, code: 72, from: "node" };
export const NO2_WE_OUT: Property = { name: "no2-we-out", unit: "mV", decimals: 4, code: 73, from: "node" };
export const NO2_AE_OUT: Property = { name: "no2-ae-out", unit: "mV", decimals: 4, code: 74, from: "node" };
export const PM25_OUT: Property = { name: "pm25-out", unit: "ug/m3", decimals: 1, code: 75, from: "hub" };
export const NO2_OUT: Property = { name: "no2-out", unit: "ppb", decimals: 1, code: 76, from: "hub" };
export const REMOVAL_PM25: Property = { name: "removal-pm25", unit: "%", decimals: 1, code: 77, from: "hub" };
export const REMOVAL_NO2: Property = { name: "removal-no2", unit: "%", decimals: 1, code: 78, from: "hub" };

export const PROPERTIES: Property[] = [
  DISTANCE,
  DISTANCE_SPREAD,
  WATER_DEPTH,
  WATER_DEPTH_FLOAT,
  WATER_DEPTH_HEAD,
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
  DISTANCE_2,
  HEAD,
  FLOAT,
  CURRENT,
  WEIGHT_RAW,
  WEIGHT,
  PRESSURE,
  PM1_MASS,
  PM25_MASS,
  PM4_MASS,
  PM10_MASS,
  SIZE_TYPICAL,
  NUMBER_25,
  OX_WE,
  OX_AE,
  OZONE,
  NO2_MODULE,
  RS_OX,
  RS_RED,
  TILT,
  DOOR,
  RAIN_COUNT,
  BATTERY,
  SUPPLY,
  LATITUDE,
  LONGITUDE,
  HDOP,
  PM1_CF1_OUT,
  PM25_CF1_OUT,
  PM10_CF1_OUT,
  PM1_ATM_OUT,
  PM25_ATM_OUT,
  PM10_ATM_OUT,
  COUNT_03_OUT,
  NO2_WE_OUT,
  NO2_AE_OUT,
  PM25_OUT,
  NO2_OUT,
  REMOVAL_PM25,
  REMOVAL_NO2,
];

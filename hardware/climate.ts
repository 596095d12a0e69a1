/**
 * Almaty by month, as far as budgets need it: how warm it is, and how much sun a panel gets.
 *
 * No table of measured radiation was found for the city. It is reckoned: radiation outside the air from latitude and day,
 * of that the share that hours of sunshine let through (Ångström and Prescott, coefficients of FAO 56), split into direct
 * and diffuse (Page), turned to the panel's tilt (Liu and Jordan). Formulas as in Duffie and Beckman, Solar Engineering
 * of Thermal Processes, 4th edition, 1.6, 1.8, 1.10, 2.7, 2.12, 2.19.
 */
import type { Figure } from "../firmware/sensors/facts-of.js";
import { assumed, stated } from "./figure.js";

export interface Month {
  name: string;
  days: number;
  /** Mean temperature of the air, °C. */
  meanC: Figure;
  /** Hours of sunshine in the month. */
  sunshineHours: Figure;
  /** Day of the year that stands for the month: Klein's, Duffie and Beckman table 1.6.1. */
  day: number;
}

export const LATITUDE = 43.25;
/** Coldest night of a usual winter, and what cells are reckoned at; the record is −37.7 (February 1951). */
export const COLD_C = -30;
export const WARM_C = 20;

const CITY = "Encyclopaedic text on the climate of Almaty, at scholar.tips (January, July and year)";
const SUN = "weather-and-climate.com, Almaty (January and July)";
const TEMPERATURE_WHY = "from memory of the weather service's table; the twelve give the stated yearly mean of 10 °C";
const SUNSHINE_WHY = "between the two stated months, as the cloudiness of the city's year runs: from memory";

const month = (name: string, days: number, day: number, meanC: Figure, sunshineHours: Figure): Month => ({
  name,
  days,
  day,
  meanC,
  sunshineHours,
});
const warm = (value: number): Figure => assumed(value, TEMPERATURE_WHY);
const sunny = (value: number): Figure => assumed(value, SUNSHINE_WHY);

export const MONTHS: Month[] = [
  month("January", 31, 17, stated(-4.7, CITY, "first paragraph"), stated(117, SUN, "January")),
  month("February", 28, 47, warm(-3.0), sunny(122)),
  month("March", 31, 75, warm(3.4), sunny(148)),
  month("April", 30, 105, warm(11.5), sunny(195)),
  month("May", 31, 135, warm(16.6), sunny(245)),
  month("June", 30, 162, warm(21.6), sunny(281)),
  month("July", 31, 198, stated(23.8, CITY, "first paragraph"), stated(308, SUN, "July")),
  month("August", 31, 228, warm(23.0), sunny(294)),
  month("September", 30, 258, warm(17.6), sunny(246)),
  month("October", 31, 288, warm(9.9), sunny(187)),
  month("November", 30, 318, warm(2.7), sunny(129)),
  month("December", 31, 344, warm(-2.8), sunny(103)),
];

/** The sun's constant, W/m². */
const SOLAR_W = 1367;
/** Ångström and Prescott: share that comes through a wholly clouded sky, and what full sunshine adds (FAO 56, eq. 35). */
const CLOUDED = 0.25;
const CLEARING = 0.5;
/** Of the ground; snow gives 0.6 and more, which is left out: it helps. */
const REFLECTED = 0.2;

const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Declination of the sun on a day of the year, in degrees (Cooper). */
export function declination(day: number): number {
  return 23.45 * Math.sin(rad((360 * (284 + day)) / 365));
}

/** Angle from noon to sunset, in degrees, on a level ground. */
function sunsetAngle(latitude: number, day: number): number {
  const cosine = -Math.tan(rad(latitude)) * Math.tan(rad(declination(day)));
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

/** Hours from sunrise to sunset. */
export function dayHours(latitude: number, day: number): number {
  return (2 / 15) * sunsetAngle(latitude, day);
}

/** What would fall on level ground in a day if there were no air, kWh/m². */
export function outsideTheAir(latitude: number, day: number): number {
  const sunset = sunsetAngle(latitude, day);
  const distance = 1 + 0.033 * Math.cos(rad((360 * day) / 365));
  const lat = rad(latitude);
  const dec = rad(declination(day));
  const sum = Math.cos(lat) * Math.cos(dec) * Math.sin(rad(sunset)) + rad(sunset) * Math.sin(lat) * Math.sin(dec);
  return (24 / Math.PI) * (SOLAR_W / 1000) * distance * sum;
}

/** What falls on level ground in a mean day, kWh/m²; `sunshine` is the share of the daylight hours that were sunny. */
export function onTheLevel(latitude: number, day: number, sunshine: number): number {
  return outsideTheAir(latitude, day) * (CLOUDED + CLEARING * sunshine);
}

/** What falls in a mean day on a panel that faces south, `tiltDeg` from level (90: a wall), kWh/m². */
export function onThePanel(latitude: number, day: number, sunshine: number, tiltDeg: number): number {
  const level = onTheLevel(latitude, day, sunshine);
  const clearness = level / outsideTheAir(latitude, day);
  const diffuse = level * Math.max(0.15, 1 - 1.13 * clearness);
  const lat = rad(latitude);
  const dec = rad(declination(day));
  const tilted = lat - rad(tiltDeg);
  const sunset = rad(sunsetAngle(latitude, day));
  const onTilt = Math.acos(Math.min(1, Math.max(-1, -Math.tan(tilted) * Math.tan(dec))));
  const last = Math.min(sunset, onTilt);
  const ratio =
    (Math.cos(tilted) * Math.cos(dec) * Math.sin(last) + last * Math.sin(tilted) * Math.sin(dec)) /
    (Math.cos(lat) * Math.cos(dec) * Math.sin(sunset) + sunset * Math.sin(lat) * Math.sin(dec));
  const up = (1 + Math.cos(rad(tiltDeg))) / 2;
  return (level - diffuse) * ratio + diffuse * up + level * REFLECTED * (1 - up);
}

/** A mean day of a month in Almaty on such a panel, kWh/m². */
export function panelDay(of: Month, tiltDeg: number): number {
  const hours = dayHours(LATITUDE, of.day);
  return onThePanel(LATITUDE, of.day, of.sunshineHours.value / of.days / hours, tiltDeg);
}

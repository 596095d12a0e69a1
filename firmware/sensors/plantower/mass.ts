import { PM10_ATM, PM10_CF1, PM1_ATM, PM1_CF1, PM25_ATM, PM25_CF1, type Property } from "../../wire/properties.js";
import { word } from "./frame.js";

/** Mass concentrations in µg/m³: what the first six words of every Plantower frame mean. */
export interface Mass {
  /** "CF=1": the factory's particle (indoor smoke); what most published corrections are made for. */
  pm1Cf1: number;
  pm25Cf1: number;
  pm10Cf1: number;
  /** "Under atmospheric environment": the same, bent by the maker above some 30 µg/m³. */
  pm1Atm: number;
  pm25Atm: number;
  pm10Atm: number;
}

/** Reads the six mass words of a whole frame. */
export function massOf(frame: string): Mass {
  return {
    pm1Cf1: word(frame, 4),
    pm25Cf1: word(frame, 6),
    pm10Cf1: word(frame, 8),
    pm1Atm: word(frame, 10),
    pm25Atm: word(frame, 12),
    pm10Atm: word(frame, 14),
  };
}

/** The properties of the six words, in their order. */
export const MASSES: Property[] = [PM1_CF1, PM25_CF1, PM10_CF1, PM1_ATM, PM25_ATM, PM10_ATM];

/** The six words in the order of {@link MASSES}. */
export function massFigures(mass: Mass): number[] {
  return [mass.pm1Cf1, mass.pm25Cf1, mass.pm10Cf1, mass.pm1Atm, mass.pm25Atm, mass.pm10Atm];
}

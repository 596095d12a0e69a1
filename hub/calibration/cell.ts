/** What electrochemical cells with two electrodes share: the maker's first algorithm, and water in the air. */
import { interpolate } from "./table.js";

/** A cell's label: electronic zeros (not the total ones) in mV; sensitivity in mV/ppb with the board's gain. */
export interface CellLabel {
  weElectronicMv: number;
  aeElectronicMv: number;
  sensitivityMvPerPpb: number;
}

/**
 * What the gas alone adds to the working electrode, in mV: (WE − WEe) − nT · (AE − AEe).
 * Source: Alphasense Application Note AAN 803-04 and -05, algorithm 1.
 * @param factors     nT by °C: straight lines between, the ends beyond
 * @param weMv, aeMv  electrodes as read
 */
export function correctedMv(
  factors: [number, number][],
  label: CellLabel,
  weMv: number,
  aeMv: number,
  temperatureC: number,
): number {
  return weMv - label.weElectronicMv - interpolate(factors, temperatureC) * (aeMv - label.aeElectronicMv);
}

/**
 * Water in the air in g/m³, from temperature in °C and relative humidity in %.
 * Source: WMO-No. 8, annex 4.B (Magnus formula over water, 6.112 hPa, 17.62, 243.12 °C); 216.7 g K/J is 100/R of vapour.
 */
export function absoluteHumidity(temperatureC: number, humidityPercent: number): number {
  const vapourHpa = (humidityPercent / 100) * 6.112 * Math.exp((17.62 * temperatureC) / (243.12 + temperatureC));
  return (216.7 * vapourHpa) / (273.15 + temperatureC);
}

/** What a fit made in place takes of the air: nothing, or temperature, or temperature and water. */
export interface AirFit {
  perCel: number;
  perGPerM3: number;
}

/** The properties that such a fit needs of the pack. */
export function airInputs(fit: AirFit): string[] {
  if (fit.perGPerM3 !== 0) return ["temperature", "humidity"];
  return fit.perCel !== 0 ? ["temperature"] : [];
}

/** The fit's share of temperature and water. */
export function airShare(fit: AirFit, input: (property: string) => number): number {
  const heat = fit.perCel === 0 ? 0 : fit.perCel * input("temperature");
  const water = fit.perGPerM3 === 0 ? 0 : fit.perGPerM3 * absoluteHumidity(input("temperature"), input("humidity"));
  return heat + water;
}

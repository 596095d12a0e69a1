import { z } from "zod";
import { common, defineModel, fine, number, positive, type Result } from "./model.js";
import { interpolate } from "./table.js";

/**
 * Temperature factor nT of the NO2-B43F by °C, for algorithm 1; straight lines between, the ends beyond.
 * Source: Alphasense Application Note AAN 803-04 and -05, table of nT.
 */
const N_T: [number, number][] = [
  [-30, 1.3],
  [-20, 1.3],
  [-10, 1.3],
  [0, 1.3],
  [10, 1.0],
  [20, 0.6],
  [30, 0.4],
  [40, 0.2],
  [50, -1.5],
];

/**
 * NO2 by AAN 803, algorithm 1, in ppb: ((WE − WEe) − nT · (AE − AEe)) / S.
 * @param weMv, aeMv          electrodes as read
 * @param weElectronicMv, aeElectronicMv  electronic zeros of the label (not the total zeros)
 * @param sensitivityMvPerPpb sensitivity of the label, board's gain included
 */
export function aan803(
  cell: { weElectronicMv: number; aeElectronicMv: number; sensitivityMvPerPpb: number },
  weMv: number,
  aeMv: number,
  temperatureC: number,
): number {
  const corrected = weMv - cell.weElectronicMv - interpolate(N_T, temperatureC) * (aeMv - cell.aeElectronicMv);
  return corrected / cell.sensitivityMvPerPpb;
}

/**
 * Water in the air in g/m³, from temperature in °C and relative humidity in %.
 * Source: WMO-No. 8, annex 4.B (Magnus formula over water, 6.112 hPa, 17.62, 243.12 °C); 216.7 g K/J is 100/R of vapour.
 */
export function absoluteHumidity(temperatureC: number, humidityPercent: number): number {
  const vapourHpa = (humidityPercent / 100) * 6.112 * Math.exp((17.62 * temperatureC) / (243.12 + temperatureC));
  return (216.7 * vapourHpa) / (273.15 + temperatureC);
}

/**
 * `no2-cell` → `no2`: concentration from the two electrodes of an NO2-B43F, in ppb. Two methods:
 *
 *   aan803-1   the maker's formula with the label's constants. Not a measurement until a fit in place says so: never
 *              better than flag 2 (not evaluated, `factory`).
 *   fitted     intercept + perWeMv · WE + perAeMv · AE + perCel · T + perGPerM3 · absolute humidity, fitted beside a
 *              reference instrument. Holds for that one cell only, and inside its hull.
 *
 * A result below zero stays: it is noise around zero, and cutting it would bias means.
 */
export const no2Cell = defineModel({
  name: "no2-cell",
  properties: ["no2"],
  schema: z.discriminatedUnion("method", [
    z.strictObject({
      method: z.literal("aan803-1"),
      weElectronicMv: number,
      aeElectronicMv: number,
      sensitivityMvPerPpb: positive,
      ...common,
    }),
    z.strictObject({
      method: z.literal("fitted"),
      intercept: number,
      perWeMv: number,
      perAeMv: number,
      perCel: number,
      perGPerM3: number,
      ...common,
    }),
  ]),
  inputs(p) {
    const electrodes = ["no2-we", "no2-ae"];
    if (p.method === "aan803-1") return [...electrodes, "temperature"];
    const air = p.perGPerM3 !== 0 ? ["temperature", "humidity"] : p.perCel !== 0 ? ["temperature"] : [];
    return [...electrodes, ...air];
  },
  compute(p, input): Result {
    const we = input("no2-we");
    const ae = input("no2-ae");
    if (p.method === "aan803-1") return { value: aan803(p, we, ae, input("temperature")), flag: 2, why: ["factory"] };
    const temperature = p.perCel === 0 ? 0 : p.perCel * input("temperature");
    const water = p.perGPerM3 === 0 ? 0 : p.perGPerM3 * absoluteHumidity(input("temperature"), input("humidity"));
    return fine(p.intercept + p.perWeMv * we + p.perAeMv * ae + temperature + water);
  },
});

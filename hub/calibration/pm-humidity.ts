import { z } from "zod";
import { atOutlet, common, defineModel, fine, number, positive, suspect, type Result } from "./model.js";

/** Above this, droplets are counted as dust and the growth of particles has no sound formula. */
const MAX_RH = 95;

/** Density of dry particles that the growth formula assumes, relative to water. */
const DRY_DENSITY = 1.65;

/** Two of Plantower's counters, and the one of counters that give mass as such (SPS30, SDS011). */
const raw = z.enum(["pm25-cf1", "pm25-atm", "pm25-mass"]);

/**
 * How much heavier humid particles look than dry ones: C = 1 + (κ/1.65) / (100/RH − 1).
 * Source: Crilley et al. 2018, Atmos. Meas. Tech. 11, 709–720.
 * @param kappa     hygroscopicity, 0–0.8 (0.3 is continental air)
 * @param humidity  relative humidity in %, 0 … below 100
 */
export function growth(kappa: number, humidity: number): number {
  return humidity <= 0 ? 1 : 1 + kappa / DRY_DENSITY / (100 / humidity - 1);
}

/**
 * `pm-humidity` → `pm25`, or `pm25-out` from the counter at an outlet: its PM2.5 freed of what humidity adds, in µg/m³; a
 * site has one humidity, which is taken for both. Two methods:
 *
 *   kappa-kohler   gain · raw / C(κ, RH) + offset
 *   linear-rh      gain · raw + perPercentRh · RH + offset
 *
 * The second is the form of Barkjohn et al. 2021 (Atmos. Meas. Tech. 14, 4617: 0.524, −0.0862, 5.75 on cf1), whose
 * figures were fitted to PMS5003 in the US and are nobody's default. Both treat RH above 95 as 95, suspect (flag 3,
 * `humidity`). A result below zero stays: it is noise around zero, and cutting it would bias means.
 */
export const pmHumidity = defineModel({
  name: "pm-humidity",
  properties: ["pm25", "pm25-out"],
  schema: z.discriminatedUnion("method", [
    z.strictObject({
      method: z.literal("kappa-kohler"),
      input: raw,
      kappa: z.number().min(0).max(0.8),
      gain: positive,
      offset: number,
      ...common,
    }),
    z.strictObject({
      method: z.literal("linear-rh"),
      input: raw,
      gain: positive,
      perPercentRh: number,
      offset: number,
      ...common,
    }),
  ]),
  inputs: (p, property) => [atOutlet(p.input, property), "humidity"],
  compute(p, input, property): Result {
    const humidity = Math.min(input("humidity"), MAX_RH);
    const seen = input(atOutlet(p.input, property));
    const pm25 =
      p.method === "kappa-kohler"
        ? (p.gain * seen) / growth(p.kappa, humidity) + p.offset
        : p.gain * seen + p.perPercentRh * humidity + p.offset;
    return input("humidity") > MAX_RH ? suspect(pm25, "humidity") : fine(pm25);
  },
});

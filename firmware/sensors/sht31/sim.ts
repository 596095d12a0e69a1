/** A simulated SHT31: measures on command, does not answer while it measures, signs its words with CRCs. */
import type { I2cPart } from "../sim.js";
import { ADDRESS } from "./facts.js";
import { crc8 } from "./frame.js";

const BUSY_MS = 15;

/** What is wrong with the part. */
export type Sht31Trouble = "none" | "absent" | "bad-crc" | "never-ready";

function signed(word: number): number[] {
  const high = word >> 8;
  const low = word & 255;
  return [high, low, crc8(high, low)];
}

/**
 * @param air      temperature in °C and relative humidity in %, asked at every measurement
 * @param nowMs    a clock
 * @param trouble  asked at every access
 */
export function createSht31Sim(
  air: () => { temperatureC: number; humidityPercent: number },
  nowMs: () => number,
  trouble: () => Sht31Trouble = () => "none",
): I2cPart {
  let readyAt: number | null = null;
  let answer: number[] = [];
  return {
    address: ADDRESS,
    write(bytes) {
      if (trouble() === "absent") return false;
      if (bytes[0] === 0x24 && bytes[1] === 0x00) {
        const { temperatureC, humidityPercent } = air();
        answer = [
          ...signed(Math.round(((temperatureC + 45) / 175) * 65535)),
          ...signed(Math.round((humidityPercent / 100) * 65535)),
        ];
        readyAt = nowMs() + BUSY_MS;
      }
      return true;
    },
    read(count) {
      const now = trouble();
      if (now === "absent" || now === "never-ready" || readyAt === null || nowMs() < readyAt) return null;
      readyAt = null;
      if (now === "bad-crc") answer[2] = (answer[2] ?? 0) ^ 1;
      return Uint8Array.from(answer.slice(0, count));
    },
  };
}

/** A simulated SHT31: measures on command, does not answer while it measures, signs its words with CRCs. */
import type { Fault } from "../../wire/pack.js";
import { crc8 } from "../crc8.js";
import type { I2cPart, Simulate } from "../sim.js";
import { ADDRESS } from "./facts.js";

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
  address = ADDRESS,
): I2cPart {
  let readyAt: number | null = null;
  let answer: number[] = [];
  return {
    address,
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

/** A mild day. */
export const simulate: Simulate = (time, options) => {
  let now: Sht31Trouble = "none";
  const trouble = (name: Sht31Trouble, fault: Fault) => ({
    name,
    fault,
    arm: (on: boolean) => void (now = on ? name : "none"),
  });
  return {
    i2c: createSht31Sim(
      () => ({ temperatureC: 22.5, humidityPercent: 50 }),
      () => time.nowMs(),
      () => now,
      options.address,
    ),
    expect: { temperature: 22.5, humidity: 50 },
    troubles: [trouble("absent", "bus"), trouble("never-ready", "bus"), trouble("bad-crc", "checksum")],
  };
};

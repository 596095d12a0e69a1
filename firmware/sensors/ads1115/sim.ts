/** A simulated ADS1115: config and conversion registers, single conversions that take their time. */
import type { I2cPart } from "../sim.js";
import { FULL_SCALE_MV, RATES, REGISTER } from "./frame.js";

/** The config register after power-up. */
const RESET_CONFIG = 0x8583;

/**
 * @param inputMv  voltage at input 0–3 against ground, in mV, asked at every conversion
 * @param nowMs    a clock
 * @param absent   true while the part does not answer
 */
export function createAds1115Sim(
  address: number,
  inputMv: (channel: number) => number,
  nowMs: () => number,
  absent: () => boolean = () => false,
): I2cPart {
  let pointer = 0;
  let config = RESET_CONFIG;
  let conversion = 0;
  let readyAt = 0;

  const convert = (): void => {
    const mux = (config >> 12) & 7;
    const fullScale = FULL_SCALE_MV[Math.min((config >> 9) & 7, 5)] ?? 256;
    const mv = mux >= 4 ? inputMv(mux - 4) : inputMv(mux === 0 ? 0 : mux - 1) - inputMv(mux === 0 ? 1 : 3);
    conversion = Math.max(-32768, Math.min(32767, Math.round((mv / fullScale) * 32768)));
    readyAt = nowMs() + 1000 / (RATES[(config >> 5) & 7] ?? 128);
  };

  return {
    address,
    write(bytes) {
      if (absent()) return false;
      pointer = bytes[0] ?? 0;
      if (pointer === REGISTER.config && bytes.length === 3) {
        config = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
        if (config & 0x8000) convert();
      }
      return true;
    },
    read(count) {
      if (absent()) return null;
      const idle = nowMs() >= readyAt;
      const word = pointer === REGISTER.config ? (config & 0x7fff) | (idle ? 0x8000 : 0) : idle ? conversion : 0;
      return Uint8Array.from([(word >> 8) & 255, word & 255].slice(0, count));
    },
  };
}

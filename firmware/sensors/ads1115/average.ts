/** Takes the mean of many single conversions of one input: noise of the cell and of the converter falls with their root. */
import type { I2c, Outcome, Port } from "../sensor.js";
import { configWord, isIdle, isSaturated, millivolts, RATES, REGISTER, signed } from "./frame.js";

/** How often a conversion that is not ready is asked again before the converter counts as dead. */
const RETRIES = 3;

function register(i2c: I2c, address: number, which: number): number | null {
  if (!i2c.write(address, [which])) return null;
  const bytes = i2c.read(address, 2);
  return bytes && bytes.length === 2 ? signed(bytes[0], bytes[1]) : null;
}

/**
 * Calls back once with the mean in mV, or with `bus` (no answer, or never ready) or `electrical` (a conversion at the
 * end of the scale: a mean over it would be too small and look sound).
 * @param channel  input 0–3, against ground
 */
export function averageMv(
  port: Port,
  address: number,
  channel: number,
  gain: number,
  rate: number,
  conversions: number,
  done: (outcome: Outcome<number>) => void,
): void {
  const i2c = port.i2c;
  if (!i2c) return done({ ok: false, fault: "bus" });
  const config = configWord(channel, gain, rate);
  // The converter's own clock is 10 % off at the worst.
  const waitMs = Math.ceil(1100 / RATES[rate]) + 1;
  let sum = 0;
  let taken = 0;
  let retries = 0;

  const start = function (): void {
    retries = 0;
    if (!i2c.write(address, [REGISTER.config, config >> 8, config & 255])) return done({ ok: false, fault: "bus" });
    port.after(waitMs, collect);
  };

  const collect = function (): void {
    const state = register(i2c, address, REGISTER.config);
    // An open bus reads as ones or as anything: what was written must come back (its top bit is the busy flag).
    if (state === null || (state & 0x7fff) !== (config & 0x7fff)) return done({ ok: false, fault: "bus" });
    if (!isIdle(state)) {
      if (retries === RETRIES) return done({ ok: false, fault: "bus" });
      retries++;
      port.after(waitMs, collect);
      return;
    }
    const code = register(i2c, address, REGISTER.conversion);
    if (code === null) return done({ ok: false, fault: "bus" });
    if (isSaturated(code)) return done({ ok: false, fault: "electrical" });
    sum += code;
    taken++;
    if (taken < conversions) start();
    else done({ ok: true, value: millivolts(sum / taken, gain) });
  };

  start();
}

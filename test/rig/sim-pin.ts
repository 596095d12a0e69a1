/** A pin as the board gives it to a driver, over a simulated part. */
import type { Pin } from "../../firmware/sensors/sensor.js";
import type { SimPin } from "../../firmware/sensors/sim.js";

/** An open contact is high, as the board's own pull-up holds it; closures are counted from now on. */
export function pinOf(part: SimPin): Pin {
  const level = (): boolean => part.level?.() ?? true;
  let closures = 0;
  let last = level();
  part.onChange?.(() => {
    const now = level();
    if (last && !now) closures++;
    last = now;
  });
  return {
    read: level,
    millivolts: () => part.millivolts?.() ?? 0,
    count: () => closures,
    clockIn: (pulses) => part.clockOut?.(pulses) ?? null,
  };
}

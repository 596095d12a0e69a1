/** Drives any part of MaxBotix' HRXL family: it ranges freely, the driver listens. */
import { echoSensor } from "../echo.js";
import type { Outcome, Parser, Sensor } from "../sensor.js";
import type { Reach } from "./reach.js";

const BAUD = 9600;
/** Median of seven, as FloodNet does. */
const SAMPLES = 7;

/** The sensor of one round of measuring. */
export function maxbotixSensor(
  name: string,
  reach: Reach,
  parser: (onOutcome: (outcome: Outcome<number>) => void) => Parser,
): Sensor {
  return echoSensor({
    name: name,
    baud: BAUD,
    minMm: reach.obstacleMm + 1,
    maxMm: reach.maxMm,
    warmUpMs: reach.warmUpMs,
    patienceMs: reach.patienceMs,
    samples: SAMPLES,
    cycleMs: reach.cycleMs,
    ask: "",
    parser: parser,
  });
}

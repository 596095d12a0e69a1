/** The JSN-SR04T as a sensor: it measures when it is asked. */
import { echoSensor } from "../echo.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { ASK, BAUD, CYCLE_MS, NAME, PATIENCE_MS, REACH, SAMPLES, WARM_UP_MS } from "./facts.js";
import { createJsnSr04tParser } from "./frame.js";

/** The sensor of one round of measuring. */
export function make(): Sensor {
  return echoSensor({
    name: NAME,
    baud: BAUD,
    minMm: REACH.obstacleMm + 1,
    maxMm: REACH.maxMm,
    warmUpMs: WARM_UP_MS,
    patienceMs: PATIENCE_MS,
    samples: SAMPLES,
    cycleMs: CYCLE_MS,
    ask: ASK,
    parser: createJsnSr04tParser,
  });
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };

/** The A02YYUW as a sensor: it ranges freely, the driver listens. */
import { echoSensor } from "../echo.js";
import type { Sensor, SensorKind } from "../sensor.js";
import { BAUD, CYCLE_MS, NAME, PATIENCE_MS, REACH, SAMPLES, WARM_UP_MS } from "./facts.js";
import { createA02yyuwParser } from "./frame.js";

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
    ask: "",
    parser: createA02yyuwParser,
  });
}

export const kind: SensorKind = { name: NAME, ports: ["uart"], defaults: {}, make: make };

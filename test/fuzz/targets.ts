/** Everything that is fuzzed. To add a part, add its line. */
import { broker } from "./broker.js";
import { api } from "./api.js";
import { cap } from "./cap.js";
import { decoders } from "./decoders.js";
import { doors } from "./doors.js";
import { config } from "./config.js";
import { sensors } from "./sensors.js";
import { registry } from "./registry.js";
import { lines } from "./lines.js";
import type { Target } from "./target.js";

export const TARGETS: Target[] = [lines, broker, config, registry, sensors, cap, api, decoders, doors];

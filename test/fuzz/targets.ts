/** Everything that is fuzzed. To add a part, add its line. */
import { lines } from "./lines.js";
import type { Target } from "./target.js";

export const TARGETS: Target[] = [lines];

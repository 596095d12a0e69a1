/** A simulated A02YYUW. */
import type { Simulate } from "../sim.js";
import { simulateUltrasonic, ultrasonicStream } from "../ultrasonic/sim.js";
import { CYCLE_MS, REACH } from "./facts.js";
import { createA02yyuwParser } from "./frame.js";

/** 1953 mm: the maker's own example, FF 07 A1 A7. */
export const simulate: Simulate = () => simulateUltrasonic(REACH, CYCLE_MS, "", 1953);

export const stream = ultrasonicStream(createA02yyuwParser);

/** Steps, checks and failures that many types of post share. */
export * from "./assemble.js";
export * from "./commission.js";
export * from "./failures.js";
export * from "./fixing.js";
export * from "./texts.js";
export * from "./tilt.js";

import type { Linter } from "eslint";

export declare const ESPRUINO_SYNTAX: { selector: string; message: string }[];
declare const config: Linter.Config[];
export default config;

export declare const ESPRUINO_SYNTAX: { selector: string; message: string }[];
declare const config: { files: string[]; ignores: string[]; rules: Record<string, unknown> }[];
export default config;

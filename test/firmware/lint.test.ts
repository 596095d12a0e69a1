/** Every form that the interpreter lacks or gets wrong must be refused, and the forms in use must pass. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { projectRoot } from "../../hub/root.js";

// It is JavaScript as it is, and stands in no build.
const rules = pathToFileURL(join(projectRoot(), "firmware", "eslint.espruino.js")).href;
const { default: espruino, ESPRUINO_SYNTAX } = (await import(
  rules
)) as typeof import("../../firmware/eslint.espruino.js");

/** A snippet for each form; the words must stand in the message. */
const REFUSED: [string, string][] = [
  ["export const f = (a = 1): number => a;", "Default values"],
  ["export const f = (...a: number[]): number => a.length;", "Rest"],
  ["export const f = (a: number[]): number => Math.max(...a);", "Spread"],
  ["export const f = (a: object): object => ({ ...a });", "Spread"],
  ["export const f = (a: { b: number }): number => { const { b } = a; return b; };", "Destructuring"],
  ["export const f = (a: number[]): number => { const [b] = a; return b; };", "Destructuring"],
  ["export const f = async (): Promise<void> => {};", "async"],
  ["export function* f(): Generator<number> { yield 1; }", "Generators"],
  ["export const f = (a: { b: number } | null): unknown => a?.b;", "Optional chaining"],
  ["export class A {}", "Classes"],
  ["export const A = class {};", "Classes"],
  ["export const f = (): void => { a: for (;;) break a; };", "Labels"],
  ["export const f = (t: (s: TemplateStringsArray) => string): string => t`x`;", "Tagged"],
  ["export const f = function (this: unknown): unknown { return new.target; };", "new.target"],
  ["export const f = (): unknown => import('./a.js');", "import()"],
  ["export const f = (a: string): object => ({ [a]: 1 });", "Computed"],
  ["export const f = 1n;", "BigInt"],
  ["export const f = (a: number): number => a ** 2;", "**"],
  ["export const f = (a: number): number => { a **= 2; return a; };", "assignment operator"],
  ["export const f = (a: number | null): number => { a ??= 2; return a; };", "assignment operator"],
  ["export const f = (): number => { var a = 1; return a; };", "hoisted"],
  ["export const f = (a: (() => number)[]): void => { for (let i = 0; i < 3; i++) a.push(() => i); };", "in a loop"],
  [
    "export const f = (a: (() => number)[]): void => { for (const i of [1]) a.push(function () { return i; }); };",
    "in a loop",
  ],
  ["export function f(): number { return arguments.length; }", "arguments"],
  ["export const f = (a: number): string => a.toFixed(1);", "toFixed"],
  ["export const f = (a: number, d: number): string => a.toFixed(d);", "toFixed"],
  ["export const f = (a: string): string => { let b = ''; b += a[0]; return b; };", "Use substr"],
  ["export const f = (a: string): string => a.charAt(0);", "charAt"],
  ["export const f = (a: number[]): void => { a.length = 0; };", "splice"],
  ["export const f = (a: number[]): void => { a.length--; };", "splice"],
  ["export const f = /a(?=b)/;", "Lookaround"],
  ["export const f = /a{2}/;", "counts"],
  ["export const f = /(a)\\1/;", "back references"],
  ["export const f = /a+?/;", "lazy"],
  ["export const f = /a/m;", "flag"],
  ["export const f = (a: string): string => encodeURIComponent(a);", "encodeURIComponent"],
  ["export const f = new Map();", "global"],
  ["export const f = Symbol('a');", "global"],
  ["export const f = Reflect.ownKeys({});", "global"],
  ["export const f = Array.from('abc');", "member of Array"],
  ["export const f = Number.isInteger(1);", "member of Number"],
  ["export const f = Math.trunc(1.5);", "member of Math"],
  ["export const f = Object.freeze({});", "member of Object"],
  ["export const f = Promise.race([]);", "member of Promise"],
  ["export const f = Date.UTC(2024, 1);", "member of Date"],
  ["export const f = String.fromCodePoint(65);", "member of String"],
  ["export const f = [1].at(-1);", "method"],
  ["export const f = [[1]].flat();", "method"],
  ["export const f = new Date().getUTCHours();", "getUTC"],
  ["export let f = 1; f = 2;", "mutable state"],
  ["export const f = g(); function g(): number { return 1; }", "before it was defined"],
  ["export const f = (): number => { const a = b; const b = 1; return a; };", "before it was defined"],
];

const TAKEN = [
  "export const f = (a: number): string => `${a}`;",
  "export const f = function (n: number): () => number { let i = n; return () => i++; };",
  "export const f = (a: number[]): number => { let s = 0; for (const x of a) s += x; return s; };",
  "export const f = (a: number): string => Math.round(a).toFixed(0);",
  "export const f = (a: string): boolean => /^R[0-9]+$/.test(a);",
  "export const f = (a: number | null): number => a ?? 0;",
  "export const f = (a: string): number => { const n = 1; return { n, m: a.lastIndexOf(' ') }.n; };",
  "export interface Later { a: Other } export interface Other { b: number }",
];

describe("the lint of the post's language", () => {
  const eslint = new ESLint({
    cwd: projectRoot(),
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ["**/*.ts"],
        languageOptions: { parser: tseslint.parser },
        plugins: { "@typescript-eslint": tseslint.plugin },
      },
      ...espruino,
    ] as ESLint.Options["overrideConfig"],
  });
  const messages = async (code: string, filePath = "firmware/node/snippet.ts"): Promise<string[]> => {
    const [result] = await eslint.lintText(code, { filePath });
    return result!.messages.map((m) => m.message);
  };

  for (const [code, words] of REFUSED)
    it(`refuses ${code}`, async () => {
      const found = await messages(code);
      assert.ok(
        found.some((m) => m.includes(words)),
        `wanted "${words}", found: ${found.join(" | ") || "nothing"}`,
      );
    });

  it("takes what the interpreter does well", async () => {
    for (const code of TAKEN) assert.deepEqual(await messages(code), [], code);
  });

  it("leaves simulators alone", async () => {
    assert.deepEqual(await messages("export const f = new Map();", "firmware/sensors/x/sim.ts"), []);
  });

  it("has a snippet for every entry of its list", async () => {
    const said = new Set((await Promise.all(REFUSED.map(([code]) => messages(code)))).flat());
    assert.deepEqual(
      ESPRUINO_SYNTAX.filter((entry: { message: string }) => !said.has(entry.message)),
      [],
    );
  });
});

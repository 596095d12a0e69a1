/** All the guards, and whether they still are where the list says. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BOARDS } from "./boards.js";
import type { Guard } from "./guard.js";
import { PAGES } from "./pages.js";
import { SECRETS } from "./secrets.js";
import { SERVICE } from "./service.js";
import { TEXTS } from "./texts.js";

export const GUARDS: Guard[] = [...BOARDS, ...TEXTS, ...PAGES, ...SECRETS, ...SERVICE];

/** The test's file, or every test of a folder: `test/hub/api/server/*.test.ts`. */
export function specsOf(dir: string, file: string): string[] {
  const folder = /^(.*)\/\*\.test\.ts$/.exec(file)?.[1];
  if (folder === undefined || !existsSync(join(dir, folder))) return [file];
  return readdirSync(join(dir, folder)).flatMap((name) => (name.endsWith(".test.ts") ? [`${folder}/${name}`] : []));
}

/** Why a guard cannot be tried in a copy of the project; null if it can. */
export function unfair(dir: string, one: Guard): string | null {
  const text = (file: string): string => (existsSync(join(dir, file)) ? readFileSync(join(dir, file), "utf8") : "");
  for (const { file, guard } of [one, one.also ?? one]) {
    const found = text(file).split(guard).length - 1;
    if (found !== 1) return `the guard stands ${found} times in ${file}`;
  }
  const [file, name] = one.test;
  return specsOf(dir, file).some((spec) => text(spec).includes(name)) ? null : `${file} has no test "${name}"`;
}

/** Builds the web app: one script, one style sheet, one page, one map. Nothing in them asks the internet for anything. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { projectRoot } from "../root.js";
import { drawCity } from "./map/project.js";
import type { FeatureCollection } from "./map/project.js";

const MAP_WIDTH = 1000;

/** Where `npm run build` puts the web app. */
export function webDir(): string {
  return join(projectRoot(), "build", "hub", "web", "app");
}

/** Builds into `outDir`, which is emptied first. */
export async function buildWeb(outDir: string = webDir()): Promise<void> {
  const source = join(projectRoot(), "hub", "web");
  const geojson = (name: string): FeatureCollection =>
    JSON.parse(readFileSync(join(source, "map", `${name}.geojson`), "utf8")) as FeatureCollection;
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  await build({
    entryPoints: { app: join(source, "client", "main.tsx") },
    outdir: outDir,
    bundle: true,
    minify: true,
    target: "es2020",
    format: "iife",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfig: join(source, "tsconfig.json"),
    legalComments: "none",
    logLevel: "error",
  });
  for (const name of ["index.html", "icon.svg"]) copyFileSync(join(source, "client", name), join(outDir, name));
  const city = drawCity(geojson("city_outline"), geojson("districts"), MAP_WIDTH);
  writeFileSync(join(outDir, "map.json"), JSON.stringify(city));
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildWeb();

/**
 * Builds the nodes of this folder for Node-RED, which loads CommonJS: each nodes/<name>.ts becomes one file with all it
 * needs inside, beside its dialog, its help and a package.json that names them all.
 */
import { build } from "esbuild";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { projectRoot } from "../hub/root.js";

/**
 * Builds every node into `outDir` and returns it.
 * @throws Error when a node lacks its .html, or does not compile
 */
export async function buildNodes(outDir: string): Promise<string> {
  const source = join(projectRoot(), "flows", "nodes");
  const files = await readdir(source);
  const names = files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -".ts".length));
  const missing = names.find((name) => !files.includes(`${name}.html`));
  if (missing !== undefined) throw new Error(`flows/nodes/${missing}.ts has no ${missing}.html beside it.`);
  await mkdir(outDir, { recursive: true });
  await build({
    entryPoints: names.map((name) => join(source, `${name}.ts`)),
    outdir: outDir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Node-RED calls what the module exports; the sources export it as `default`.
    footer: { js: "module.exports = module.exports.default;" },
    logLevel: "silent",
  });
  for (const name of names) await cp(join(source, `${name}.html`), join(outDir, `${name}.html`));
  if (files.includes("locales")) await cp(join(source, "locales"), join(outDir, "locales"), { recursive: true });
  if (files.includes("icons")) await cp(join(source, "icons"), join(outDir, "icons"), { recursive: true });
  const { version } = JSON.parse(await readFile(join(projectRoot(), "package.json"), "utf8")) as { version: string };
  const manifest = {
    name: "aryk-nodes",
    version,
    private: true,
    type: "commonjs",
    "node-red": { version: ">=4", nodes: Object.fromEntries(names.map((name) => [name, `${name}.js`])) },
  };
  await writeFile(join(outDir, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
  return outDir;
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildNodes(join(projectRoot(), "build", "flows", "nodes"));

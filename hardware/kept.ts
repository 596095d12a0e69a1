/**
 * Making a script small takes seconds. What came of it is kept in a file, with the mark of all that it was made of, and
 * holds for nothing else.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname } from "node:path";

/** What decides what a script becomes: beside the minifier these files, as they run now. */
const MAKERS = ["bundle", "subset", "declared"];

/** The mark of these texts, and of what makes a script of them. */
export function markOf(texts: string[]): string {
  const { version } = createRequire(import.meta.url)("terser/package.json") as { version: string };
  const makers = MAKERS.map((name) =>
    readFileSync(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url), "utf8"),
  );
  const everything = JSON.stringify([process.version, version, makers, texts]);
  return createHash("sha256").update(everything).digest("hex");
}

/** What is kept in the file under this mark; null when it was made of something else, or cannot be read. */
export function readKept(file: string, mark: string): string | null {
  try {
    const [line, ...rest] = readFileSync(file, "latin1").split("\n");
    const code = rest.join("\n");
    return line === `${mark} ${sumOf(code)}` ? code : null;
  } catch {
    return null;
  }
}

/** Keeps `code` (ASCII) under this mark, in the place of what the file held. */
export function keep(file: string, mark: string, code: string): void {
  mkdirSync(dirname(file), { recursive: true });
  // Others may read it at this moment: they find the old or the new, whole.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${mark} ${sumOf(code)}\n${code}`, "latin1");
  renameSync(fresh, file);
}

function sumOf(code: string): string {
  return createHash("sha256").update(code, "latin1").digest("hex");
}

/**
 * `npm run sheets:pdf [-- <site type> …]`: prints the sheets to build/sheets/<site type>.<language>.pdf, by Chromium
 * without a window. CHROMIUM names the program where it is called otherwise.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectFolder } from "../project-folder.js";
import { toHtml } from "./doc.js";
import { allSheets } from "./files.js";

const PROGRAM = process.env.CHROMIUM ?? "chromium";

function print(page: string, pdf: string, profile: string): void {
  const quiet = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    `--user-data-dir=${profile}`,
  ];
  execFileSync(PROGRAM, [...quiet, "--no-pdf-header-footer", `--print-to-pdf=${pdf}`, pathToFileURL(page).href], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 120_000,
  });
}

const wanted = process.argv.slice(2).filter((name) => !name.startsWith("--"));
const { sheets, pictures } = await allSheets();
const out = join(projectFolder(), "build/sheets");
const work = mkdtempSync(join(tmpdir(), "aryk-sheets-"));
mkdirSync(out, { recursive: true });
try {
  for (const { site, language, title, pieces } of sheets) {
    if (wanted.length > 0 && !wanted.includes(site)) continue;
    const page = join(work, `${site}.${language}.html`);
    writeFileSync(
      page,
      toHtml(pieces, language, title, (file) => pictures.get(file) ?? ""),
    );
    const pdf = join(out, `${site}.${language}.pdf`);
    print(page, pdf, join(work, "profile"));
    console.log(pdf);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

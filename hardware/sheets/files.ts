/** Every generated file with its content, and how that differs from what is there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mountOf } from "../mounts/index.js";
import { SITE_TYPES, siteType } from "../sites.js";
import type { Text } from "../text.js";
import { boxLayoutName, boxLayoutOf, boxPicture } from "./box-layout.js";
import { tableText, toMarkdown, type Piece } from "./doc.js";
import { hubEndName, hubEndOf, hubEndPicture } from "./hub-end.js";
import { postsOf, type Post } from "./of-build.js";
import { partsList } from "./parts-list.js";
import { pictureOf } from "./picture.js";
import { drawnSensor, SENSOR_FOLDERS, sensorPictures } from "./sensor-picture.js";
import { sheetOf } from "./sheet.js";
import { replaced, TABLES } from "./tables.js";
import { LANGUAGES, WORDS } from "./words.js";

export const FIELD = "hardware/field";

export interface Sheet {
  site: string;
  language: keyof Text;
  title: string;
  pieces: Piece[];
}

/** All sheets, and all pictures by the names of their files. */
export async function allSheets(): Promise<{ sheets: Sheet[]; pictures: Map<string, string> }> {
  const sheets: Sheet[] = [];
  const pictures = new Map<string, string>();
  for (const type of SITE_TYPES) {
    const mount = mountOf(type.name);
    if (mount === undefined) throw new Error(`${type.name} has no mount: see hardware/mounts`);
    const posts: Post[] = await postsOf(type);
    for (const post of posts) {
      const lines = partsList(post, mount);
      pictures.set(`${post.name}.svg`, pictureOf(post, mount, lines));
      const box = boxLayoutOf(post, lines);
      if (box !== null) pictures.set(`${boxLayoutName(post)}.svg`, boxPicture(box, post, mount, lines));
      const hubEnd = hubEndOf(post);
      if (hubEnd !== null) pictures.set(`${hubEndName(post)}.svg`, hubEndPicture(hubEnd, post, mount, lines));
    }
    for (const language of LANGUAGES)
      sheets.push({ site: type.name, language, title: mount.label[language], pieces: sheetOf(posts, mount, language) });
  }
  return { sheets, pictures };
}

function index(sheets: Sheet[]): string {
  const sites = [...new Set(sheets.map(({ site }) => site))];
  const rows = sites.map((site) => [
    ...LANGUAGES.map((language) => {
      const title = sheets.find((sheet) => sheet.site === site && sheet.language === language)?.title ?? site;
      return `[${title}](${language}/${site}.md)`;
    }),
    (siteType(site)?.builds ?? [])
      .map((build) => `[${build.board}, ${build.uplink}](wiring/${site}-${build.board}-${build.uplink}.svg)`)
      .join(" "),
  ]);
  const head = [...LANGUAGES.map((language) => `${WORDS.sheet[language]} (${language})`), WORDS.picture.en];
  return [
    "# Sheets for the field",
    `<!-- ${WORDS.generated.en} -->`,
    "One sheet to a type of post, in three languages: parts with their cost, wiring, assembly, settings, checks, failures.",
    "`npm run sheets` writes them, `npm run sheets:pdf` prints them to `build/sheets/`.",
    tableText(head, rows),
    "",
  ].join("\n\n");
}

/** Path (from the project's top folder) → content of every file that `npm run sheets` writes. */
export async function generated(root: string): Promise<Map<string, string>> {
  const { sheets, pictures } = await allSheets();
  const files = new Map<string, string>();
  for (const { site, language, pieces } of sheets) files.set(`${FIELD}/${language}/${site}.md`, toMarkdown(pieces));
  for (const [file, picture] of pictures) files.set(`${FIELD}/wiring/${file}`, picture);
  for (const picture of await sensorPictures()) files.set(picture.file, await drawnSensor(picture));
  files.set(`${FIELD}/README.md`, index(sheets).trimEnd() + "\n");
  for (const { file, name, make } of TABLES) {
    const text = files.get(file) ?? readFileSync(join(root, file), "utf8");
    files.set(file, replaced(text, name, make()));
  }
  return files;
}

/** Generated files that are there though nothing makes them any more; in the sensors' folders only pictures are made. */
function leftOver(root: string, files: Map<string, string>): string[] {
  const there = [FIELD, SENSOR_FOLDERS].flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && (folder === FIELD || entry.name.endsWith(".svg")))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  });
  return there.filter((file) => !files.has(file));
}

/** Files that differ from what would be generated, are missing, or are left over. */
export async function differing(root: string): Promise<string[]> {
  const files = await generated(root);
  const stale = [...files].filter(([file, content]) => {
    const path = join(root, file);
    return !existsSync(path) || readFileSync(path, "utf8") !== content;
  });
  return [...stale.map(([file]) => file), ...leftOver(root, files)];
}

/** Writes every generated file, and removes what nothing makes any more; says which have changed. */
export async function writeAll(root: string): Promise<string[]> {
  const changed = await differing(root);
  const files = await generated(root);
  for (const file of changed) {
    const content = files.get(file);
    const path = join(root, file);
    if (content === undefined) rmSync(path);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
  return changed;
}

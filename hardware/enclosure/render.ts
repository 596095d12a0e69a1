/**
 * `npm run enclosure`: renders the pictures of the printed parts with OpenSCAD (its program's name in OPENSCAD, with
 * `xvfb-run -a` before it where there is no screen), and writes down from which text each was made. Pictures differ from
 * one graphics driver to the next, so that the texts are compared, not the pictures.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectFolder } from "../project-folder.js";

/** Picture, the text it is made from, which part of it, and the camera: place and angles looked at, distance. */
export const PICTURES: { file: string; source: string; part: string; camera: string }[] = [
  { file: "enclosure.png", source: "enclosure.scad", part: "all", camera: "0,0,40,62,0,28,520" },
  { file: "enclosure-lid.png", source: "enclosure.scad", part: "lid", camera: "0,0,0,40,0,25,520" },
  { file: "bracket.png", source: "bracket.scad", part: "all", camera: "260,0,-10,68,0,28,1350" },
  { file: "bracket-below.png", source: "bracket.scad", part: "all", camera: "300,0,-20,118,0,28,1150" },
];
const RECORD = "rendered.json";

const folder = (): string => join(projectFolder(), "hardware/enclosure");
const hashOf = (source: string): string =>
  createHash("sha256")
    .update(readFileSync(join(folder(), source)))
    .digest("hex");

/** Pictures that are missing, or were made from another text than what stands there now. */
export function stalePictures(): string[] {
  const record = join(folder(), RECORD);
  const made = existsSync(record) ? (JSON.parse(readFileSync(record, "utf8")) as { [file: string]: string }) : {};
  return PICTURES.filter(({ file, source }) => !existsSync(join(folder(), file)) || made[file] !== hashOf(source)).map(
    ({ file }) => file,
  );
}

function render(): void {
  const [program, ...before] = (process.env.OPENSCAD ?? "openscad").split(" ");
  for (const { file, source, part, camera } of PICTURES) {
    const look = [`--camera=${camera}`, "--imgsize=1000,750", "--colorscheme=Tomorrow"];
    execFileSync(
      program,
      [...before, ...look, "-D", `part="${part}"`, "-o", join(folder(), file), join(folder(), source)],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    console.log(file);
  }
  const record = Object.fromEntries(PICTURES.map(({ file, source }) => [file, hashOf(source)]));
  writeFileSync(join(folder(), RECORD), JSON.stringify(record, null, 2) + "\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) render();

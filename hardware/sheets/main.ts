/**
 * `npm run sheets`: writes the sheets for the field, their pictures, the picture in each sensor's folder, and the tables of
 * the READMEs that are made from the same data. With --check it writes nothing, and fails when one of them is not what the data say.
 */
import { projectFolder } from "../project-folder.js";
import { differing, writeAll } from "./files.js";

const root = projectFolder();
if (process.argv.includes("--check")) {
  const stale = await differing(root);
  for (const file of stale) console.error(`${file} is not what its data say`);
  if (stale.length > 0) {
    console.error("Run npm run sheets, look at what has changed, and commit it.");
    process.exitCode = 1;
  }
} else {
  const changed = await writeAll(root);
  console.log(changed.length === 0 ? "Nothing has changed." : changed.join("\n"));
}

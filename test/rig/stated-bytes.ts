/** What firmware/README.md says of the size of every image: `site type, link` → bytes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";

export function statedBytes(): Map<string, number> {
  const text = readFileSync(join(projectRoot(), "firmware/README.md"), "utf8");
  const rows = text.matchAll(/^\| ([a-z-]+) +\| (mqtt|serial|lora|modem) +\| ([\d,]+) +\|/gm);
  return new Map([...rows].map(([, image, link, bytes]) => [`${image}, ${link}`, Number(bytes?.replaceAll(",", ""))]));
}

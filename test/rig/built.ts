import { join } from "node:path";
import { buildImage } from "../../hardware/image.js";
import type { Image } from "../../hardware/image.js";
import type { Build } from "../../hardware/sites.js";
import { projectRoot } from "../../hub/root.js";
import { buildWeb, webDir } from "../../hub/web/build.js";

/** The image of a site type, as it would be built now; taken from where `npm run build` kept it, if it did. */
export function builtImage(siteTypeName: string, build?: Build): Promise<Image> {
  return buildImage(siteTypeName, { build, keepIn: join(projectRoot(), "build", "kept") });
}

/** Folder of the web app: as `npm run build` has just made it for tests that are built themselves, or made anew in `dir`. */
export async function builtWeb(dir: string): Promise<string> {
  if (!import.meta.url.endsWith(".ts")) return webDir();
  await buildWeb(dir);
  return dir;
}

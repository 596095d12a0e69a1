/** Programs of the project that a test runs as a process of its own. */
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";

/**
 * What node is to be told to run a program in the same form as the test itself: its source through tsx, or what was
 * built, which starts several times as fast.
 * @param path from the project's top folder, without an ending: `hub/cli/main`
 */
export function program(path: string): string[] {
  if (import.meta.url.endsWith(".ts")) return ["--import", "tsx", join(projectRoot(), `${path}.ts`)];
  return [join(projectRoot(), "build", `${path}.js`)];
}

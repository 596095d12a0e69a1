/** The tower: firmware ← hardware ← hub ← flows. Each room imports only from itself and from those to its left. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { projectRoot } from "../hub/root.js";

const ROOMS = ["firmware", "hardware", "hub", "flows"];
const root = projectRoot();

function sources(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(ts|tsx|js|cjs|mjs)$/.test(name) ? [path] : [];
  });
}

/** Relative imports of one source file, as paths from the project's top folder. */
function imports(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(/(?:from|import\s*\(?|require\()\s*["'](\.[^"']+)["']/g);
  return [...found].map((m) => relative(root, resolve(dirname(file), m[1])));
}

const siblings = ["hub/inputs", "hub/outputs", "firmware/sensors"];

describe("the house", () => {
  for (const [floor, room] of ROOMS.entries()) {
    it(`${room} imports only from ${ROOMS.slice(0, floor + 1).join(", ")}`, () => {
      const wrong = sources(join(root, room)).flatMap((file) =>
        imports(file)
          .filter((to) => !ROOMS.slice(0, floor + 1).includes(to.split(sep)[0]))
          .map((to) => `${relative(root, file)} imports ${to}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it("keeps a post's code free of Node and of packages", () => {
    const wrong = sources(join(root, "firmware"))
      .filter((file) => !/(\/sim|eslint\.espruino)\.(ts|js)$/.test(file))
      .filter((file) => /(?:from|require\()\s*["'][^."']/.test(readFileSync(file, "utf8")))
      .filter((file) => !file.endsWith("board.ts"));
    assert.deepEqual(wrong, []);
  });

  it("lets nobody reach the sirens but the API, which asks who orders: no rule, no flow", () => {
    const own = join("hub", "siren") + sep;
    const reach = sources(join(root, "hub"))
      .concat(sources(join(root, "flows")))
      .map((file) => relative(root, file))
      .filter((file) => !file.startsWith(own) && imports(join(root, file)).some((to) => to.startsWith(own)));
    assert.deepEqual(reach.sort(), ["hub/api/sirens.ts", "hub/api/views.ts", "hub/main.ts"]);
  });

  it("has a model that imports no library", () => {
    assert.doesNotMatch(readFileSync(join(root, "hub/model.ts"), "utf8"), /^import /m);
  });

  for (const parent of siblings) {
    it(`lets no folder of ${parent} import its sibling, unless it is a part they share`, () => {
      const shared = ["plantower", "ads1115", "maxbotix", "ultrasonic"];
      const folders = readdirSync(join(root, parent)).filter((n) => statSync(join(root, parent, n)).isDirectory());
      const wrong = folders.flatMap((folder) =>
        sources(join(root, parent, folder)).flatMap((file) =>
          imports(file)
            .filter((to) => to.startsWith(parent + sep))
            .filter((to) =>
              folders.some((f) => f !== folder && !shared.includes(f) && to.startsWith(join(parent, f) + sep)),
            )
            .map((to) => `${relative(root, file)} imports ${to}`),
        ),
      );
      assert.deepEqual(wrong, []);
    });
  }
});

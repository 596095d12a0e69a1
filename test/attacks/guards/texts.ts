/** What keeps texts and names from leading elsewhere. */
import type { Guard } from "./guard.js";

const FILES = "test/attacks/files.test.ts";
const SERVER = "hub/api/server.ts";
const AUTH = "hub/api/auth.ts";

export const TEXTS: Guard[] = [
  {
    attack: "path traversal: pages",
    file: "hub/api/pages.ts",
    guard: "  for (const name of names) {",
    without: `  app.get("/*", { config: { access: "public" } }, async (request) => readFileSync(join(dir, decodeURIComponent(request.raw.url ?? "")), "utf8"));
  for (const name of names) {`,
    test: [FILES, "no path of the pages"],
  },
  {
    attack: "path traversal: names of sites",
    file: "hub/registry/rows.ts",
    guard: "const siteId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/,",
    without: "const siteId = z.string().regex(/^/,",
    test: [FILES, "no name of a site"],
  },
  {
    attack: "path traversal: names of boards",
    file: "hub/registry/rows.ts",
    guard: "z.string().refine(isBoardName,",
    without: "z.string().refine(() => true,",
    test: [FILES, "no name of a site"],
  },
  {
    attack: "XML entities",
    file: "hub/alerts/cap/read.ts",
    guard: "if (/<!DOCTYPE/i.test(xml)) return",
    without: "if (false) return",
    test: [FILES, "XML entities"],
  },
  {
    attack: "YAML bombs: aliases in hub.yaml",
    file: "hub/config.ts",
    guard: "document.toJS({ maxAliasCount: 20 })",
    without: "document.toJS({ maxAliasCount: -1 })",
    test: ["test/hub/config.test.ts", "does not blow up"],
  },
  {
    attack: "YAML bombs: aliases in a registry",
    file: "hub/registry/yaml.ts",
    guard: "document.toJS({ maxAliasCount: 20 })",
    without: "document.toJS({ maxAliasCount: -1 })",
    test: [FILES, "YAML bombs"],
  },
  {
    attack: "YAML bombs: depth of hub.yaml",
    file: "hub/config.ts",
    guard: "if (tooDeep(text)) throw",
    without: "if (false) throw",
    test: [FILES, "YAML bombs"],
  },
  {
    attack: "YAML bombs: depth of a registry",
    file: "hub/registry/yaml.ts",
    guard: "if (tooDeep(text)) throw",
    without: "if (false) throw",
    test: [FILES, "YAML bombs"],
  },
  {
    attack: "header injection: Node's strict parser",
    file: SERVER,
    guard: "http: { headersTimeout:",
    without: "http: { insecureHTTPParser: true, headersTimeout:",
    test: [FILES, "header injection"],
  },
  {
    attack: "header injection: names of people",
    file: AUTH,
    guard: "if (!/^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,63}$/u.test(name))",
    without: "if (false)",
    test: [FILES, "header injection"],
  },
  {
    attack: "prototypes in JSON",
    file: SERVER,
    guard: "bodyLimit: BODY_LIMIT,",
    without: 'bodyLimit: BODY_LIMIT, onProtoPoisoning: "ignore", onConstructorPoisoning: "ignore",',
    also: {
      file: "hub/api/sessions.ts",
      guard: "required: Object.keys(properties), additionalProperties: false, properties",
      without: "required: Object.keys(properties), properties",
    },
    test: [FILES, "prototypes"],
  },
  {
    attack: "an altered image of firmware in a backup",
    file: "hub/backup/restore.ts",
    guard: 'if (fault !== "") throw bad(fault);',
    without: "",
    test: ["test/hub/backup/rollout.test.ts", "is not what its name says"],
  },
];

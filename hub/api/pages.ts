/**
 * The web app's files. They are read once, and only what was read is ever served, so that no path leads elsewhere. They
 * hold no data of the city and are open to all: the login page is one of them.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { FastifyInstance } from "fastify";
import { SetupError } from "../errors.js";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** Addresses of the one page. */
const PAGES = ["/", "/login", "/boards", "/rollouts"];

/** Serves every file of `dir` (not of folders in it) at the top; `index.html` also at the addresses of the pages. */
export function addPages(app: FastifyInstance, dir: string): void {
  let names: string[];
  try {
    names = readdirSync(dir).filter((name) => TYPES[extname(name)] !== undefined);
  } catch (error) {
    throw new SetupError("WEB_NOT_BUILT", `the web app is not in ${dir}`, "run: npm run build", { cause: error });
  }
  if (!names.includes("index.html"))
    throw new SetupError("WEB_NOT_BUILT", `there is no index.html in ${dir}`, "run: npm run build");
  for (const name of names) {
    const body = readFileSync(join(dir, name));
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    for (const url of name === "index.html" ? PAGES : [`/${name}`])
      app.get(url, { config: { access: "public" } }, async (request, reply) => {
        reply.header("cache-control", "no-cache").header("etag", etag);
        if (request.headers["if-none-match"] === etag) return reply.code(304).send();
        return reply.type(TYPES[extname(name)]).send(body);
      });
  }
}

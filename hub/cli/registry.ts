/** `aryk site|board|calibration|registry …`: the registry. A running hub takes changes up within a second. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { realClock } from "../clock.js";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import type { UnixMs } from "../model.js";
import { Registry } from "../registry.js";
import { sitesFromCsv } from "../registry-csv.js";
import { registryFromYaml } from "../registry-yaml.js";
import { mqttPassword } from "../secrets.js";

/** Opens the registry of the configured hub for one piece of work. */
function withRegistry(program: Command, work: (registry: Registry, by: string) => void): void {
  const { dataDir } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const registry = Registry.open(join(dataDir, "registry.sqlite"), realClock);
  try {
    work(registry, userInfo().username);
  } finally {
    registry.close();
  }
}

/** A moment from the command line; now when it is not given. */
function moment(text: string | undefined): UnixMs {
  if (text === undefined) return Date.now();
  const at = Date.parse(text);
  if (Number.isNaN(at) || !/T.*(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new SetupError("TIME", `"${text}" is no moment`, "Write it with a zone: 2026-03-01T08:00:00+05:00");
  return at;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new SetupError("NUMBER", `"${text}" is no number`, "Write it with a decimal point: 43.226");
  return value;
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    const remedy = "Write it as JSON in single quotes: '{\"mountHeightMm\":3000}'";
    throw new SetupError("PARAMS_JSON", `the parameters are no JSON: ${(cause as Error).message}`, remedy, { cause });
  }
}

/** What goes into a board's flash, as file `aryk.cfg`; the uplink is completed by whoever installs it. */
function provisioning(board: string, keyId: string, key: Uint8Array, broker: { host: string; port: number }): string {
  const uplink = { ...broker, username: board, password: mqttPassword(board, key) };
  return JSON.stringify({ board, keyId, key: Buffer.from(key).toString("hex"), uplink }, null, 2);
}

interface SiteOptions {
  type: string;
  name: string;
  nameKk?: string;
  nameRu?: string;
  district: string;
  lat: number;
  lon: number;
}

function addSiteCommands(program: Command): void {
  const site = program.command("site").description("places that are measured");
  site
    .command("list")
    .description("every site with its boards")
    .action(() =>
      withRegistry(program, (registry) => {
        for (const s of registry.sites())
          console.log([s.id, s.type, s.names.en, s.district, registry.boardsAt(s.id, Date.now()).join(",")].join("\t"));
      }),
    );
  site
    .command("add <id>")
    .description("add one site")
    .requiredOption("--type <type>", "eco-post, reservoir, mesh-container or underpass")
    .requiredOption("--name <name>", "name in English")
    .option("--name-kk <name>", "name in Kazakh")
    .option("--name-ru <name>", "name in Russian")
    .option("--district <slug>", "district, as on the map", "")
    .requiredOption("--lat <degrees>", "latitude, WGS 84", number)
    .requiredOption("--lon <degrees>", "longitude, WGS 84", number)
    .action((id: string, o: SiteOptions) =>
      withRegistry(program, (registry, by) => {
        const names = { kk: o.nameKk ?? o.name, ru: o.nameRu ?? o.name, en: o.name };
        const { type, district, lat, lon } = o;
        registry.addSite({ id, type, names, district, lat, lon, settings: {} }, by);
        console.log(`Added site ${id}.`);
      }),
    );
  site
    .command("import <file>")
    .description("add sites from a CSV file, all or none")
    .action((file: string) =>
      withRegistry(program, (registry, by) => {
        const { document, rowName } = sitesFromCsv(readFileSync(file, "utf8"));
        console.log(`Added ${registry.import(document, by, rowName)} sites.`);
      }),
    );
}

function addBoardCommands(program: Command): void {
  const board = program.command("board").description("boards and their keys");
  board
    .command("add <board>")
    .description("register a board; prints its key once, as the file that goes into its flash")
    .option("--site <id>", "where it hangs")
    .action((name: string, options: { site?: string }) => {
      const { inputs } = loadConfig(program.opts<{ config: string }>().config, process.env);
      withRegistry(program, (registry, by) => {
        const { keyId, key } = registry.addBoard(name, by);
        if (options.site !== undefined) registry.assign(name, options.site, Date.now(), by);
        console.log(provisioning(name, keyId, key, { host: inputs.broker.host, port: inputs.broker.port }));
        console.error(
          `Board ${name} is registered. Write the text above into its flash as aryk.cfg; it is not shown again.`,
        );
      });
    });
  board
    .command("assign <board> [site]")
    .description("say where a board hangs; without a site: in the store")
    .option("--from <moment>", "since when, with a zone")
    .action((name: string, site: string | undefined, options: { from?: string }) =>
      withRegistry(program, (registry, by) => registry.assign(name, site ?? null, moment(options.from), by)),
    );
  board
    .command("list")
    .description("every board, where it hangs and its keys")
    .action(() =>
      withRegistry(program, (registry) => {
        for (const b of registry.boards()) {
          const keys = b.keys.map((key) => (key.revoked ? `${key.id} (revoked)` : key.id)).join(",");
          console.log([b.board, registry.siteOf(b.board, Date.now())?.id ?? "-", keys].join("\t"));
        }
      }),
    );
  board
    .command("revoke <board> <key>")
    .description("refuse everything sealed with that key from now on")
    .action((name: string, key: string) => withRegistry(program, (registry, by) => registry.revokeKey(name, key, by)));
}

/** Adds everything about the registry. */
export function addRegistryCommands(program: Command): void {
  addSiteCommands(program);
  addBoardCommands(program);
  program
    .command("calibration")
    .description("dated calibration records")
    .command("add <site> <property> <model> <params>")
    .description("add a record; params as JSON")
    .option("--from <moment>", "since when, with a zone")
    .option("--note <text>", "how it was found", "")
    .action((site: string, property: string, model: string, params: string, o: { from?: string; note: string }) =>
      withRegistry(program, (registry, by) => {
        const from = moment(o.from);
        const added = registry.addCalibration({
          site,
          property,
          model,
          params: jsonOf(params),
          from,
          by,
          note: o.note,
        });
        console.log(`Added calibration ${added.number}.`);
      }),
    );
  const registry = program.command("registry").description("the whole registry as a document");
  registry
    .command("export")
    .description("print it as YAML")
    .option("--keys", "with the boards' keys: keep the output secret")
    .action((o: { keys?: boolean }) =>
      withRegistry(program, (book) => process.stdout.write(stringify(book.export({ keys: o.keys === true })))),
    );
  registry
    .command("import <file>")
    .description("add what a YAML document says and the registry does not, all or nothing")
    .action((file: string) =>
      withRegistry(program, (book, by) => {
        console.log(`Added ${book.import(registryFromYaml(readFileSync(file, "utf8")), by)} rows.`);
      }),
    );
}

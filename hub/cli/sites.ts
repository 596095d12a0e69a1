/** `aryk site …`: places that are measured. */
import type { Command } from "commander";
import { SITE_TYPES } from "../../hardware/sites.js";
import { SetupError } from "../errors.js";
import type { Site } from "../registry.js";
import { sitesFromCsv, sitesToCsv } from "../registry/csv.js";
import { number, textOf, withRegistry } from "./open-registry.js";

interface SiteOptions {
  type: string;
  name: string;
  nameKk?: string;
  nameRu?: string;
  district: string;
  lat: number;
  lon: number;
}

/** Further from all other sites than any two places of one city: most likely latitude and longitude were exchanged. */
const FAR_DEGREES = 2;

function warnIfFar(others: Site[], lat: number, lon: number): void {
  if (others.length === 0 || others.some((s) => Math.hypot(s.lat - lat, s.lon - lon) < FAR_DEGREES)) return;
  console.error(`Warning: ${lat}, ${lon} lies far from every other site. Were latitude and longitude exchanged?`);
}

const CSV_HELP = `
The first line names the columns:
  id,type,name_kk,name_ru,name_en,district,lat,lon
  underpass-1,underpass,Сейфуллин / Әл-Фараби,Сейфуллина / Аль-Фараби,Seifullin / Al-Farabi,bostandyq,43.226,76.9407
Commas or semicolons, decimal point or comma. Further columns settings.<name> set a rule's threshold at one site.
"aryk site export" prints such a table.`;

/** Adds `site list|add|set|import|export`. */
export function addSiteCommands(program: Command): void {
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
    .description("add one site, or state one that is there anew (its history stays)")
    .requiredOption("--type <type>", SITE_TYPES.map(({ name }) => name).join(", "))
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
        const before = registry.site(id);
        registry.addSite({ id, type, names, district, lat, lon, settings: before?.settings ?? {} }, by);
        console.log(before === undefined ? `Added site ${id}.` : `Site ${id} was there (${before.names.en}): changed.`);
        warnIfFar(
          registry.sites().filter((other) => other.id !== id),
          lat,
          lon,
        );
      }),
    );
  site
    .command("set <id> <settings...>")
    .description("set a rule's settings at one site: onMm.3=120 floatOut=1, or holdS= for the usual again")
    .action((id: string, wanted: string[]) =>
      withRegistry(program, (registry, by) => {
        const before = registry.site(id);
        if (before === undefined) throw new SetupError("SITE", `no site ${id}`, "aryk site list names them");
        const settings = { ...before.settings };
        for (const one of wanted) {
          const [, name, value] = /^([^=]+)=(.*)$/.exec(one) ?? [];
          if (name === undefined) throw new SetupError("SETTING", `${one} is no setting`, "write it as floatOut=1");
          if (value === "") delete settings[name];
          else settings[name] = number(value);
        }
        registry.addSite({ ...before, settings }, by);
        console.log(
          `Site ${id}: ${
            Object.entries(settings)
              .map((pair) => pair.join("="))
              .join(" ") || "as usual"
          }`,
        );
      }),
    );
  site
    .command("import <file>")
    .description("add sites from a CSV file, all or none")
    .addHelpText("after", CSV_HELP)
    .action((file: string) =>
      withRegistry(program, (registry, by) => {
        const { document, rowName } = sitesFromCsv(textOf(file));
        console.log(`Added ${registry.import(document, by, rowName)} sites.`);
      }),
    );
  site
    .command("export")
    .description("print every site as CSV")
    .action(() => withRegistry(program, (registry) => void process.stdout.write(sitesToCsv(registry.sites()))));
}

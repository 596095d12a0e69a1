/** `aryk calibration|registry …`: calibration records, and the whole registry as a document. */
import type { Command } from "commander";
import { stringify } from "yaml";
import { SetupError } from "../errors.js";
import { registryFromYaml } from "../registry/yaml.js";
import { moment, textOf, withRegistry } from "./open-registry.js";
import { noteSight } from "./sights.js";

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    const remedy = "Write it as JSON in single quotes: '{\"mountHeightMm\":3000}'";
    throw new SetupError("PARAMS_JSON", `the parameters are no JSON: ${(cause as Error).message}`, remedy, { cause });
  }
}

function addCalibrationCommands(program: Command): void {
  const calibration = program.command("calibration").description("dated calibration records");
  calibration
    .command("list [site]")
    .description("every record, of one site or of all; the newest of a property that has begun is in force")
    .action((site: string | undefined) =>
      withRegistry(program, (registry) => {
        for (const r of registry.calibrations().filter((one) => site === undefined || one.site === site)) {
          const inForce = registry.calibrationAt(r.site, r.property, Date.now())?.number === r.number;
          const state = inForce ? "in force" : r.from > Date.now() ? "later" : "superseded";
          const from = new Date(r.from).toISOString();
          console.log([r.number, r.site, r.property, r.model, state, from, JSON.stringify(r.params)].join("\t"));
        }
      }),
    );
  calibration
    .command("add <site> <property> <model> <params>")
    .description("add a record; params as JSON")
    .option("--from <moment>", "since when, with a zone")
    .option("--note <text>", "how it was found", "")
    .action((site: string, property: string, model: string, params: string, o: { from?: string; note: string }) =>
      withRegistry(program, (registry, by) => {
        const from = moment(o.from);
        const before = registry.calibrationAt(site, property, from);
        const record = { site, property, model, params: jsonOf(params), from, by, note: o.note };
        const added = registry.addCalibration(record);
        const over = before === undefined ? "" : ` It stands over record ${before.number} from then on.`;
        console.log(`Added calibration ${added.number}.${over}`);
      }),
    );
}

/** Adds `calibration list|add` and `registry export|import`. */
export function addRegistryCommands(program: Command): void {
  addCalibrationCommands(program);
  const registry = program.command("registry").description("the whole registry as a document");
  registry
    .command("export")
    .description("print it as YAML")
    .option("--keys", "with the boards' keys: keep the output secret")
    .action((o: { keys?: boolean }) =>
      withRegistry(program, (book) => {
        noteSight(program, "registry");
        process.stdout.write(stringify(book.export({ keys: o.keys === true })));
      }),
    );
  registry
    .command("import <file>")
    .description("add what a YAML document says and the registry does not, all or nothing")
    .action((file: string) =>
      withRegistry(program, (book, by) => {
        console.log(`Added ${book.import(registryFromYaml(textOf(file)), by)} rows.`);
      }),
    );
}

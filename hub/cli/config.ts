/** `aryk config …`: the configuration file. */
import type { Command } from "commander";
import { configJsonSchema, loadConfig } from "../config.js";
import { sampleConfig } from "../config/sample.js";

/** Adds `config sample`, `config check` and `config schema`. */
export function addConfigCommands(program: Command): void {
  const config = program.command("config").description("the configuration file");
  config
    .command("sample")
    .description("print every option with its default and a sentence")
    .action(() => {
      process.stdout.write(sampleConfig());
    });
  config
    .command("check")
    .description("check the configuration file and say what is wrong where")
    .action(() => {
      const file = program.opts<{ config: string }>().config;
      loadConfig(file, process.env);
      console.log(`${file} is sound.`);
    });
  config
    .command("schema")
    .description("print the JSON Schema, for editors")
    .action(() => console.log(JSON.stringify(configJsonSchema(), null, 2)));
}

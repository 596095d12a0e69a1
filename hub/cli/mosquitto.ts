/** `aryk mosquitto`: the boards of the registry as users of a Mosquitto broker. */
import { InvalidArgumentError, type Command } from "commander";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import { writeMosquitto } from "../mosquitto.js";
import { withRegistry } from "./open-registry.js";

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new InvalidArgumentError("a port is 1 to 65535");
  return value;
}

/** Adds `mosquitto <folder>`. */
export function addMosquittoCommand(program: Command): void {
  program
    .command("mosquitto <folder>")
    .description("write a Mosquitto broker's passwords, access list and settings: every board under its own topic")
    .option("--host <address>", "where it listens", "127.0.0.1")
    .option("--port <number>", "8883 with a certificate, else 1883", port)
    .option("--cert <file>", "certificate (PEM), for TLS")
    .option("--key <file>", "private key (PEM) of the certificate")
    .action((folder: string, o: { host: string; port?: number; cert?: string; key?: string }) => {
      if ((o.cert === undefined) !== (o.key === undefined))
        throw new SetupError("MOSQUITTO_TLS", "--cert and --key belong together", "Name both, or none.");
      const tls = o.cert === undefined || o.key === undefined ? undefined : { cert: o.cert, key: o.key };
      const { inputs } = loadConfig(program.opts<{ config: string }>().config, process.env);
      const own = inputs.mqtt.find((input) => input.username !== null && input.password !== null);
      const { username, password } = own ?? { username: null, password: null };
      if (username === null || password === null)
        throw new SetupError(
          "MOSQUITTO_LOGIN",
          "hub.yaml has no login for the hub at an external broker",
          "Set username and password of an inputs.mqtt entry; the password as ${MQTT_PASSWORD}.",
        );
      withRegistry(program, (registry) => {
        const where = { folder, hub: { username, password }, host: o.host, port: o.port ?? (tls ? 8883 : 1883) };
        const boards = writeMosquitto(registry, { ...where, ...(tls && { tls }) });
        console.log(`${boards} boards and the hub (${username}) are in ${folder}.`);
        console.error(
          `Give the files to Mosquitto's user, put "include_dir ${folder}" or their lines into mosquitto.conf, and run` +
            " this again, with a SIGHUP to Mosquitto, after every change of boards or keys.",
        );
      });
    });
}

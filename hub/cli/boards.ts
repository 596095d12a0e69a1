/** `aryk board …`: boards, where they hang, and their keys. */
import type { Command } from "commander";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import type { Registry } from "../registry.js";
import { askForKey } from "../registry/rotation.js";
import { mqttPassword } from "../secrets.js";
import { moment, withRegistry } from "./open-registry.js";

interface UplinkOptions {
  host?: string;
  ssid?: string;
}

function needSite(registry: Registry, site: string): void {
  if (registry.site(site) === undefined)
    throw new SetupError("NO_SITE", `there is no site ${site}`, "aryk site list shows them; aryk site add adds one.");
}

/** Prints what goes into a board's flash as `aryk.cfg` (firmware/node/config.ts), and what is still to be filled in. */
function printSetUp(program: Command, board: string, keyId: string, key: Uint8Array, o: UplinkOptions): void {
  const { inputs } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const host = o.host ?? inputs.broker.host;
  const wifi = o.ssid === undefined ? {} : { ssid: o.ssid, wifiPassword: "" };
  const password = mqttPassword(board, key);
  const uplink = { host, port: inputs.broker.port, ...wifi, username: board, password };
  console.log(JSON.stringify({ board, keyId, key: Buffer.from(key).toString("hex"), uplink }, null, 2));
  console.error("Write the text above into the board's flash as aryk.cfg (firmware/README.md); it is not shown again.");
  if (/^(127\.|0\.0\.0\.0|localhost|::)/.test(host))
    console.error(
      `Before that, put the hub's address in the network in place of "${host}" (or use --host), and let boards in:` +
        " inputs.broker.host: 0.0.0.0 in hub.yaml. A board on a serial line needs neither.",
    );
  if (o.ssid !== undefined) console.error("Fill in wifiPassword by hand: it is asked for nowhere, and kept nowhere.");
}

/** Adds `board add|key|assign|list|rotate|revoke`. */
export function addBoardCommands(program: Command): void {
  const board = program.command("board").description("boards and their keys");
  board
    .command("add <board>")
    .description("register a board; prints its key once, in the file that goes into its flash")
    .option("--site <id>", "where it hangs")
    .option("--host <address>", "the hub's address, as the board reaches it")
    .option("--ssid <name>", "the wireless network it uses")
    .action((name: string, options: UplinkOptions & { site?: string }) =>
      withRegistry(program, (registry, by) => {
        if (options.site !== undefined) needSite(registry, options.site);
        const { keyId, key } = registry.addBoard(name, by);
        if (options.site !== undefined) registry.assign(name, options.site, Date.now(), by);
        printSetUp(program, name, keyId, key, options);
      }),
    );
  board
    .command("key <board>")
    .description("make a further key for a board whose set-up was lost; the old ones hold until they are revoked")
    .option("--host <address>", "the hub's address, as the board reaches it")
    .option("--ssid <name>", "the wireless network it uses")
    .action((name: string, options: UplinkOptions) =>
      withRegistry(program, (registry, by) => {
        const { keyId, key } = registry.addKey(name, by);
        printSetUp(program, name, keyId, key, options);
      }),
    );
  board
    .command("assign <board> [site]")
    .description("say where a board hangs; without a site: in the store")
    .option("--from <moment>", "since when, with a zone")
    .action((name: string, site: string | undefined, options: { from?: string }) =>
      withRegistry(program, (registry, by) => {
        if (site !== undefined) needSite(registry, site);
        const from = moment(options.from);
        registry.assign(name, site ?? null, from, by);
        if (site === undefined) return console.log(`${name} is in the store.`);
        const others = registry.boardsAt(site, Math.max(from, Date.now())).filter((other) => other !== name);
        const beside = others.map((other) => `${other} hangs there too: aryk board assign ${other} takes it down.`);
        console.log([`${name} hangs at ${site}.`, ...beside].join("\n"));
      }),
    );
  board
    .command("list")
    .description("every board, where it hangs and its keys")
    .action(() =>
      withRegistry(program, (registry) => {
        for (const b of registry.boards()) {
          const note = (id: string): string => (id === b.asked?.id ? " (asked for)" : "");
          const keys = b.keys.map((key) => key.id + (key.revoked ? " (revoked)" : note(key.id))).join(",");
          console.log([b.board, registry.siteOf(b.board, Date.now())?.id ?? "-", keys].join("\t"));
        }
      }),
    );
  board
    .command("rotate <board...>")
    .description("ask boards for a new key over the wire; the old one is revoked when nothing in their flash needs it")
    .action((names: string[]) =>
      withRegistry(program, (registry, by) => {
        for (const name of names) {
          const { from, id } = askForKey(registry, name, by);
          console.log(`${name} is asked to go from ${from} to ${id}: aryk board list shows when it has.`);
        }
      }),
    );
  board
    .command("revoke <board> <key>")
    .description("refuse everything sealed with that key from now on")
    .action((name: string, key: string) =>
      withRegistry(program, (registry, by) => {
        registry.revokeKey(name, key, by);
        console.log(`Key ${key} of ${name} is revoked.`);
      }),
    );
}

/** `aryk board …`: boards, where they hang, and their keys. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import type { Registry } from "../registry.js";
import { askForKey } from "../registry/rotation.js";
import { mqttPassword } from "../secrets.js";
import { addOrderCommands } from "./orders.js";
import { moment, withRegistry } from "./open-registry.js";

interface UplinkOptions {
  host?: string;
  ssid?: string;
  ntp?: string;
  apn?: string;
  lora?: boolean;
}

/** Whose network it is, on the air: a private one's own number will do. */
const JOIN_EUI = "0000000000000001";

function needSite(registry: Registry, site: string): void {
  if (registry.site(site) === undefined)
    throw new SetupError("NO_SITE", `there is no site ${site}`, "aryk site list shows them; aryk site add adds one.");
}

/** Prints what goes into a board's flash as `aryk.cfg` (firmware/node/config.ts), and what is still to be filled in. */
function printSetUp(program: Command, board: string, keyId: string, key: Uint8Array, o: UplinkOptions): void {
  if (o.lora === true) return printRadioSetUp(board, keyId, key);
  const { inputs } = loadConfig(program.opts<{ config: string }>().config, process.env);
  const host = o.host ?? inputs.broker.host;
  const wifi = o.ssid === undefined ? {} : { ssid: o.ssid, wifiPassword: "" };
  const password = mqttPassword(board, key);
  const time = o.ntp === undefined ? {} : { ntp: o.ntp };
  const apn = o.apn === undefined ? {} : { apn: o.apn };
  const uplink = { host, port: inputs.broker.port, ...wifi, ...apn, ...time, username: board, password };
  console.log(JSON.stringify({ board, keyId, key: Buffer.from(key).toString("hex"), uplink }, null, 2));
  console.error("Write the text above into the board's flash as aryk.cfg (firmware/README.md); it is not shown again.");
  if (/^(127\.|0\.0\.0\.0|localhost|::)/.test(host))
    console.error(
      `Before that, put the hub's address in the network in place of "${host}" (or use --host), and let boards in:` +
        " inputs.broker.host: 0.0.0.0 in hub.yaml. A board on a serial line needs neither.",
    );
  if (o.ssid !== undefined) console.error("Fill in wifiPassword by hand: it is asked for nowhere, and kept nowhere.");
}

/** The same for a board whose radio network proves it: the key of that network is the device's at the network server, too. */
function printRadioSetUp(board: string, keyId: string, key: Uint8Array): void {
  const uplink = { joinEui: JOIN_EUI, appKey: randomBytes(16).toString("hex") };
  console.log(JSON.stringify({ board, keyId, key: Buffer.from(key).toString("hex"), uplink }, null, 2));
  console.error("Write the text above into the board's flash as aryk.cfg (firmware/README.md); it is not shown again.");
  console.error(
    "Its console then says its DevEUI: add the device with it, joinEui and appKey at ChirpStack, and register it here:" +
      ` aryk board radio ${board} <DevEUI>.`,
  );
}

/** Adds `board add|key|assign|radio|list|rotate|revoke`, and what boards are asked for. */
export function addBoardCommands(program: Command): void {
  const board = program.command("board").description("boards and their keys");
  board
    .command("add <board>")
    .description("register a board; prints its key once, in the file that goes into its flash")
    .option("--site <id>", "where it hangs")
    .option("--host <address>", "the hub's address, as the board reaches it")
    .option("--ssid <name>", "the wireless network it uses")
    .option("--ntp <address>", "a time server that it reaches; without one it learns the time from the hub")
    .option("--apn <name>", "the access point of its LTE-M or NB-IoT card")
    .option("--lora", "it is on a LoRaWAN network")
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
    .option("--ntp <address>", "a time server that it reaches; without one it learns the time from the hub")
    .option("--apn <name>", "the access point of its LTE-M or NB-IoT card")
    .option("--lora", "it is on a LoRaWAN network")
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
    .command("radio <board> [devEui]")
    .description("say which LoRaWAN module is a board's; without one: none")
    .action((name: string, devEui: string | undefined) =>
      withRegistry(program, (registry, by) => {
        registry.add([{ kind: "radio", board: name, devEui: devEui?.toLowerCase() ?? null }], by);
        console.log(devEui === undefined ? `${name} has no radio module.` : `What ${devEui} sends is of ${name}.`);
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
  addOrderCommands(program, board);
}

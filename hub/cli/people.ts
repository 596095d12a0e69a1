/** `aryk person …`: who may log in. */
import type { Command } from "commander";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Access, ROLES, type Role } from "../api/auth.js";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import { forgetPerson } from "../store/forget.js";
import { COMMAND_LINE } from "../api/seen.js";
import { account } from "./sights.js";

const dataDirOf = (program: Command): string =>
  loadConfig(program.opts<{ config: string }>().config, process.env).dataDir;

async function withAccess(program: Command, work: (access: Access) => Promise<void> | void): Promise<void> {
  const dataDir = dataDirOf(program);
  const { access, adminPassword } = await Access.open(join(dataDir, "people.sqlite"));
  try {
    if (adminPassword !== null) console.error(`Nobody was there yet. Made admin with the password ${adminPassword}`);
    await work(access);
  } finally {
    access.close();
  }
}

/** Asks on the terminal, or takes the first line of what is piped in: never an argument, which others could see. */
async function askPassword(): Promise<string> {
  const io = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    if (process.stdin.isTTY) process.stderr.write("Password (12 characters or more): ");
    for await (const line of io) return line;
    throw new SetupError("NO_PASSWORD", "no password was given", "Type it, or pipe it in as one line.");
  } finally {
    io.close();
  }
}

/** What was forgotten, and what of it this command does not reach. */
function tellForgotten(program: Command, name: string, addresses: string[]): void {
  const { as, acts, notices, waiting, copies, held } = forgetPerson(dataDirOf(program), name, addresses, account());
  console.log(`The login is removed; ${acts} rows and ${notices} notices now name ${as}.`);
  if (waiting > 0)
    console.log(`${waiting} notices of alarms that are not over keep the address: run this again when they are.`);
  if (held.length > 0)
    console.log(
      `Somebody reads ${held.join(", ")} (a backup?): what it was is still in the log beside it. Run this again.`,
    );
  console.log(
    "Not reached: the roster in the flows' editor, reasons that people typed, who added rows of the registry," +
      " this machine's log, backups.",
  );
  if (copies.length > 0) console.log(`Delete these copies yourself when you need them no more: ${copies.join(", ")}`);
}

function seenCommand(program: Command, person: Command): void {
  person
    .command("seen")
    .description("who saw personal data, and when: newest first, kept for a year")
    .option("--rows <n>", "how many", "50")
    .action((options: { rows: string }) =>
      withAccess(program, (access) => {
        const rows = Number(options.rows);
        if (!Number.isInteger(rows) || rows < 1)
          throw new SetupError("NUMBER", `"${options.rows}" is no number of rows`, "Write a whole number: 50");
        access.seen.note(account(), COMMAND_LINE, "seen");
        for (const { at, who, place, what } of access.seen.list(Infinity, rows))
          console.log([new Date(at).toISOString(), who === "" ? "(no login)" : who, place, what].join("\t"));
      }),
    );
}

/** Adds `person list|seen|add|password|logout|remove|forget`. */
export function addPeopleCommands(program: Command): void {
  const person = program.command("person").description("who may log in");
  person
    .command("list")
    .description("everybody and their roles")
    .action(() =>
      withAccess(program, (access) => {
        access.seen.note(account(), COMMAND_LINE, "people");
        for (const { name, role } of access.people()) console.log(`${name}\t${role}`);
      }),
    );
  seenCommand(program, person);
  person
    .command("add <name> <role>")
    .description(`add somebody; roles: ${ROLES.join(", ")}`)
    .action((name: string, role: string) => {
      if (!ROLES.includes(role as Role))
        throw new SetupError("ROLE", `there is no role "${role}"`, `Use one of: ${ROLES.join(", ")}.`);
      return withAccess(program, async (access) => access.add(name, role as Role, await askPassword()));
    });
  person
    .command("password <name>")
    .description("set a new password; ends that person's sessions")
    .action((name: string) => withAccess(program, async (access) => access.setPassword(name, await askPassword())));
  person
    .command("logout <name>")
    .description("end every session of that person")
    .action((name: string) => withAccess(program, (access) => access.logoutAll(name)));
  person
    .command("remove <name>")
    .description("take somebody's access away")
    .action((name: string) => withAccess(program, (access) => access.remove(name)));
  person
    .command("forget <name>")
    .description("remove somebody, and put a made-up name in the place of theirs in every record")
    .option("--address <address...>", "telephone numbers and the like at which they were told, as in the roster", [])
    .action((name: string, options: { address: string[] }) => tellForgotten(program, name, options.address));
}

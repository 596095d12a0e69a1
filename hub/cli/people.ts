/** `aryk person …`: who may log in. */
import type { Command } from "commander";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Access, ROLES, type Role } from "../api/auth.js";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";

async function withAccess(program: Command, work: (access: Access) => Promise<void> | void): Promise<void> {
  const { dataDir } = loadConfig(program.opts<{ config: string }>().config, process.env);
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

/** Adds `person list|add|password|logout|remove`. */
export function addPeopleCommands(program: Command): void {
  const person = program.command("person").description("who may log in");
  person
    .command("list")
    .description("everybody and their roles")
    .action(() =>
      withAccess(program, (access) => {
        for (const { name, role } of access.people()) console.log(`${name}\t${role}`);
      }),
    );
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
}

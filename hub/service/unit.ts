/** The systemd unit of a hub: one template (aryk.service), filled in for this machine. */
import { readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { SetupError } from "../errors.js";
import { projectRoot } from "../root.js";

export interface UnitOptions {
  /** Name of the unit and of its state folder: 1–31 lower-case letters, digits and hyphens. */
  name: string;
  /** Absolute path of hub.yaml. */
  configFile: string;
  /** Folders that it writes to: `dataDir`, and the one for CAP messages. */
  writable: string[];
  /** Account that runs it. Made beforehand; without a shell and a home of its own. */
  user: string;
  /** Absolute path of the node program. */
  node: string;
  /** Device files of serial inputs. */
  serial: string[];
}

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;

/** A path as one word of a unit file: quoted, with systemd's own signs (`%`, `$`, `\`, `"`) taken literally. */
function word(path: string): string {
  if (/\p{Cc}/u.test(path))
    throw new SetupError("SERVICE_PATH", "a path holds a control character", "Move the file to a plain path.");
  const literal = path.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /[\s"\\;']/.test(path) ? `"${literal}"` : literal;
}

/** A path that stands alone behind its `=`: no quotes there, only `%` has a meaning. */
function plain(path: string): string {
  if (/[\p{Cc}]/u.test(path))
    throw new SetupError("SERVICE_PATH", "a path holds a control character", "Move the file to a plain path.");
  return path.replaceAll("%", "%%");
}

const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/**
 * The text of the unit. It may write to /var/lib/<name> and `writable`, to nothing else.
 * @throws SetupError SERVICE_NAME, SERVICE_USER, SERVICE_PATH
 */
export function serviceUnit(options: UnitOptions): string {
  const { name, user, serial } = options;
  if (!NAME.test(name))
    throw new SetupError("SERVICE_NAME", `${JSON.stringify(name)} cannot name a unit`, "Use a-z, 0-9 and hyphens.");
  if (!USER.test(user))
    throw new SetupError("SERVICE_USER", `${JSON.stringify(user)} cannot be an account`, "Name an account, as `aryk`.");
  const state = `/var/lib/${name}`;
  const root = projectRoot();
  const [configFile, node] = [resolve(options.configFile), resolve(options.node)];
  const writable = options.writable.map((path) => resolve(path));
  const home = [root, configFile, node, ...writable].some((path) => inside(path, "/home") || inside(path, "/root"));
  // Boards' device files beside the usual kinds, by their own path: /dev/serial/by-id/… leads to one of those anyway.
  const further = serial.filter((path) => !/^\/dev\/(serial\/|tty(USB|ACM|S|AMA)\d)/.test(path));
  const devices = further.map((path) => `DeviceAllow=${plain(path)} rw`);
  const elsewhere = writable.filter(
    (path, i) => !inside(path, state) && !writable.slice(0, i).some((o) => inside(path, o)),
  );
  devices.push(...elsewhere.map((path) => `ReadWritePaths=${word(path)}`));
  const values: Record<string, string> = {
    NAME: name,
    USER: user,
    NODE: word(node),
    ROOT: plain(root).replaceAll(" ", "%%20"),
    MAIN: word(join(root, "build", "hub", "cli", "main.js")),
    CONFIG: word(configFile),
    STATE: state,
    STATE_NAME: name,
    PROTECT_HOME: home ? "read-only" : "yes",
    DEVICES: devices.map((line) => line + "\n").join(""),
  };
  const template = readFileSync(join(root, "hub", "service", "aryk.service"), "utf8");
  return template.replace(/@([A-Z_]+)@/g, (_all, key: string) => values[key] ?? "");
}

/** What of a mount holds for which of a type's builds: sheets show all builds of a type at once. */
import type { Only } from "../mounts/mount.js";
import type { Post } from "./of-build.js";

const holdsFor =
  ({ supplies, uplinks, sensors }: Only) =>
  ({ build, fitted }: Post): boolean =>
    (supplies === undefined || supplies.includes(build.supply)) &&
    (uplinks === undefined || uplinks.includes(build.uplink)) &&
    (sensors === undefined || fitted.some(({ on }) => sensors.includes(on.sensor)));

/** What holds for one of the builds at least. */
export const used = <T extends Only>(all: T[], posts: Post[]): T[] => all.filter((one) => posts.some(holdsFor(one)));

/** "[mains] ", where something does not hold for every build. */
export function onlyFor(only: Only, posts: Post[]): string {
  if (posts.every(holdsFor(only))) return "";
  const own = posts.filter(holdsFor(only));
  const names = [
    ...(only.supplies === undefined ? [] : own.map(({ build }) => build.supply)),
    ...(only.uplinks === undefined ? [] : own.map(({ build }) => build.uplink)),
  ];
  return `[${[...new Set(names)].join(", ")}] `;
}

/** Images of firmware in a backup: a rollout that is restored elsewhere goes on with the very image that it began with. */
import { join } from "node:path";
import { IMAGES_DIR, IMAGES_MOST, ImageStore } from "../updates/images.js";

const NAME = new RegExp(`^${IMAGES_DIR}/([0-9a-f]{8})\\.js(?:on)?$`);

const filesOf = (id: string): string[] => [`${IMAGES_DIR}/${id}.js`, `${IMAGES_DIR}/${id}.json`];

/**
 * Copies the images, each of which is checked against its name as it is read; one that was altered is no image any more
 * and is left out. Returns the names of the files that were written.
 */
export function copyImages(dataDir: string, dir: string): string[] {
  const from = new ImageStore(dataDir);
  const to = new ImageStore(dir);
  const copied = from.list().slice(0, IMAGES_MOST);
  for (const { id, image, version, added, by } of copied) to.add(from.code(id)!, { image, version, added, by });
  return copied.flatMap(({ id }) => filesOf(id));
}

/** The id in a file's name; undefined for a file that is no image's. */
export function imageIn(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** What is wrong with the images that a backup names; empty when each is whole and what its name says. */
export function imagesFault(backup: string, names: string[]): string {
  const ids = new Set(names.flatMap((name) => imageIn(name) ?? []));
  if (ids.size > IMAGES_MOST) return `it names ${ids.size} images, a hub keeps ${IMAGES_MOST}`;
  const images = new ImageStore(backup);
  const bad = [...ids].find((id) => images.of(id) === undefined || !filesOf(id).every((name) => names.includes(name)));
  return bad === undefined ? "" : `${join(backup, IMAGES_DIR, bad)}.js is not the image that its name says`;
}

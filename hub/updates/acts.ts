/** What a person does with a rollout, from the command line or the page: the same checks, and a row with who did it. */
import { randomBytes } from "node:crypto";
import { SetupError } from "../errors.js";
import type { UnixMs } from "../model.js";
import type { Registry } from "../registry.js";
import type { ImageStore, StoredImage } from "./images.js";
import { actsOf } from "./progress.js";
import type { Act } from "./progress.js";

/** Two images for the same boards would take turns without end. */
function refuseSecond(registry: Registry, images: ImageStore, kind: string, own: string): void {
  const other = registry
    .rollouts()
    .find((one) => one.id !== own && one.does !== "stop" && images.of(one.image)?.image === kind);
  if (other !== undefined)
    throw new SetupError(
      "ROLLOUT_RUNS",
      `the rollout ${other.id} sends ${other.image} to the same boards`,
      `Stop it first: aryk update stop ${other.id}`,
    );
}

/** Begins to send an image; returns the rollout's name. @throws SetupError ROLLOUT_RUNS */
export function startRollout(registry: Registry, images: ImageStore, { id, image }: StoredImage, by: string): string {
  refuseSecond(registry, images, image, "");
  const rollout = randomBytes(4).toString("hex");
  registry.add([{ kind: "rollout", rollout, image: id, does: "start", why: "" }], by);
  return rollout;
}

/**
 * Stops a rollout, goes on with it, or takes it back. `seenAt` is when it last changed as the person saw it, if that is
 * known: what has changed since is looked at first.
 * @throws SetupError NO_ROLLOUT, ROLLOUT_CHANGED, ROLLOUT_STANDS, ROLLOUT_RUNS
 */
export function actOnRollout(
  registry: Registry,
  images: ImageStore,
  doing: { rollout: string; act: Act; why: string; by: string; seenAt?: UnixMs },
): void {
  const { rollout, act, why, by, seenAt } = doing;
  const one = registry.rollout(rollout);
  if (one === undefined)
    throw new SetupError("NO_ROLLOUT", `there is no rollout ${rollout}`, "aryk update status shows them.");
  if (seenAt !== undefined && seenAt !== one.at)
    throw new SetupError("ROLLOUT_CHANGED", `the rollout ${rollout} has changed meanwhile`, "Look at it again.");
  if (!actsOf(one).includes(act))
    throw new SetupError(
      "ROLLOUT_STANDS",
      `the rollout ${rollout} stands so already: ${one.does}, by ${one.by}`,
      `aryk update status ${rollout} shows how far it is.`,
    );
  const kind = images.of(one.image)?.image;
  if (act === "resume" && kind !== undefined) refuseSecond(registry, images, kind, rollout);
  registry.add([{ kind: "rollout", rollout, image: one.image, does: act, why }], by);
}

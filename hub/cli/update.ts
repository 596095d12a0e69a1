/** `aryk update …`: new images for boards, over the wire. */
import type { Command } from "commander";
import { loadConfig } from "../config.js";
import { SetupError } from "../errors.js";
import { buildImage } from "../../hardware/image.js";
import { siteType } from "../../hardware/sites.js";
import type { Registry } from "../registry.js";
import type { Rollout } from "../registry/rollouts.js";
import { userInfo } from "node:os";
import { actOnRollout, startRollout } from "../updates/acts.js";
import { ImageStore } from "../updates/images.js";
import type { StoredImage } from "../updates/images.js";
import { ACTS, progressOf } from "../updates/progress.js";
import type { Act } from "../updates/progress.js";
import { number, withRegistry } from "./open-registry.js";

const when = (at: number): string => new Date(at).toISOString().slice(0, 16) + "Z";

/** The image whose name begins so. @throws SetupError NO_IMAGE */
function imageOf(images: ImageStore, name: string): StoredImage {
  const found = images.list().filter(({ id }) => id.startsWith(name));
  if (found.length === 1) return found[0];
  const what = found.length === 0 ? "no image" : `${found.length} images`;
  throw new SetupError("NO_IMAGE", `${what} begin with ${name}`, "aryk update images shows them.");
}

/** The rollout whose name begins so. @throws SetupError NO_ROLLOUT */
function rolloutOf(registry: Registry, name: string): Rollout {
  const found = registry.rollouts().filter(({ id }) => id.startsWith(name));
  if (found.length === 1) return found[0];
  const what = found.length === 0 ? "no rollout" : `${found.length} rollouts`;
  throw new SetupError("NO_ROLLOUT", `${what} begin with ${name}`, "aryk update status shows them.");
}

/** One line for a rollout: how far it is. */
function summary(rollout: Rollout): string {
  const { id, image, does, why, at, by } = rollout;
  const { offered, good, underWay } = progressOf(rollout, undefined, []);
  const state = does === "stop" ? `stopped: ${why}` : does === "back" ? "being taken back" : "goes on";
  const counts = [`${good} good`, `${underWay} under way`, `${offered - good - underWay} bad`];
  return [id, image, ...counts, state, when(at), by].join("\t");
}

/** Adds `update add|images|start|status|stop|resume|back`. */
export function addUpdateCommands(program: Command): void {
  const update = program.command("update").description("new images for boards, over the wire");
  const store = (): ImageStore =>
    new ImageStore(loadConfig(program.opts<{ config: string }>().config, process.env).dataDir);
  update
    .command("add <site-type>")
    .description("build the image of a type of site, as this version of the hub has it, and keep it")
    .option("--build <n>", "which of its builds (hardware/sites.ts), from 0", "0")
    .action(async (type: string, options: { build: string }) => {
      const build = siteType(type)?.builds[number(options.build)];
      if (build === undefined)
        throw new SetupError("NO_BUILD", `there is no build ${options.build} of "${type}"`, "See hardware/sites.ts.");
      const { name, version, code } = await buildImage(type, { build });
      const added = store().add(code, { image: name, version, added: Date.now(), by: userInfo().username });
      console.log([added.id, added.image, added.version, `${added.bytes} bytes`].join("\t"));
    });
  update
    .command("images")
    .description("the images that boards can be sent")
    .action(() => {
      for (const { id, image, version, bytes, added, by } of store().list())
        console.log([id, image, version, `${bytes} bytes`, when(added), by].join("\t"));
    });
  update
    .command("start <image>")
    .description("send an image to every board that runs one of its kind: to one, then to one in twenty, then to all")
    .action((name: string) =>
      withRegistry(program, (registry, by) => {
        const images = store();
        const image = imageOf(images, name);
        const id = startRollout(registry, images, image, by);
        console.log(`${id}: ${image.id} goes to the boards that run ${image.image}: aryk update status ${id}`);
      }),
    );
  update
    .command("status [rollout]")
    .description("how far the rollouts are; of one, board by board")
    .action((name: string | undefined) =>
      withRegistry(program, (registry) => {
        if (name === undefined) return registry.rollouts().forEach((one) => console.log(summary(one)));
        const one = rolloutOf(registry, name);
        console.log(summary(one));
        for (const [board, { at, outcome }] of one.offers) {
          const came =
            outcome === null ? "under way" : [outcome.result, outcome.why].filter((w) => w !== "").join(": ");
          const { version = "-", runs = "-" } = registry.reported(board) ?? {};
          console.log(["", board, came, when(outcome?.at ?? at), version, runs].join("\t"));
        }
      }),
    );
  const acts: Record<Act, string> = {
    stop: "send it to no further board; those that run it keep it",
    resume: "go on with a rollout that was stopped",
    back: "take it back: every board that runs it goes back to the image before",
  };
  for (const act of ACTS)
    update
      .command(`${act} <rollout>`)
      .description(acts[act])
      .option("--why <text>", "for those who look at it later", "")
      .action((name: string, options: { why: string }) =>
        withRegistry(program, (registry, by) => {
          const { id } = rolloutOf(registry, name);
          actOnRollout(registry, store(), { rollout: id, act, why: options.why, by });
          console.log("Noted. aryk update status shows what becomes of it.");
        }),
      );
}

/** A hub's data folder with somebody in it, a site with its board, and an alarm that is still to be told. */
import { join } from "node:path";
import { Register } from "../../hub/alerts/register.js";
import type { RuleEvent } from "../../hub/alerts/rule.js";
import { Access } from "../../hub/api/auth.js";
import { realClock } from "../../hub/clock.js";
import type { SiteId } from "../../hub/model.js";
import { Registry } from "../../hub/registry.js";

/** Fills the folder: `admin` with that password, board `up-1` at site `u1`, a notice to the channel `duty`. */
export async function fillHouse(data: string, password: string): Promise<{ keyId: string; key: Buffer }> {
  const { access } = await Access.open(join(data, "people.sqlite"), { cost: { N: 1024, r: 8, p: 1 } });
  await access.setPassword("admin", password);
  access.close();
  const registry = Registry.open(join(data, "registry.sqlite"), realClock);
  const { keyId, key } = registry.addBoard("up-1", "test");
  const names = { kk: "a", ru: "b", en: "c" };
  const place = { id: "u1", type: "underpass", names, district: "", lat: 43, lon: 76, settings: {} };
  registry.addSite(place, "test");
  registry.assign("up-1", "u1", 0, "test");
  registry.close();
  // An alarm that is still to be told: to a receiver that refuses it.
  const register = Register.open(join(data, "register.sqlite"), realClock);
  const [site, now] = ["u1" as SiteId, realClock.now()];
  const raise: RuleEvent = {
    kind: "flood",
    action: "raise",
    level: 3,
    reason: "x",
    figures: {},
    time: now,
    entry: 1,
  };
  register.commit({
    ...{ fence: register.takeFence("test"), cursor: { epoch: "j", id: 1 }, now },
    evaluations: [{ site, rule: "flood", expectedRevision: 0, state: {}, events: [raise] }],
    notices: [{ site, kind: "flood", channel: "duty", to: "", language: "ru", minLevel: 1 }],
  });
  register.close();
  return { keyId, key };
}

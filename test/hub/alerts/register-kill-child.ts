/** Run by register-kill.test.ts until it is killed: one commit after the other, each with one transition. */
import { Register } from "../../../hub/alerts/register.js";
import type { RuleEvent } from "../../../hub/alerts/rule.js";
import { realClock } from "../../../hub/clock.js";
import type { SiteId } from "../../../hub/model.js";

const register = Register.open(process.argv[2], realClock);
const fence = register.takeFence("child");
const site = "u1" as SiteId;
for (let id = (register.cursor()?.id ?? 0) + 1; ; id++) {
  const action = id % 2 === 1 ? "raise" : "clear";
  const event: RuleEvent = {
    ...{ kind: "flood", action, level: id % 2 === 1 ? 1 : 0, reason: "test", figures: {} },
    ...{ time: realClock.now(), entry: id },
  };
  register.commit({
    fence,
    cursor: { epoch: "e", id },
    now: realClock.now(),
    evaluations: [{ site, rule: "flood", expectedRevision: id - 1, state: { n: id }, events: [event] }],
    notices: [{ site, kind: "flood", channel: "log", to: "", language: "ru", minLevel: 0 }],
  });
  process.stdout.write(`${id}\n`);
  // Lets the pipe drain: what was said must reach the parent.
  await new Promise((resolve) => setImmediate(resolve));
}

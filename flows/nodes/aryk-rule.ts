/** A rule of the hub over the batch. The thresholds are this node's; the states are the register's. */
import { RULES } from "../../hub/alerts/index.js";
import { checkSettings, evaluateRule, ruleNamed } from "../evaluate.js";
import { hubOf, type Red } from "../red.js";
import { isWork } from "../session.js";

interface Config {
  hub: string;
  rule: string;
  /** Departures from the rule's defaults. */
  settings?: Record<string, unknown>;
  /** Site ids or districts, by comma; empty for all. */
  only?: string;
}

/** Set by the site, so not offered: how often it reports, what its sensors can see, how it stands and how far it may lean, its water's limits. */
const BY_SITE = ["cadenceS", "sees", "uprightDeg", "tiltMaxDeg", "highMm", "lowMm"];

/** What the dialog shows for each rule. */
function offered(): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    RULES.map((rule) => [
      rule.name,
      Object.fromEntries(Object.entries(rule.defaults).filter(([n]) => !BY_SITE.includes(n))),
    ]),
  );
}

export default function (RED: Red) {
  RED.nodes.registerType(
    "aryk-rule",
    function (config: Config) {
      RED.nodes.createNode(this, config);
      const hub = hubOf(RED, this, config.hub);
      if (hub === null) return;
      const only = (config.only ?? "").split(",").map((word) => word.trim());
      const node = { rule: config.rule, settings: config.settings ?? {}, only: only.filter((word) => word !== "") };
      try {
        checkSettings(ruleNamed(node.rule), node.settings);
      } catch (error) {
        // No batch passes a rule that is set wrongly: then nothing is committed, and the hub's own watch takes over.
        this.status({ fill: "red", shape: "ring", text: "settings" });
        this.on("input", (_msg, _send, done) => done(error as Error));
        return this.error((error as Error).message);
      }
      this.on("input", (msg, send, done) => {
        const work = msg.payload;
        if (!isWork(work)) return done(new Error("This message carries no batch of readings."));
        if (!hub.session.isCurrent(work)) return done();
        const { evaluations, broken } = evaluateRule(node, work, hub.session.sites(), (rule, site) =>
          hub.session.stateOf(rule, site),
        );
        for (const { site, error } of broken)
          this.error(`Rule ${node.rule} broke at ${site}: ${error.message}`, { topic: node.rule, payload: site });
        const events = evaluations.reduce((sum, e) => sum + e.events.length, 0);
        const fill = broken.length > 0 ? "red" : events > 0 ? "yellow" : "green";
        this.status({ fill, shape: "dot", text: `${evaluations.length} st ${events} ev`.slice(0, 19) });
        const judged = [...work.judged, { rule: node.rule, only: node.only }];
        send({ ...msg, payload: { ...work, judged, evaluations: [...work.evaluations, ...evaluations] } });
        done();
      });
    },
    { settings: { arykRuleDefaults: { value: offered(), exportable: true } } },
  );
}

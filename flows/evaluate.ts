/** One rule over one batch, at the sites a rule node is for. Pure: the states come from the session and go to the hub. */
import { siteType } from "../hardware/sites.js";
import { RULES, runRule, type AnyRule } from "../hub/alerts/index.js";
import type { Evaluation, RulePack, RuleState } from "../hub/alerts/protocol.js";
import type { RuleSite } from "../hub/alerts/rule.js";
import type { Work } from "./session.js";

/** What a rule node is set to. */
export interface RuleNodeSettings {
  rule: string;
  /** Departures from the rule's own settings, by name. */
  settings: Record<string, unknown>;
  /** Site ids or districts it is for; empty: every site whose type has the rule. */
  only: string[];
}

export interface Evaluated {
  evaluations: Evaluation[];
  /** Sites where the rule broke over its stored state, and began anew, or over an input, which is left out. */
  broken: { site: string; error: Error }[];
}

/** The rule of that name. @throws Error naming the rules there are */
export function ruleNamed(name: string): AnyRule {
  const rule = RULES.find((r) => r.name === name);
  if (rule === undefined)
    throw new Error(`There is no rule ${name}; there are ${RULES.map((r) => r.name).join(", ")}.`);
  return rule;
}

/**
 * Checks what a person typed against the rule's own settings: every name must exist there, and every value
 * have the same shape.
 * @throws Error naming the setting
 */
export function checkSettings(rule: AnyRule, settings: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(settings)) {
    const own = rule.defaults[name];
    if (own === undefined) throw new Error(`Rule ${rule.name} has no setting ${name}.`);
    if (!alike(own, value))
      throw new Error(`Setting ${name} of rule ${rule.name} must be like ${JSON.stringify(own)}.`);
  }
}

function alike(own: unknown, value: unknown): boolean {
  if (Array.isArray(own))
    return Array.isArray(value) && value.length === own.length && own.every((o, i) => alike(o, value[i]));
  return typeof own === typeof value && (typeof value !== "number" || Number.isFinite(value));
}

/**
 * Evaluates a rule over a batch. A site that an earlier node of the chain has evaluated by the same rule is left alone:
 * so a node for a few sites, standing before the general one, sets their thresholds apart.
 */
export function evaluateRule(
  node: RuleNodeSettings,
  work: Work,
  sites: RuleSite[],
  stateOf: (rule: string, site: string) => RuleState | undefined,
): Evaluated {
  const rule = ruleNamed(node.rule);
  const packs = new Map<string, RulePack[]>();
  for (const pack of work.packs) {
    const list = packs.get(pack.site);
    if (list === undefined) packs.set(pack.site, [pack]);
    else list.push(pack);
  }
  const out: Evaluated = { evaluations: [], broken: [] };
  for (const site of sites) {
    if (!concerns(node, site) || work.judged.some((earlier) => concerns(earlier, site))) continue;
    const before = stateOf(rule.name, site.id);
    const trouble = ({ message }: { message: string }): void =>
      void out.broken.push({ site: site.id, error: new Error(message) });
    const found = runRule(rule, site, work, packs.get(site.id) ?? [], before, node.settings, trouble);
    if (found !== null) out.evaluations.push(found);
  }
  return out;
}

/** Whether a rule node is for that site. */
export function concerns(node: Pick<RuleNodeSettings, "rule" | "only">, site: RuleSite): boolean {
  const rules: string[] = siteType(site.type)?.rules ?? [];
  if (!rules.includes(node.rule)) return false;
  return node.only.length === 0 || node.only.includes(site.id) || node.only.includes(site.district);
}

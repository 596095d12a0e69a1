/** Every rule, and how a batch of the journal is run through them. */
import { siteType } from "../../hardware/sites.js";
import type { SiteId } from "../model.js";
import type { Batch, Evaluation, RulePack, RuleState } from "./protocol.js";
import type { Rule, RuleEvent, RuleInput, RuleSite } from "./rule.js";
import type { RuleStates } from "./rule-states.js";
import { flood } from "./flood.js";
import { level } from "./level.js";
import { overflow } from "./overflow.js";
import { silence } from "./silence.js";
import { tilt } from "./tilt.js";

/** A rule whose state and settings only the rule itself looks into. */
export type AnyRule = Rule<unknown, Record<string, unknown>>;

function entry<State, Settings extends { cadenceS: number }>(rule: Rule<State, Settings>): AnyRule {
  return rule as unknown as AnyRule;
}

/** The rules, by the name that hardware/sites.ts gives them. To add one, add its line. */
export const RULES: AnyRule[] = [entry(flood), entry(overflow), entry(silence), entry(tilt), entry(level)];

/** Settings that differ from a rule's defaults, by rule name (Node-RED's rule nodes carry them). */
export type RuleSettings = Record<string, Record<string, unknown>>;

/** A rule that could not go on from its stored state, or broke over an input. */
export interface RuleTrouble {
  site: SiteId;
  rule: string;
  message: string;
}

/** Whether a stored state has the parts of a first one, each of the same kind (what is null at first may be anything). */
function shapedLike(first: unknown, state: unknown): boolean {
  if (first === null || first === undefined) return state !== undefined;
  if (Array.isArray(first)) return Array.isArray(state);
  if (typeof first !== "object") return typeof state === typeof first;
  if (typeof state !== "object" || state === null || Array.isArray(state)) return false;
  for (const [name, part] of Object.entries(first))
    if (!shapedLike(part, Object.hasOwn(state, name) ? (state as Record<string, unknown>)[name] : undefined))
      return false;
  return true;
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * A rule's settings with the site's own over them. A site has one list of names for all its rules, so a name that this
 * rule does not know, or that has another shape here, is another rule's: it is left alone.
 */
function withSite(settings: Record<string, unknown>, own: Record<string, number>): Record<string, unknown> {
  const all = { ...settings };
  for (const [name, value] of Object.entries(own)) {
    const [base, place, ...more] = name.split(".");
    if (!Object.hasOwn(settings, base) || more.length > 0) continue;
    const known = all[base];
    if (place === undefined) {
      if (typeof known === "number") all[base] = value;
    } else if (Array.isArray(known) && typeof known[Number(place) - 1] === "number")
      all[base] = known.with(Number(place) - 1, value);
  }
  return all;
}

/** What may be set at a site that these rules watch: `fullPercent`, or `onMm.2` for the second of several numbers. */
export function settingNames(rules: string[]): string[] {
  const names = RULES.filter((rule) => rules.includes(rule.name)).flatMap((rule) =>
    Object.entries(rule.defaults).flatMap(([name, value]) => {
      if (Array.isArray(value)) return value.map((_, i) => `${name}.${i + 1}`);
      return typeof value === "number" ? [name] : [];
    }),
  );
  return [...new Set(["cadenceS", ...names])];
}

/**
 * Runs one rule at one site over its packs of the batch, then tells it the time (unless more entries wait). Returns
 * null if neither its state changed nor anything happened. Pure. It never throws: from a state that is not the rule's,
 * or over which it breaks, it begins anew, and an input over which it breaks even so is left out.
 *
 * @param before   the rule's state as the register holds it; undefined for a first run
 * @param settings departures from the rule's defaults; those of the site stand over them
 * @param trouble  told of every new beginning and of every input left out
 */
export function runRule(
  rule: AnyRule,
  site: RuleSite,
  batch: Omit<Batch, "to">,
  packs: RulePack[],
  before: RuleState | undefined,
  settings: Record<string, unknown> = {},
  trouble: (trouble: RuleTrouble) => void = () => undefined,
): Evaluation | null {
  if (packs.length === 0 && batch.more) return null;
  const ofSite: Record<string, unknown> = { cadenceS: site.cadenceS };
  if (site.tiltMaxDeg !== undefined && Object.hasOwn(rule.defaults, "tiltMaxDeg")) ofSite.tiltMaxDeg = site.tiltMaxDeg;
  const all = withSite({ ...rule.defaults, ...ofSite, ...settings }, site.settings);
  if (site.sees !== undefined && Object.hasOwn(rule.defaults, "sees")) all.sees = site.sees;
  const { properties } = rule;
  const inputs = packs.map(({ readings }): RuleInput => {
    const wanted = properties.length === 0 ? readings : readings.filter((r) => properties.includes(r.property));
    return { type: "pack", now: batch.now, readings: wanted };
  });
  if (!batch.more)
    inputs.push({ type: "tick", now: batch.now, ...(batch.since === undefined ? {} : { since: batch.since }) });
  const report = (message: string) => trouble({ site: site.id, rule: rule.name, message });

  const first = rule.initial();
  const start = before === undefined ? first : before.state;
  const run = (from: unknown, broke: (error: unknown) => void) => {
    let state = from;
    const events: RuleEvent[] = [];
    for (const input of inputs)
      try {
        const out = rule.step(state, input, all);
        state = out.state;
        events.push(...out.events);
      } catch (error) {
        broke(error);
      }
    return { state, events };
  };
  const anew = (why: string) => {
    report(`its stored state is of no use (${why}): it begins anew`);
    return run(first, (error) => report(`an input is left out: ${said(error)}`));
  };
  const fromStart = () => {
    if (!shapedLike(first, start)) return anew("not of the rule's shape");
    try {
      return run(start, (error) => {
        throw error;
      });
    } catch (error) {
      return anew(said(error));
    }
  };
  const { state, events } = fromStart();
  if (events.length === 0 && same(start, state)) return null;
  return { site: site.id, rule: rule.name, expectedRevision: before?.revision ?? 0, state, events };
}

const NONE: RulePack[] = [];

/**
 * Runs every rule of every site over a batch. Pure: the caller commits the evaluations to the register together with
 * the batch's cursor.
 *
 * @param states   the register's rule states (those of unknown sites are ignored)
 * @param settings departures from the rules' defaults; those of a site stand over them
 * @param only     names of the rules to run; all by default
 * @param trouble  told of rules that broke at a site; the others go on
 */
export function runRules(
  batch: Omit<Batch, "to">,
  states: RuleStates,
  sites: RuleSite[],
  settings: RuleSettings = {},
  only?: string[],
  trouble?: (trouble: RuleTrouble) => void,
): Evaluation[] {
  const packs = new Map<SiteId, RulePack[]>();
  for (const pack of batch.packs) {
    const list = packs.get(pack.site);
    if (list === undefined) packs.set(pack.site, [pack]);
    else list.push(pack);
  }
  const out: Evaluation[] = [];
  for (const site of sites) {
    const own = packs.get(site.id) ?? NONE;
    if (own.length === 0 && batch.more) continue;
    const names: string[] = siteType(site.type)?.rules ?? [];
    for (const rule of RULES) {
      if (!names.includes(rule.name) || (only !== undefined && !only.includes(rule.name))) continue;
      const before = states.of(rule.name, site.id);
      const found = runRule(rule, site, batch, own, before, settings[rule.name], trouble);
      if (found !== null) out.push(found);
    }
  }
  return out;
}

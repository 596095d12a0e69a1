/** The rules' states as whoever runs the rules holds them: by rule, then by site. */
import type { RuleState } from "./protocol.js";

export class RuleStates {
  readonly #rules = new Map<string, Map<string, RuleState>>();

  constructor(states: Iterable<RuleState> = []) {
    for (const state of states) this.put(state);
  }

  /** Undefined for a rule that has never run there. */
  of(rule: string, site: string): RuleState | undefined {
    return this.#rules.get(rule)?.get(site);
  }

  put(state: RuleState): void {
    const sites = this.#rules.get(state.rule);
    if (sites === undefined) this.#rules.set(state.rule, new Map([[state.site as string, state]]));
    else sites.set(state.site, state);
  }
}

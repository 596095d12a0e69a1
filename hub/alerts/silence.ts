/**
 * Rule `silence`: a post that stopped talking, or whose sensors give no usable value, is not a post that measures
 * "all well". A post that was never heard is a matter of commissioning and raises nothing.
 */
import type { UnixMs } from "../model.js";
import { ahead } from "../newest.js";
import type { Rule, RuleEvent, RuleInput } from "./rule.js";

export interface SilenceState {
  /**
   * Time at which a usable value (flag pass, not evaluated or suspect) was measured, the newest to within
   * {@link GRAIN} of the cadence; null before the first.
   */
  heard: UnixMs | null;
  silent: boolean;
}

export interface SilenceSettings {
  cadenceS: number;
  /** Periods without a usable value after which the post counts as silent. */
  cadences: number;
}

/** Part of the cadence by which a post must be newer to be written down again: what reports by the second is not. */
const GRAIN = 1 / 20;

function step(before: SilenceState, input: RuleInput, settings: SilenceSettings) {
  const events: RuleEvent[] = [];
  // When it was heard is not known then, only that it was: silence counts from now.
  const unsure = ahead(before.heard, input.now);
  const state = unsure ? { ...before, heard: input.now } : before;
  if (input.type === "pack") {
    const usable = input.readings.filter((r) => r.value !== null && r.flag <= 3);
    const newest = usable.reduce<UnixMs>((time, r) => Math.max(time, r.time), -Infinity);
    const grainMs = state.silent ? 0 : GRAIN * settings.cadenceS * 1000;
    if (newest === -Infinity || (!unsure && state.heard !== null && newest <= state.heard + grainMs))
      return { state, events };
    const stale = input.now - newest > settings.cadences * settings.cadenceS * 1000;
    if (state.silent && !stale) {
      const entry = usable[0].entry;
      events.push({ kind: "silent", action: "clear", level: 0, reason: "heard", figures: {}, time: newest, entry });
    }
    return { state: { heard: newest, silent: state.silent && stale }, events };
  }
  if (state.heard === null || state.silent) return { state, events };
  const from = Math.max(state.heard, input.since ?? state.heard);
  if (input.now - from <= settings.cadences * settings.cadenceS * 1000) return { state, events };
  const figures = { ageMinutes: Math.round((input.now - state.heard) / 60_000), lastHeard: state.heard };
  events.push({ kind: "silent", action: "raise", level: 0, reason: "silent", figures, time: input.now, entry: null });
  return { state: { ...state, silent: true }, events };
}

export const silence: Rule<SilenceState, SilenceSettings> = {
  name: "silence",
  properties: [],
  defaults: { cadenceS: 300, cadences: 3 },
  initial: () => ({ heard: null, silent: false }),
  step,
};

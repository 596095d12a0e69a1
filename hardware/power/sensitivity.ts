/** What decides a budget: each assumed figure in turn is halved and raised by half, and the outcome reckoned again. */
import type { Figure } from "../../firmware/sensors/facts-of.js";
import type { Read } from "../power.js";

export interface Effect {
  name: string;
  figure: Figure;
  /** The outcome with half, and with one and a half of the figure. */
  low: number;
  high: number;
}

/** Names and figures that an outcome reads. */
export function figuresBehind(outcome: (read: Read) => number): Map<string, Figure> {
  const seen = new Map<string, Figure>();
  outcome((name, figure) => {
    seen.set(name, figure);
    return figure.value;
  });
  return seen;
}

/** Reads one figure `factor` times as large as stated. */
export function scaled(changed: string, factor: number): Read {
  return (name, figure) => (name === changed ? figure.value * factor : figure.value);
}

/** The effect of every assumed figure, the strongest first. */
export function effects(outcome: (read: Read) => number): Effect[] {
  return [...figuresBehind(outcome)]
    .filter(([, figure]) => figure.kind === "assumed")
    .map(([name, figure]) => ({ name, figure, low: outcome(scaled(name, 0.5)), high: outcome(scaled(name, 1.5)) }))
    .sort((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low));
}

/** The budgets as text: what `npm run power` prints. */
import type { Figure } from "../../firmware/sensors/facts-of.js";
import { COLD_C, MONTHS, WARM_C } from "../climate.js";
import { mahPerDay, meanMa, peakMa, phasesOf, roundsPerDay } from "../power.js";
import type { Phase, Read, Subject } from "../power.js";
import { airTime, dutyShare } from "./air-time.js";
import { balanceOf, darkDaysOf, yearsOf } from "./battery.js";
import { heatingKwh, heatingW } from "./heater.js";
import { LORA_BYTES } from "./mix.js";
import { effects, figuresBehind } from "./sensitivity.js";
import { peaksOf, verdictOf, verdictsOf } from "./target.js";
import type { Verdict } from "./target.js";

/** How many consumers, and how many assumptions, are named below a budget. */
const NAMED = 4;
const EUROPEAN_DUTY = 0.01;

const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3);

export const titleOf = ({ type, build }: Subject): string =>
  `${type.name}: ${build.board}, ${build.uplink}, ${build.supply}`;

/** The outcome that a verdict is about, or the mean current where nothing is asked. */
function outcomeOf(subject: Subject): (read: Read) => number {
  return (read) => verdictOf(subject, read)?.value ?? meanMa(phasesOf(subject, read));
}

const verdictText = (verdict: Verdict | null): string =>
  verdict === null
    ? "nothing asked"
    : `${verdict.of}: ${short(verdict.value)}, asked ${verdict.of.startsWith("peak") ? "at most" : "at least"} ${verdict.target}: ${verdict.met ? "met" : "NOT MET"}`;

function lifeText(subject: Subject): string[] {
  const { supply } = subject.build;
  if (supply === "battery") {
    const years = ([WARM_C, COLD_C, "year"] as const).map((c) => short(yearsOf(subject, c)));
    return [
      `years: ${years[0]} at +20 °C, ${years[1]} at −30 °C all the time, ${years[2]} through Almaty's year (10 is the cells' shelf life)`,
    ];
  }
  if (supply === "solar") {
    const december = balanceOf(subject, MONTHS[11]);
    const lean = MONTHS.map((m) => balanceOf(subject, m)).filter((b) => b.inMah < b.outMah);
    return [
      `days without sun: ${short(darkDaysOf(subject, WARM_C))} at +20 °C, ${short(darkDaysOf(subject, COLD_C))} at −30 °C`,
      `December: ${short(december.inMah)} mAh a day from the sun, ${short(december.outMah)} taken; months that fall short: ${lean.map((b) => b.month).join(", ") || "none"}`,
    ];
  }
  const watts = (meanMa(phasesOf(subject)) * 5) / 1000 / 0.8;
  const taken = `takes ${short(watts)} W, ${short((watts * 8760) / 1000)} kWh a year`;
  const heat = heatingKwh(subject);
  return [
    heat === 0
      ? taken
      : `${taken}; its heating ${short(heatingW(subject))} W in the frost, ${short(heat)} kWh a year more`,
  ];
}

function peaksText(subject: Subject): string[] {
  const shares = peaksOf(subject).map(({ of, value, met }) => {
    const name = of.replace("peak, share of ", "");
    return `${name} ${(100 * value).toFixed(0)} %${met ? "" : " TOO MUCH"}`;
  });
  return [`peak ${short(peakMa(subject))} mA of all parts together; it loads ${shares.join(", ")}`];
}

function dutyText(subject: Subject): string[] {
  if (subject.build.uplink !== "lora") return [];
  const { drySeconds, wetSeconds = drySeconds, fastSeconds = wetSeconds } = subject.type.sampling;
  const keeps = (every: number): string => {
    const kept = [12, 11, 10, 9, 8, 7].find((sf) => dutyShare(sf, LORA_BYTES, every) <= EUROPEAN_DUTY);
    return kept === undefined ? `${every} s: at none` : `${every} s: up to ${kept}`;
  };
  const cadences = [...new Set([drySeconds, wetSeconds, fastSeconds])];
  return [
    `spreading factors that keep 1 % on the air when each pack goes out, one every ${cadences.map(keeps).join("; ")}`,
  ];
}

/** A budget: mean current, what it lasts for, what takes most, what would change it most. */
export function budgetText(subject: Subject): string[] {
  const phases = phasesOf(subject);
  const mean = meanMa(phases);
  const most = (list: Phase[]): string =>
    [...list]
      .sort((a, b) => mahPerDay(b) - mahPerDay(a))
      .slice(0, NAMED)
      .map((p) => `${p.name} ${((100 * mahPerDay(p)) / 24 / mean).toFixed(0)} %`)
      .join(", ");
  const asked = effects(outcomeOf(subject));
  // Where nothing that is asked rests on an assumption, what the post draws does.
  const decisive = (asked.length > 0 ? asked : effects((read) => meanMa(phasesOf(subject, read)))).slice(0, NAMED);
  return [
    titleOf(subject),
    `  ${short(roundsPerDay(subject.type))} rounds a day, mean ${short(mean)} mA; ${verdictText(verdictOf(subject))}`,
    ...[...lifeText(subject), ...peaksText(subject), ...dutyText(subject)].map((line) => `  ${line}`),
    `  most goes to: ${most(phases)}`,
    `  decided by (assumed, half → one and a half): ${decisive.map((e) => `${e.name} ${short(e.low)}…${short(e.high)}`).join("; ")}`,
  ];
}

/** Everything that a budget reads: its outcome, and its mean current. */
function figuresOf(subject: Subject): Map<string, Figure> {
  const outcome = outcomeOf(subject);
  return figuresBehind(
    (read) =>
      outcome(read) + meanMa(phasesOf(subject, read)) + heatingKwh(subject, read) + peaksOf(subject, read).length,
  );
}

/** Every figure that the budgets read, once, with its source; `~` marks what is assumed. */
export function figuresText(subjects: Subject[]): string[] {
  const all = new Map(subjects.flatMap((s) => [...figuresOf(s)]));
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { value, kind, source }]) =>
      kind === "assumed"
        ? `~ ${name}: ${value} (assumed: ${source.document})`
        : `  ${name}: ${value} (${kind}: ${source.document}, ${source.page})`,
    );
}

export interface Totals {
  builds: number;
  targets: number;
  met: number;
  figures: number;
  assumed: number;
}

/** How many budgets there are, how many have a target and meet it, and on how many assumed figures they rest. */
export function totalsOf(subjects: Subject[]): Totals {
  const verdicts = subjects.flatMap((s) => verdictsOf(s));
  const figures = new Map(subjects.flatMap((s) => [...figuresOf(s)]));
  return {
    builds: subjects.length,
    targets: verdicts.length,
    met: verdicts.filter((v) => v.met).length,
    figures: figures.size,
    assumed: [...figures.values()].filter((f) => f.kind === "assumed").length,
  };
}

/** Air time of the usual pack at each spreading factor, s. */
export function airTimeText(): string {
  return [7, 8, 9, 10, 11, 12].map((sf) => `${sf}: ${short(airTime(sf, LORA_BYTES))} s`).join(", ");
}

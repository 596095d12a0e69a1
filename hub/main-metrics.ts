/** What the hub counts, as Prometheus sees it. */
import type { Register } from "./alerts/register.js";
import { byLabel, single, type Metric } from "./api/metrics.js";
import type { Journal } from "./journal.js";
import type { Inputs } from "./main-inputs.js";
import type { Outputs } from "./main-outputs.js";
import type { PipelineStats } from "./pipeline.js";
import type { Reserve } from "./reserve.js";

interface MetricsDeps {
  journal: Journal;
  register: Register;
  reserve: Reserve;
  stats(): PipelineStats;
  inputs(): Inputs | null;
  outputs: Outputs;
  flowsAgeMs(): number;
}

const numbers = (record: Partial<Record<string, number>>): Record<string, number> => record as Record<string, number>;

/** Every metric of the hub. */
export function hubMetrics(deps: MetricsDeps): Metric[] {
  const { journal, register, stats, outputs } = deps;
  const perDrain = (value: (drain: Outputs["drains"][number]) => number): Record<string, number> =>
    Object.fromEntries(outputs.drains.map((drain) => [drain.stats().consumer, value(drain)]));
  const level = (): Record<string, number> => {
    const standing: Record<string, number> = {};
    for (const alarm of register.alarms({ active: true }))
      standing[`${alarm.kind}-${alarm.level}`] = (standing[`${alarm.kind}-${alarm.level}`] ?? 0) + 1;
    return standing;
  };
  return [
    single("aryk_lines_total", "counter", "Lines handed over by the inputs.", () => stats().lines),
    single("aryk_packs_stored_total", "counter", "Lines committed to the journal.", () => stats().stored),
    single("aryk_packs_duplicate_total", "counter", "Lines that were known already.", () => stats().duplicates),
    single("aryk_packs_uncommitted_total", "counter", "Lines the journal could not commit.", () => stats().uncommitted),
    byLabel("aryk_lines_refused_total", "counter", "Lines refused, by fault.", "fault", () => numbers(stats().refused)),
    byLabel("aryk_lines_dead_total", "counter", "Dead letters, by reason.", "reason", () => numbers(stats().dead)),
    single("aryk_journal_head_entries", "gauge", "Last committed entry of the journal.", () => journal.head().id),
    single("aryk_journal_bytes", "gauge", "Size of the journal's entries.", () => journal.counts().bytes),
    single("aryk_disk_free_bytes", "gauge", "Free room under the data folder.", () => deps.reserve.stats().freeBytes),
    single(
      "aryk_disk_reserve_bytes",
      "gauge",
      "What is left of the reserve for alarms.",
      () => deps.reserve.stats().bytes,
    ),
    single("aryk_lines_held_total", "counter", "Lines not taken because the disk is full: they wait on boards.", () => {
      return deps.reserve.stats().held;
    }),
    byLabel("aryk_output_lag_entries", "gauge", "Entries an output is behind the journal.", "output", () =>
      perDrain((drain) => drain.stats().lag),
    ),
    byLabel("aryk_output_rejected_total", "counter", "Entries an output refused (dead letters).", "output", () =>
      perDrain((drain) => drain.stats().rejected),
    ),
    single(
      "aryk_flows_age_seconds",
      "gauge",
      "Time since the flows' last commit; +Inf before the first.",
      () => deps.flowsAgeMs() / 1000,
    ),
    byLabel("aryk_alarms_active", "gauge", "Alarms that stand, by kind and level.", "alarm", level),
    single("aryk_board_connections", "gauge", "Connections to the embedded broker.", () => {
      return deps.inputs()?.broker?.stats().connections ?? 0;
    }),
  ];
}

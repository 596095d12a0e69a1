/** What the hub counts, as Prometheus sees it. */
import type { Register } from "../alerts/register.js";
import { byLabel, single, type Metric } from "../api/metrics.js";
import type { FlowsProcess } from "../flows-process.js";
import type { Health } from "../health.js";
import type { Heartbeat } from "../heartbeat.js";
import type { Journal } from "../journal.js";
import type { Inputs } from "./inputs.js";
import type { Outputs } from "./outputs.js";
import type { PipelineStats } from "../pipeline.js";
import type { Registry } from "../registry.js";
import { driftsOf, type DriftKind } from "../registry/drift.js";
import type { Reserve } from "../store/reserve.js";

interface MetricsDeps {
  journal: Journal;
  register: Register;
  registry: Pick<Registry, "sides">;
  reserve: Reserve;
  stats(): PipelineStats;
  inputs(): Inputs | null;
  outputs: Outputs;
  flowsAgeMs(): number;
  health(): Health;
  flows(): FlowsProcess | null;
  heartbeat(): Heartbeat | null;
}

const STATUSES = ["ok", "degraded", "down"];
const DRIFTS: DriftKind[] = ["pending", "refused", "ahead", "old", "unheard"];

const numbers = (record: Partial<Record<string, number>>): Record<string, number> => record as Record<string, number>;

/** Every metric of the hub. */
export function hubMetrics(deps: MetricsDeps): Metric[] {
  const { journal, register, stats, outputs } = deps;
  const perDrain = (value: (drain: Outputs["drains"][number]) => number): Record<string, number> =>
    Object.fromEntries(outputs.drains.map((drain) => [drain.stats().consumer, value(drain)]));
  const alarms = (): ReturnType<Metric["read"]> => {
    const standing = new Map<string, { labels: Record<string, string>; value: number }>();
    for (const { kind, level } of register.alarms({ active: true })) {
      const row = standing.get(`${kind} ${level}`) ?? { labels: { kind, level: String(level) }, value: 0 };
      row.value++;
      standing.set(`${kind} ${level}`, row);
    }
    return [...standing.values()];
  };
  const status = (): Record<string, number> => {
    const { status: now } = deps.health();
    return Object.fromEntries(STATUSES.map((one) => [one, one === now ? 1 : 0]));
  };
  // Components are those of the configuration, codes those of the source: the set of labels is bounded.
  const reasons = (): ReturnType<Metric["read"]> => {
    const seen = new Map<string, { labels: Record<string, string>; value: number }>();
    for (const { component, code, status: how } of deps.health().reasons)
      seen.set(`${component} ${code}`, { labels: { component, code, status: how }, value: 1 });
    return [...seen.values()];
  };
  const differing = (): Record<string, number> => {
    const counts = Object.fromEntries(DRIFTS.map((kind) => [kind, 0]));
    for (const { kind } of driftsOf(deps.registry.sides())) counts[kind]++;
    return counts;
  };
  return [
    single("aryk_lines_total", "counter", "Lines handed over by the inputs.", () => stats().lines),
    single("aryk_packs_stored_total", "counter", "Lines committed to the journal.", () => stats().stored),
    single("aryk_packs_duplicate_total", "counter", "Lines that were known already.", () => stats().duplicates),
    single("aryk_words_total", "counter", "Words of boards that are kept nowhere.", () => stats().heard),
    byLabel("aryk_boards_differing", "gauge", "Boards not set as they were asked to be.", "drift", differing),
    single("aryk_packs_uncommitted_total", "counter", "Lines the journal could not commit.", () => stats().uncommitted),
    byLabel("aryk_lines_refused_total", "counter", "Lines refused, by fault.", "fault", () => numbers(stats().refused)),
    byLabel("aryk_lines_dead_total", "counter", "Dead letters, by reason.", "reason", () => numbers(stats().dead)),
    single(
      "aryk_journal_entries_total",
      "counter",
      "Entries committed, from the journal's beginning.",
      () => journal.head().id,
    ),
    single("aryk_journal_bytes", "gauge", "Room the journal takes, free pages left out.", () => journal.counts().bytes),
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
    byLabel("aryk_output_stalled_seconds", "gauge", "Time entries have waited without headway.", "output", () =>
      perDrain((drain) => drain.stats().stuckMs / 1000),
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
    {
      name: "aryk_alarms_active",
      type: "gauge",
      help: "Alarms that stand, by kind and level.",
      labels: ["kind", "level"],
      read: alarms,
    },
    byLabel("aryk_health_status", "gauge", "1 for the state that the hub is in.", "status", status),
    {
      name: "aryk_health_reason",
      type: "gauge",
      help: "1 for everything that is not well.",
      labels: ["component", "code", "status"],
      read: reasons,
    },
    single("aryk_flows_restarts_total", "counter", "Times Node-RED was started again.", () => {
      return deps.flows()?.restarts() ?? 0;
    }),
    single("aryk_heartbeats_delivered_total", "counter", "Signs of life that arrived outside.", () => {
      return deps.heartbeat()?.stats().delivered ?? 0;
    }),
    single("aryk_heartbeats_failed_total", "counter", "Signs of life that did not arrive.", () => {
      return deps.heartbeat()?.stats().failed ?? 0;
    }),
    single("aryk_board_connections", "gauge", "Connections to the embedded broker.", () => {
      return deps.inputs()?.broker?.stats().connections ?? 0;
    }),
  ];
}

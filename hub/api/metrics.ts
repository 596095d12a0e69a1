/** `/metrics` in Prometheus' text form. What the rooms count stays theirs: it is read when Prometheus asks. */
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/**
 * One family of numbers. Names follow Prometheus: `aryk_`, the base unit at the end, `_total` on counters.
 * `read` gives the present values; each label set once.
 */
export interface Metric {
  name: `aryk_${string}`;
  help: string;
  type: "counter" | "gauge";
  labels: string[];
  read(): { labels: Record<string, string>; value: number }[];
}

/** A metric without labels. */
export function single(name: Metric["name"], type: Metric["type"], help: string, read: () => number): Metric {
  return { name, type, help, labels: [], read: () => [{ labels: {}, value: read() }] };
}

/** A metric with one label, from a record of its values: `stats().refused` by fault, for one. */
export function byLabel(
  name: Metric["name"],
  type: Metric["type"],
  help: string,
  label: string,
  read: () => Record<string, number>,
): Metric {
  const rows = (): { labels: Record<string, string>; value: number }[] =>
    Object.entries(read()).map(([key, value]) => ({ labels: { [label]: key }, value }));
  return { name, type, help, labels: [label], read: rows };
}

/** Builds a registry of its own: nothing is left behind in the library when the hub stops. */
export function metricsRegistry(metrics: Metric[]): Registry {
  const registry = new Registry();
  // Under their usual names, so that ready-made dashboards and alerts find them.
  collectDefaultMetrics({ register: registry });
  for (const metric of metrics) {
    const common = { name: metric.name, help: metric.help, labelNames: metric.labels, registers: [registry] };
    if (metric.type === "counter")
      new Counter({
        ...common,
        collect() {
          this.reset();
          for (const { labels, value } of metric.read()) this.inc(labels, value);
        },
      });
    else
      new Gauge({
        ...common,
        collect() {
          this.reset();
          for (const { labels, value } of metric.read()) this.set(labels, value);
        },
      });
  }
  return registry;
}

export function addMetrics(app: FastifyInstance, metrics: Metric[]): void {
  const registry = metricsRegistry(metrics);
  app.get("/metrics", { config: { access: "metrics" } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.addHook("onClose", async () => registry.clear());
}

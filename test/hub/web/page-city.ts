/** The city of the page's test: its sites, their readings and their alarms. */
import type { AlarmKind, Level } from "../../../hub/alerts/rule.js";
import type { SiteId } from "../../../hub/model.js";
import { reading, site, START } from "../api/setup.js";
import type { Bench } from "../api/setup.js";

const NAMES = [
  "Raiymbek Ave / Pushkin St",
  "Seifullin Ave / railway",
  "Zhandosov St / Abay Ave",
  "Ryskulov Ave / Northern Ring",
];

function city(): ReturnType<typeof site>[] {
  const underpasses = Array.from({ length: 102 }, (_, i) =>
    site(
      `underpass-${i + 1}`,
      "underpass",
      NAMES[i] ?? `Underpass ${i + 1}`,
      43.2 + (i % 10) * 0.012,
      76.82 + Math.floor(i / 10) * 0.015,
    ),
  );
  const containers = Array.from({ length: 1000 }, (_, i) =>
    site(
      `container-${i + 1}`,
      "mesh-container",
      `Container ${i + 1}`,
      43.19 + (i % 40) * 0.0035,
      76.8 + Math.floor(i / 40) * 0.007,
    ),
  );
  const others = [
    site("reservoir-1", "reservoir", "Sairan reservoir", 43.2405, 76.868),
    site("reservoir-2", "reservoir", "Big Almaty pond", 43.18, 76.9),
    site("eco-1", "eco-post", "Abay Ave / Baitursynov St", 43.2404, 76.9286),
    site("eco-2", "eco-post", "Airport", 43.346, 77.01),
  ];
  return [...underpasses, ...containers, ...others];
}

export const CITY = city();

/** Raises an alarm as the rules would. */
export function raise(bench: Bench, id: string, kind: AlarmKind, level: Level, figures: Record<string, number>): void {
  say(bench, id, "raise", kind, level, figures);
}

function say(
  bench: Bench,
  id: string,
  action: "raise" | "clear",
  kind: AlarmKind,
  level: Level,
  figures: Record<string, number>,
): void {
  const { register, journal, clock } = bench;
  const rule = kind === "overflow" ? "overflow" : "flood";
  const known = register.states().find((state) => state.site === id && state.rule === rule);
  register.commit({
    fence: register.takeFence("test"),
    cursor: journal.head(),
    now: clock.now(),
    evaluations: [
      {
        site: id as SiteId,
        rule,
        expectedRevision: known?.revision ?? 0,
        state: { kind, level },
        events: [{ kind, action, level, reason: "test", figures, time: clock.now() - 240_000, entry: null }],
      },
    ],
    notices: [],
  });
}

/** One reading of nearly every site, and one of everything that a page must show. */
export async function fillCity(bench: Bench): Promise<void> {
  const fresh = START - 20_000;
  const packs: Promise<number>[] = [];
  for (const { id, type } of CITY) {
    const i = Number(id.split("-")[1]);
    if (type === "mesh-container")
      packs.push(bench.pack(id, fresh - (i % 50) * 60_000, [reading("fill", (i * 37) % 97)]));
    if (type === "underpass" && i > 4 && i !== 9)
      packs.push(bench.pack(id, fresh, [reading("water-depth", i === 5 ? 20 : i % 7)]));
  }
  packs.push(
    bench.pack("underpass-1", fresh, [reading("water-depth", 204)]),
    bench.pack("underpass-2", fresh, [reading("water-depth", 620, 3, ["spike"])]),
    bench.pack("underpass-3", START - 31 * 60_000, [reading("water-depth", 82)]),
    bench.pack("underpass-4", fresh, [reading("water-depth", 4)]),
    bench.pack("container-4", START, [reading("fill", 99), reading("weight", 143.2)]),
    bench.pack("reservoir-1", fresh, [
      reading("water-level", 3120),
      reading("water-volume", 48210.4),
      reading("temperature", 4.2),
    ]),
    bench.pack("reservoir-2", START - 3 * 3_600_000, [reading("water-level", 1480), reading("temperature", 3.1)]),
    bench.pack("eco-1", fresh, [
      reading("pm25", 84.2),
      reading("no2", 38.1, 3, ["hull"]),
      reading("temperature", -3.4),
      reading("humidity", 81),
    ]),
    bench.pack("eco-2", fresh, [
      reading("pm25", null, 9, ["timeout"]),
      reading("no2", 12.5, 2, ["factory"]),
      reading("temperature", -4),
    ]),
  );
  await Promise.all(packs);
  raise(bench, "underpass-1", "flood", 3, { depthMm: 204, rateMmPerMin: 18 });
  raise(bench, "underpass-2", "suspect", 0, { depthMm: 620 });
  raise(bench, "underpass-3", "flood", 1, { depthMm: 82 });
  raise(bench, "underpass-3", "unknown", 0, { ageMinutes: 31, depthMm: 82 });
  raise(bench, "container-4", "overflow", 1, { fillPercent: 99 });
  raise(bench, "underpass-5", "flood", 3, { depthMm: 180 });
  say(bench, "underpass-5", "clear", "flood", 0, { depthMm: 5, belowMm: 50 });
}

/** Registry documents and tables of sites: taken in whole or not at all, and a SetupError says why not. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { SteppedClock } from "../../hub/clock.js";
import { SetupError } from "../../hub/errors.js";
import { importSitesCsv, sitesToCsv } from "../../hub/registry/csv.js";
import { registryFromYaml } from "../../hub/registry/yaml.js";
import { Registry } from "../../hub/registry.js";
import { NOW } from "./core.js";
import { mutated, mutatedJson, NASTY } from "./mutate.js";
import type { Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

const DOCUMENTS_A_STEP = 8;
/** After so many steps the registry is opened anew, and then made anew: it keeps all that was ever taken in. */
const STEPS_A_REGISTRY = 40;

const names = { kk: "Өткел", ru: "Проезд", en: "Underpass" };
const DOCUMENT = {
  format: "aryk-registry/1",
  sites: [
    {
      id: "underpass-1",
      type: "underpass",
      names,
      district: "almaly",
      lat: 43.25,
      lon: 76.93,
      settings: { cadenceS: 60 },
    },
    { id: "eco-1", type: "eco-post", names, district: "", lat: 43.2, lon: 76.9, settings: {} },
  ],
  boards: [
    {
      board: "b1",
      keys: [{ id: "k1", key: "A".repeat(43) }],
      assignments: [{ site: "underpass-1", from: "2026-03-01T08:00:00+05:00" }],
    },
    { board: "b2", keys: [], assignments: [{ site: null, from: 0 }] },
  ],
  calibrations: [
    {
      site: "underpass-1",
      property: "water-depth",
      model: "level-depth",
      params: { mountHeightMm: 3000 },
      from: 0,
      note: "",
    },
    { site: "eco-1", property: "pm25", model: "linear", params: { input: "pm25-cf1", gain: 1, offset: 0 }, from: 0 },
  ],
};

const CSV_TOKENS = [
  ",",
  ";",
  '"',
  '""',
  "\n",
  "\r\n",
  "\r",
  "\t",
  "=1+1",
  "settings.x",
  "settings.__proto__",
  "settings.",
  "\ufeff",
  ...NASTY,
];

function open(dir: string): { registry: Registry; file: string } {
  const file = join(mkdtempSync(join(dir, "registry-")), "registry.sqlite");
  const registry = Registry.open(file, new SteppedClock(NOW));
  registry.import(DOCUMENT, "fuzz");
  return { registry, file };
}

/** What the registry says, keys included. */
const state = (registry: Registry): string => JSON.stringify(registry.export({ keys: true }));

function take(report: Report, registry: Registry, input: string, work: () => void): void {
  report.feed(input);
  const before = state(registry);
  try {
    work();
    report.fine();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (state(registry) !== before) report.broken("a refused document left something behind", input);
    if (error.code === "REGISTRY_INVALID" && error.message !== "") report.fault(error.code);
    else report.unnamed(`${error.code}: ${error.message}`, input);
  }
}

/** A document that points into itself, as YAML can write it. */
const CYCLE = `
format: aryk-registry/1
calibrations:
  - { site: underpass-1, property: water-depth, model: level-depth, from: 0, params: &p { mountHeightMm: 3000, deeper: *p } }
`;

function one(random: Random, report: Report, registry: Registry): void {
  const csv = sitesToCsv(registry.sites().slice(0, 5));
  const yaml = stringify(DOCUMENT);
  switch (random.below(5)) {
    case 0:
    case 1: {
      const document = mutatedJson(random, DOCUMENT);
      const shown = String(JSON.stringify(document)).slice(0, 10_000);
      return take(report, registry, shown, () => void registry.import(document, "fuzz"));
    }
    case 2: {
      const text = random.chance(0.1)
        ? CYCLE
        : random.chance(0.1)
          ? random.pick(["[", "{a: ", "- "]).repeat(random.below(100_000))
          : mutated(random, yaml, [yaml, CYCLE]);
      return take(report, registry, text, () => void registry.import(registryFromYaml(text), "fuzz"));
    }
    default: {
      const text = random.chance(0.05)
        ? random.bytes(random.size(3000)).toString("latin1")
        : mutated(random, csv, [csv], CSV_TOKENS);
      return take(report, registry, text, () => void importSitesCsv(registry, text, "fuzz"));
    }
  }
}

export const registry: Target = {
  name: "registry",
  share: 1,
  async start(report, dir): Promise<Running> {
    let { registry, file } = open(dir);
    let steps = 0;

    /** What was taken in must be there after a start, and be taken in again elsewhere. */
    function checkKept(): void {
      const before = state(registry);
      registry.close();
      registry = Registry.open(file, new SteppedClock(NOW));
      assert.equal(state(registry), before, "the registry says the same after a start");
      const copy = Registry.open(file + ".copy", new SteppedClock(NOW));
      copy.import(parse(stringify(registry.export({ keys: true }))), "fuzz");
      assert.equal(state(copy), before, "a copy made of the export says the same");
      copy.close();
    }

    return {
      async step(random) {
        for (let i = 0; i < DOCUMENTS_A_STEP; i++) one(random, report, registry);
        if (++steps % STEPS_A_REGISTRY !== 0) return;
        checkKept();
        registry.close();
        rmSync(file, { force: true });
        ({ registry, file } = open(dir));
      },
      async check() {
        checkKept();
      },
      async stop() {
        registry.close();
      },
    };
  },
};

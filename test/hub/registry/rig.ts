/** A registry on a folder of its own; a place and a calibration, as its tests state them; what it says of a mistake. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SteppedClock } from "../../../hub/clock.js";
import { SetupError } from "../../../hub/errors.js";
import { Registry } from "../../../hub/registry.js";

export const NOW = Date.UTC(2026, 2, 1, 8);
export const DAY = 86_400_000;

export function place(id: string, type = "underpass") {
  const names = { kk: "Өткел", ru: "Проезд", en: "Underpass" };
  const settings: Record<string, number> = type === "underpass" ? { "onMm.3": 150 } : {};
  return { id, type, names, district: "Алмалы", lat: 43.25, lon: 76.93, settings };
}

export function linear(site: string, from: number, gain = -1) {
  const params = { input: "distance", gain, offset: 3000 };
  return { site, property: "water-depth", model: "linear", params, from, by: "anna", note: "tape" };
}

export interface RegistryRig {
  dir: string;
  file: string;
  clock: SteppedClock;
  registry: Registry;
  reopen(): void;
}

/** A registry for each test anew. Registers the hooks of the suite that calls it. */
export function registryRig(): RegistryRig {
  const t = {
    reopen() {
      t.registry.close();
      t.registry = Registry.open(t.file, t.clock);
    },
  } as RegistryRig;
  beforeEach(() => {
    t.dir = mkdtempSync(join(tmpdir(), "aryk-registry-"));
    t.file = join(t.dir, "registry.sqlite");
    t.clock = new SteppedClock(NOW);
    t.registry = Registry.open(t.file, t.clock);
  });
  afterEach(() => {
    t.registry.close();
    rmSync(t.dir, { recursive: true });
  });
  return t;
}

/** What the registry says when it refuses something. */
export function problem(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SetupError, String(error));
    assert.equal(error.code, "REGISTRY_INVALID");
    return error.message;
  }
  throw new Error("nothing was refused");
}

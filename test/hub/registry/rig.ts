/** A place and a calibration, as the tests of the registry state them, and what it says of a mistake. */
import assert from "node:assert/strict";
import { SetupError } from "../../../hub/errors.js";

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

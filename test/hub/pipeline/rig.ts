/** A way in on a folder of its own, for each test anew. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOWNLINK_MAX, parseLine } from "../../../firmware/wire/line.js";
import { DISTANCE } from "../../../firmware/wire/properties.js";
import { siteType } from "../../../hardware/sites.js";
import { derive } from "../../../hub/calibration/index.js";
import { SteppedClock } from "../../../hub/clock.js";
import { Journal } from "../../../hub/journal.js";
import type { Accepted, Journalled, PackEntry } from "../../../hub/model.js";
import { createPipeline } from "../../../hub/pipeline.js";
import { createQuality } from "../../../hub/quality/index.js";
import { Registry } from "../../../hub/registry.js";
import { sealedBoard } from "../../rig/sealed-board.js";

export const NOW = Date.UTC(2026, 2, 1, 8);
export const EPOCH = "0a0b0c0d";
export const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
export const mm = (value: number) => [{ property: DISTANCE, ok: true as const, value }];

function open(dir: string) {
  const clock = new SteppedClock(NOW);
  const journal = Journal.open(join(dir, "journal.sqlite"));
  const registry = Registry.open(join(dir, "registry.sqlite"), clock);
  if (!registry.knows("b1")) {
    registry.addSite(
      {
        id: "underpass-1",
        type: "underpass",
        names: { kk: "Өткел", ru: "Проезд", en: "Underpass" },
        district: "Almaly",
        lat: 43.25,
        lon: 76.93,
        settings: {},
      },
      "test",
    );
    registry.addBoard("b1", "test");
    registry.addBoard("b2", "test");
    registry.assign("b1", "underpass-1", NOW - 86_400_000, "test");
    registry.addCalibration({
      site: "underpass-1",
      property: "water-depth",
      model: "linear",
      params: { input: "distance", gain: -1, offset: 3000 },
      from: 0,
      by: "test",
      note: "",
    });
  }
  const derivedOf = (type: string) => siteType(type)?.derived ?? [];
  const pipeline = createPipeline({ clock, journal, registry, quality: createQuality(), derive, derivedOf });
  const board = (name = "b1", boot = 1) => sealedBoard(name, "k1", registry.keyOf(name, "k1")!, EPOCH, boot);
  const send = (
    line: string,
    from: { withCrc?: boolean; board?: string; receipts?: boolean; vouched?: boolean } = {},
  ) => pipeline.accept(line, { source: "mqtt", withCrc: false, ...from });
  const entries = () => journal.read(0, 100);
  const firstPack = () => entries().find((entry) => entry.kind === "pack") as Journalled & PackEntry;
  return { dir, clock, journal, registry, ...pipeline, board, send, entries, firstPack };
}

export type Rig = ReturnType<typeof open> & {
  /** As after a new start of the hub. */
  reopen(): Promise<void>;
};

/** Registers the hooks of the suite that calls it. */
export function pipelineRig(): Rig {
  const close = async (): Promise<void> => {
    await r.journal.close();
    r.registry.close();
  };
  const r = {
    async reopen() {
      await close();
      Object.assign(r, open(r.dir));
    },
  } as Rig;
  beforeEach(() => {
    Object.assign(r, open(mkdtempSync(join(tmpdir(), "aryk-pipeline-"))));
  });
  afterEach(async () => {
    await close();
    rmSync(r.dir, { recursive: true });
  });
  return r;
}

/** The ack line of an answer. */
export function ackOf(accepted: Accepted) {
  assert.ok(accepted.outcome !== "refused" && accepted.ack !== null);
  const parsed = parseLine(accepted.ack, false, DOWNLINK_MAX);
  assert.ok(parsed.ok);
  return parsed.line;
}

export const HELLO = { image: "underpass", version: "1.0.0", reset: "power", waiting: 3 };

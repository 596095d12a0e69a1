/**
 * How long a board keeps its readings when nobody takes them: the outbox itself, over flash as it is laid out for each
 * build, is filled with packs as long as that build's until the oldest goes.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { binaryForm } from "../../firmware/node/form-binary.js";
import { CHUNK_BYTES } from "../../firmware/node/chunk.js";
import { lineForm } from "../../firmware/node/form.js";
import type { Form } from "../../firmware/node/form.js";
import { openOutbox } from "../../firmware/node/outbox.js";
import { seal, unsealed } from "../../firmware/wire/line.js";
import { tagOf } from "../../firmware/wire/seal.js";
import { boardOf } from "../../hardware/boards.js";
import { buildLoader, flashImage, regionIn } from "../../hardware/flash-image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import type { Build, SiteType } from "../../hardware/sites.js";
import { projectRoot } from "../../hub/root.js";
import { usualReadings } from "../rig/usual-readings.js";
import { VmFlash } from "../rig/vm-flash.js";
import { flashHal } from "../rig/vm-hal.js";

const HOUR_S = 3600;
/** A start with a history: its numbers are as long as they become. */
const START = { epoch: "fe5c951e", boot: 300 };
const SEQ = 65_000;
/** The set-up of a board, as long as they are. */
const SET_UP = JSON.stringify({ board: "underpass-0001", keyId: "k1", key: "0".repeat(64), uplink: "x".repeat(300) });

/** How long every build of a site type measures on its own before it drops a pack, in hours, at this period. */
async function hoursKept(type: SiteType, build: Build, loader: string, periodS: number): Promise<number> {
  const board = boardOf(build.board);
  assert.ok(board);
  const bytes = flashImage("1", loader, { "aryk.cfg": SET_UP }, { base: board.storageBase, bytes: board.storageBytes });
  const region = regionIn(bytes);
  assert.ok(region);
  const hal = flashHal(new VmFlash(bytes, region.at));
  let seq = SEQ;
  let uptimeMs = 1e10;
  let ageS = 0;
  const mac = (text: string): string => tagOf(hal.sha256, new Uint8Array(64), text);
  const lines = lineForm((kind, number, uptime, body) => {
    const id = `${START.epoch}.${START.boot}.${number}`;
    return seal(unsealed(kind, `${type.name}-001`, id, uptime, `${1.8e12 + ageS}/h${ageS}`, body), "k12", mac);
  });
  const form: Form = build.uplink === "lora" ? binaryForm(START) : lines;
  let firstGap = 0;
  const gapLine = (): string => {
    firstGap ||= seq;
    return form.gap(++seq, uptimeMs, { dropped: [[`${START.epoch}.${START.boot}`, SEQ, SEQ]] });
  };
  // As firmware/node/node.ts bounds it.
  const chunks = Math.min(board.outboxSlots, Math.floor(hal.store.total() / CHUNK_BYTES));
  const outbox = openOutbox(hal, chunks, gapLine, form);
  const parts = (await usualReadings(type, build)).flatMap((readings) => form.parts(readings));
  // As it parts a pack that is too long.
  const keep = (some: string[]): void => {
    const record = form.pack(++seq, uptimeMs, some);
    if (record.length <= form.longest || some.length < 2) return assert.ok(outbox.add(record));
    seq--;
    keep(some.slice(0, some.length >> 1));
    keep(some.slice(some.length >> 1));
  };
  let rounds = 0;
  while (firstGap === 0) {
    keep(parts);
    rounds++;
    uptimeMs += periodS * 1000;
    ageS += periodS;
  }
  // With the first gap a whole chunk has gone.
  return ((rounds - Math.ceil(rounds / (chunks - 1))) * periodS) / HOUR_S;
}

/** What firmware/README.md says: `site type, link` → how often a pack, and how long they are kept. */
function stated(): Map<string, [period: string, kept: string]> {
  const text = readFileSync(join(projectRoot(), "firmware/README.md"), "utf8");
  const rows = text.matchAll(
    /^\| ([a-z-]+) +\| (mqtt|serial|lora|modem) +\| (\d+ (?:min|h)) +\| (\d+ (?:h|days)) +\|$/gm,
  );
  return new Map([...rows].map(([, type, link, period, kept]) => [`${type}, ${link}`, [period, kept]]));
}

const inWords = (hours: number): string => (hours < 72 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`);
const everyWords = (seconds: number): string => (seconds < HOUR_S ? `${seconds / 60} min` : `${seconds / HOUR_S} h`);

describe("the ring in flash", () => {
  /** Hours by `site type, link`, at the usual period. */
  const kept = new Map<string, number>();
  before(async () => {
    const loader = await buildLoader();
    for (const type of SITE_TYPES)
      for (const build of type.builds)
        kept.set(`${type.name}, ${build.uplink}`, await hoursKept(type, build, loader, type.sampling.drySeconds));
  });

  it("holds of every build what firmware/README.md says", () => {
    const found = SITE_TYPES.flatMap(({ name, builds, sampling }) =>
      builds.map(({ uplink }): [string, [string, string]] => {
        const hours = kept.get(`${name}, ${uplink}`) ?? 0;
        return [`${name}, ${uplink}`, [everyWords(sampling.drySeconds), inWords(hours)]];
      }),
    );
    assert.deepEqual([...stated()].sort(), found.sort());
  });

  it("holds more than 30 days of a container, and of one whose lid is opened 40 times a day", () => {
    const days = new Map([...kept].map(([build, hours]) => [build, hours / 24]));
    for (const build of [
      "mesh-container, lora",
      "mesh-container, modem",
      "underground-container, lora",
      "bulky-plot, lora",
    ])
      assert.ok(Number(days.get(build)) > 30, `${build}: ${days.get(build)} days`);
    // Each opening is a pack, and each closing.
    const usualPerDay = 6;
    const busy = (Number(days.get("underground-container, lora")) * usualPerDay) / (usualPerDay + 80);
    assert.ok(busy > 30, `${busy} days`);
  });

  it("holds 48 hours of an eco-post", () => {
    assert.ok(Number(kept.get("eco-post, mqtt")) >= 48);
  });
});

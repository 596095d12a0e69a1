/**
 * The straight line of a reading for end-to-end tests: boards that seal real packs, the hub's real pipeline with
 * quality and calibration, and its journal. What hangs behind the journal is the test's business.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault, Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { siteType } from "../../hardware/sites.js";
import { derive } from "../../hub/calibration/index.js";
import { SteppedClock } from "../../hub/clock.js";
import { Journal } from "../../hub/journal.js";
import type { Accepted, Journalled, PackEntry, SiteId } from "../../hub/model.js";
import { createPipeline } from "../../hub/pipeline.js";
import { createQuality } from "../../hub/quality/index.js";
import { Registry } from "../../hub/registry.js";
import { sealedBoard, type SealedBoard } from "../rig/sealed-board.js";

export const START = Date.UTC(2026, 3, 12, 9, 0, 0);

interface Post {
  site: string;
  type: string;
  board: SealedBoard;
}

/** What a board sent: `null` where a fault stood in place of the number. */
export interface Sent {
  site: string;
  time: number;
  seq: number;
  values: Record<string, number | null>;
}

const reading = (name: string, value: number | Fault): Reading => {
  const property = PROPERTIES.find((p) => p.name === name);
  if (property === undefined) throw new Error(name);
  return typeof value === "number" ? { property, ok: true, value } : { property, ok: false, fault: value };
};

/** Values of the n-th pack of a type of site: whole and broken numbers, negative ones, jumps, faults. */
function valuesOf(type: string, n: number): Record<string, number | Fault> {
  const temperature = Math.round(-1250 + 37 * n) / 100;
  if (type === "eco-post")
    return { "pm25-cf1": 12 + (n % 90), "no2-we": 287.0625 + (n % 7) / 16, temperature, humidity: 55.5 + (n % 30) };
  const distance = n % 11 === 5 ? "no-echo" : n % 13 === 7 ? 4999 : 2500 - (n % 40);
  return type === "mesh-container" ? { distance } : { distance, "distance-spread": n % 9, temperature };
}

export class StraightLine {
  readonly dir = mkdtempSync(join(tmpdir(), "aryk-line-"));
  readonly clock = new SteppedClock(START);
  readonly journal = Journal.open(join(this.dir, "journal.sqlite"));
  readonly registry = Registry.open(join(this.dir, "registry.sqlite"), this.clock);
  /** Everything the boards sent, in order, and the lines. */
  readonly sent: Sent[] = [];
  readonly lines: string[] = [];
  readonly #posts: Post[] = [];
  readonly #pipeline = createPipeline({
    clock: this.clock,
    journal: this.journal,
    registry: this.registry,
    quality: createQuality(),
    derive,
    derivedOf: (type) => siteType(type)?.derived ?? [],
  });
  #round = 0;

  constructor() {
    // District names as people write them: with spaces, commas, letters of all three languages.
    this.#post("underpass-1", "underpass", "Алмалы ауданы, №1");
    this.#post("underpass-2", "underpass", "Almaly=2");
    this.#post("reservoir-1", "reservoir", "Медеу");
    this.#post("container-1", "mesh-container", "");
    this.#post("eco-1", "eco-post", "Әуезов");
    for (const site of ["underpass-1", "underpass-2"])
      this.registry.addCalibration({
        ...{ site, property: "water-depth", model: "level-depth", from: 0, by: "test", note: "" },
        params: { mountHeightMm: 2510.5, tiltDeg: 3 },
      });
  }

  #post(site: string, type: string, district: string): void {
    const names = { kk: site, ru: site, en: site };
    this.registry.addSite({ id: site, type, names, district, lat: 43.2, lon: 76.9, settings: {} }, "test");
    const name = `post-${this.#posts.length + 1}`;
    const { keyId, key } = this.registry.addBoard(name, "test");
    this.registry.assign(name, site, 0, "test");
    this.#posts.push({ site, type, board: sealedBoard(name, keyId, key, "0badcafe", 1) });
  }

  /** Every post sends one pack, a minute after the one before; `again` sends a second one of the same millisecond. */
  async round(options: { again?: boolean } = {}): Promise<void> {
    const n = this.#round++;
    this.clock.advance(60_000);
    const now = this.clock.now();
    for (const { site, type, board } of this.#posts)
      for (const k of options.again ? [n, n + 1000] : [n]) {
        const values = valuesOf(type, k);
        const readings = Object.entries(values).map(([name, value]) => reading(name, value));
        this.lines.push(board.pack(readings, n * 60_000, now));
        this.sent.push({
          ...{ site, time: now, seq: board.lastSeq() },
          values: Object.fromEntries(Object.entries(values).map(([p, v]) => [p, typeof v === "number" ? v : null])),
        });
      }
    const waiting = this.lines.slice(-this.#posts.length * (options.again ? 2 : 1));
    for (const { outcome } of await this.send(waiting)) if (outcome !== "stored") throw new Error(outcome);
  }

  async rounds(count: number, options: { again?: boolean } = {}): Promise<void> {
    for (let i = 0; i < count; i++) await this.round(options);
  }

  /** Hands lines over as an input does. */
  send(lines: string[]): Promise<Accepted[]> {
    return Promise.all(lines.map((line) => this.#pipeline.accept(line, { source: "test", withCrc: false })));
  }

  /** What the journal holds, checked against what was sent: no pack more or less, every raw value equal. */
  packs(): (PackEntry & { id: number; site: SiteId })[] {
    const packs = this.journal.read(0, 1e6).filter((entry): entry is Journalled & PackEntry => entry.kind === "pack");
    if (packs.length !== this.sent.length) throw new Error(`${packs.length} packs of ${this.sent.length}`);
    return packs.map((pack, i) => {
      const { site, time, seq, values } = this.sent[i];
      if (pack.site !== site || pack.time !== time || pack.seq !== seq) throw new Error(`pack ${i} is another one`);
      for (const [property, value] of Object.entries(values))
        if (pack.observations.find((o) => o.property === property)?.value !== value)
          throw new Error(`${property} of pack ${i} is not ${value}`);
      return { ...pack, site: pack.site };
    });
  }

  async close(): Promise<void> {
    await this.journal.close();
    this.registry.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

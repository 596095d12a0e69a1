/**
 * The registry: which sites there are, which boards, which key each has, where each hangs and how it is calibrated —
 * as dated rows that are only ever added, in a file that only its owner may read (it holds the boards' keys).
 */
import type Database from "better-sqlite3";
import { randomBytes } from "node:crypto";
import type { CalibrationRecord } from "./calibration/record.js";
import type { Clock } from "./clock.js";
import { SetupError } from "./errors.js";
import type { UnixMs } from "./model.js";
import { openRegistryFile, sumOf } from "./registry/file.js";
import type { StoredRow } from "./registry/file.js";
import { exportDocument, importRows } from "./registry/io.js";
import type { AddRow, RegistryDocument, RowName } from "./registry/io.js";
import { problemsOf } from "./registry/rows.js";
import type { SheetNote } from "./registry/bench.js";
import type { Row, RowBody, RowOf } from "./registry/rows.js";
import type { Rollout } from "./registry/rollouts.js";
import { RegistryState } from "./registry/state.js";
import type { Ask, Desired, Reported } from "./registry/sides.js";
import type { AskedKey, Board, Site } from "./registry/state.js";

export type { Ask, Desired, Reported } from "./registry/sides.js";
export type { Assignment, Board, Site } from "./registry/state.js";

/** A row of the history: keys are left out. */
export type HistoryRow = { number: number; at: UnixMs; by: string; kind: RowBody["kind"]; body: object };

export class Registry {
  #db: Database.Database;
  #clock: Clock;
  #state = new RegistryState();
  #last = 0;
  #version: number;
  #listeners = new Set<() => void>();

  private constructor(db: Database.Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    this.#version = this.#dataVersion();
    this.#take();
  }

  /** Opens the registry, or makes it (rights 0600). Throws SetupError `REGISTRY_CORRUPT`, `_NEWER`, `_NOT_WRITABLE`. */
  static open(file: string, clock: Clock): Registry {
    return new Registry(openRegistryFile(file), clock);
  }

  sites(): Site[] {
    return this.#state.sites();
  }

  site(id: string): Site | undefined {
    return this.#state.site(id);
  }

  /** Adds a site, or states it anew: its number, its type and its history stay. Throws SetupError `REGISTRY_INVALID`. */
  addSite(site: Omit<Site, "number" | "id"> & { id: string }, by: string): Site {
    const { id, names, district, lat, lon, settings } = site;
    const type = site.type as never;
    this.add([{ kind: "site", id, type, names, district, lat, lon, settings }], by);
    return this.#state.site(id)!;
  }

  boards(): Board[] {
    return this.#state.boards();
  }

  /** Adds a board and makes its first key: 32 random bytes. */
  addBoard(board: string, by: string): { keyId: string; key: Buffer } {
    const key = randomBytes(32);
    this.add(
      [
        { kind: "board", board },
        { kind: "key", board, id: "k1", key: key.toString("base64url") },
      ],
      by,
    );
    return { keyId: "k1", key };
  }

  /** Gives a board a further key; the ones before it stay in force until they are revoked. */
  addKey(board: string, by: string): { keyId: string; key: Buffer } {
    const key = randomBytes(32);
    const keyId = this.nextKeyId(board);
    this.add([{ kind: "key", board, id: keyId, key: key.toString("base64url") }], by);
    return { keyId, key };
  }

  /** The name that the board's next key gets. */
  nextKeyId(board: string): string {
    return "k" + (this.#state.keyCount(board) + 1);
  }

  /** The key that the board seals with: that of its last hello. */
  currentKey(board: string): { id: string; key: Uint8Array } | undefined {
    return this.#state.currentKey(board);
  }

  /** The key that the board is asked to take, until it says hello with it. */
  askedKey(board: string): AskedKey | undefined {
    return this.#state.askedKey(board);
  }

  /** Names of the keys in force that the board was given before that one. */
  keysBefore(board: string, keyId: string): string[] {
    return this.#state.keysBefore(board, keyId);
  }

  /** The board whose radio module has this identity (LoRaWAN DevEUI, 16 hexadecimal digits in lower case). */
  boardOfRadio(devEui: string): string | undefined {
    return this.#state.boardOfRadio(devEui);
  }

  /** The settings that are asked of the board. */
  desired(board: string): Desired {
    return this.#state.desired(board);
  }

  /** What the board said of itself last; null before its first hello. */
  reported(board: string): Reported | null {
    return this.#state.reported(board);
  }

  /** What was asked of the board last, of each kind, answered or not. */
  asks(board: string): readonly Ask[] {
    return this.#state.asks(board);
  }

  /** What is asked of every board, and what it says. */
  sides(): Iterable<Pick<Board, "board" | "desired" | "reported">> {
    return this.#state.sides();
  }

  /** The longest time between two packs at the site, in seconds, as its boards say it; undefined before any did. */
  periodAt(site: string): number | undefined {
    return this.#state.periodAt(site);
  }

  /** Images on their way to boards, in the order in which that began. */
  rollouts(): Rollout[] {
    return this.#state.rollouts.list();
  }

  rollout(id: string): Rollout | undefined {
    return this.#state.rollouts.of(id);
  }

  /** From now on nothing sealed with this key is accepted. */
  revokeKey(board: string, keyId: string, by: string): void {
    this.add([{ kind: "revoke", board, id: keyId }], by);
  }

  knows(board: string): boolean {
    return this.#state.knows(board);
  }

  /** The key of that name, while it is in force. */
  keyOf(board: string, keyId: string): Uint8Array | undefined {
    return this.#state.keyOf(board, keyId);
  }

  /** Every key of a board that is in force. */
  keysOf(board: string): Uint8Array[] {
    return this.#state.keysOf(board);
  }

  /** A board's order of arrival in the registry, from 1; 0 for a board it does not know. */
  boardNumber(board: string): number {
    return this.#state.boardNumber(board) ?? 0;
  }

  /** From then on the board hangs at that site (null: at none), until the next assignment by date. */
  assign(board: string, site: string | null, from: UnixMs, by: string): void {
    this.add([{ kind: "assign", board, site, from }], by);
  }

  siteOf(board: string, at: UnixMs): Site | undefined {
    return this.#state.siteOf(board, at);
  }

  boardsAt(site: string, at: UnixMs): string[] {
    return this.#state.boardsAt(site, at);
  }

  /** Adds a calibration record; its model checks its parameters. Throws SetupError `REGISTRY_INVALID` naming the field. */
  addCalibration(record: Omit<CalibrationRecord, "number" | "site"> & { site: string }): CalibrationRecord {
    const { site, model, params, from, note, by } = record;
    this.add([{ kind: "calibration", site, property: record.property, model, params, from, note }], by);
    return this.#state.calibrations().at(-1)!;
  }

  /** The record in force then: the newest by date, and of two with one date the one added later. */
  calibrationAt(site: string, property: string, at: UnixMs): CalibrationRecord | undefined {
    return this.#state.calibrationAt(site, property, at);
  }

  calibrations(): CalibrationRecord[] {
    return this.#state.calibrations();
  }

  /** Every row ever added, in order, after row `after`. Keys are not shown. */
  history(after = 0, limit = 1000): HistoryRow[] {
    const rows = this.#db.prepare("SELECT * FROM rows WHERE number > ? ORDER BY number LIMIT ?").all(after, limit);
    return (rows as StoredRow[]).map((row) => {
      const body = JSON.parse(row.body) as RowBody;
      const shown: object = body.kind === "key" ? { ...body, key: undefined } : body;
      return { number: row.number, at: row.at, by: row.by, kind: body.kind, body: shown };
    });
  }

  /** Sheets of a board's bench tests, the newest last. */
  sheets(board: string): readonly SheetNote[] {
    return this.#state.sheets(board);
  }

  /** A sheet with its steps, by the number of its row. */
  sheet(number: number): RowOf<"bench"> {
    return JSON.parse(
      this.#db.prepare("SELECT body FROM rows WHERE number = ?").pluck().get(number) as string,
    ) as RowOf<"bench">;
  }

  /** The whole registry as a document for YAML or JSON. The boards' keys are secrets: only on request. */
  export(options: { keys: boolean } = { keys: false }): RegistryDocument {
    return exportDocument(this.#state, options.keys, (number) => this.sheet(number));
  }

  /**
   * Takes a document in, all of it or nothing; what the registry says already is not repeated. New boards without a key
   * get one. Throws SetupError `REGISTRY_INVALID` that names rows and fields. Returns the number of rows added.
   */
  import(document: unknown, by: string, rowName?: RowName): number {
    let added = 0;
    this.#write(by, (add) => {
      added = importRows(document, this.#state, add, () => randomBytes(32).toString("base64url"), rowName);
    });
    return added;
  }

  /** Adds rows, all or none. Throws SetupError `REGISTRY_INVALID`. */
  add(bodies: RowBody[], by: string): void {
    this.#write(by, (add) => {
      for (const body of bodies) {
        const problems = add(body);
        if (problems.length === 0) continue;
        const list = problems.map((p) => `${body.kind}.${p.field}: ${p.message}`).join("; ");
        throw new SetupError("REGISTRY_INVALID", list, "Correct the named field and try again; nothing was added.");
      }
    });
  }

  /** Takes up what another process added (the command line, say). True if there was anything. */
  refresh(): boolean {
    const version = this.#dataVersion();
    if (version === this.#version) return false;
    this.#version = version;
    const before = this.#last;
    this.#take();
    this.#tell(before);
    return this.#last !== before;
  }

  /** Calls `fn` after each change, until the returned function is called. */
  onChange(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  close(): void {
    this.#db.close();
  }

  #dataVersion(): number {
    return this.#db.pragma("data_version", { simple: true }) as number;
  }

  /** Applies the rows that the state has not seen. */
  #take(): void {
    const rows = this.#db.prepare("SELECT * FROM rows WHERE number > ? ORDER BY number").iterate(this.#last);
    for (const row of rows as IterableIterator<StoredRow>) {
      const body = JSON.parse(row.body) as RowBody;
      this.#state.apply({ ...body, number: row.number, at: row.at, by: row.by } as Row);
      this.#last = row.number;
    }
  }

  #write(by: string, fill: (add: AddRow) => void): void {
    const put = this.#db.prepare("INSERT INTO rows (at, by, kind, body, sum) VALUES (@at, @by, @kind, @body, @sum)");
    const at = Math.floor(this.#clock.now());
    const before = this.#last;
    try {
      this.#db
        .transaction(() => {
          this.#take();
          fill((body, as = by) => {
            const problems = problemsOf(body, this.#state);
            if (problems.length > 0) return problems;
            const row = { at, by: as, kind: body.kind, body: JSON.stringify(body) };
            const number = Number(put.run({ ...row, sum: sumOf(row) }).lastInsertRowid);
            this.#state.apply({ ...body, number, at, by: as } as Row);
            this.#last = number;
            return [];
          });
        })
        .immediate();
    } catch (error) {
      // The rows are rolled back; the state in memory is told anew by those that stand.
      this.#state = new RegistryState();
      this.#last = 0;
      this.#take();
      this.#tell(before);
      throw error;
    }
    this.#tell(before);
  }

  /** Tells of rows after `before`: its own, or those of another process that were taken up on the way. */
  #tell(before: number): void {
    if (this.#last !== before) for (const fn of this.#listeners) fn();
  }
}

/** The registry as it stands after its rows, in memory: every question of the hot path is answered from here. */
import type { CalibrationRecord } from "../calibration/record.js";
import type { SiteId, UnixMs } from "../model.js";
import type { SheetNote } from "./bench.js";
import { Rollouts } from "./rollouts.js";
import type { Row } from "./rows.js";
import { applyToSides, askOf, copyOfSides, NOTHING_DESIRED, noSides } from "./sides.js";
import type { Ask, Desired, Reported, Sides, SidesState } from "./sides.js";

/** A place that is measured. `number` is its order of arrival in the registry, from 1. */
export interface Site {
  id: SiteId;
  number: number;
  /** Name of a type in hardware/sites.ts. */
  type: string;
  names: { kk: string; ru: string; en: string };
  district: string;
  lat: number;
  lon: number;
  /** Settings of its rules, by name; they stand over the rule's own. */
  settings: Record<string, number>;
}

export interface Assignment {
  site: SiteId | null;
  from: UnixMs;
  by: string;
}

export interface Board extends Sides {
  board: string;
  number: number;
  /** In the order of `from`. */
  assignments: Assignment[];
  keys: { id: string; at: UnixMs; revoked: boolean }[];
  /** The key that the board said hello with last, its first one before any hello; null while it has none. */
  current: string | null;
  /** The key it is to take, and has not said hello with yet. */
  asked: AskedKey | null;
  /** Its radio module's own identity; null where it has none. */
  radio: string | null;
  /** Sheets of its bench tests, in the order in which they were added. */
  sheets: SheetNote[];
}

/** A key that the board is asked to derive from the one it has. */
export interface AskedKey {
  id: string;
  from: string;
  nonce: string;
}

interface BoardState extends Omit<Board, keyof Sides>, SidesState {
  secrets: Map<string, Uint8Array>;
}

/** The newest element whose `from` is not after `at`; the list is in the order of `from`. */
function inForce<T extends { from: UnixMs }>(list: T[] | undefined, at: UnixMs): T | undefined {
  if (list === undefined) return undefined;
  for (let i = list.length - 1; i >= 0; i--) if (list[i].from <= at) return list[i];
  return undefined;
}

/** Puts an element after all with the same or an earlier `from`: of two with one date the later row stands. */
function insert<T extends { from: UnixMs }>(list: T[], one: T): void {
  let at = list.length;
  while (at > 0 && list[at - 1].from > one.from) at--;
  list.splice(at, 0, one);
}

export class RegistryState {
  #sites = new Map<string, Site>();
  #boards = new Map<string, BoardState>();
  /** Boards by their radio modules. */
  #radios = new Map<string, string>();
  /** By site; a site has a few. */
  #calibrations = new Map<string, { property: string; records: CalibrationRecord[] }[]>();
  #everAt = new Map<string, Set<string>>();
  #calibrationCount = 0;
  /** Images on their way to boards. */
  readonly rollouts = new Rollouts();

  /** Takes one more row; rows come in the order of their numbers and have been checked. */
  apply(row: Row): void {
    switch (row.kind) {
      case "site": {
        const { id, type, names, district, lat, lon, settings } = row;
        const number = this.#sites.get(id)?.number ?? this.#sites.size + 1;
        this.#sites.set(id, { id: id as SiteId, number, type, names, district, lat, lon, settings });
        return;
      }
      case "board":
        this.#boards.set(row.board, {
          board: row.board,
          number: this.#boards.size + 1,
          assignments: [],
          keys: [],
          current: null,
          asked: null,
          secrets: new Map(),
          ...noSides(),
          radio: null,
          sheets: [],
        });
        return;
      case "key": {
        const board = this.#boards.get(row.board)!;
        board.keys.push({ id: row.id, at: row.at, revoked: false });
        board.secrets.set(row.id, Buffer.from(row.key, "base64url"));
        board.current ??= row.id;
        if (row.rotates !== undefined) board.asked = { id: row.id, ...row.rotates };
        return;
      }
      case "taken":
        this.#boards.get(row.board)!.current = row.id;
        return;
      case "revoke": {
        const board = this.#boards.get(row.board)!;
        board.keys.find((key) => key.id === row.id)!.revoked = true;
        board.secrets.delete(row.id);
        return;
      }
      case "assign": {
        insert(this.#boards.get(row.board)!.assignments, { site: row.site as SiteId, from: row.from, by: row.by });
        if (row.site === null) return;
        const ever = this.#everAt.get(row.site) ?? new Set();
        this.#everAt.set(row.site, ever.add(row.board));
        return;
      }
      case "calibration": {
        const { property, model, params, from, by, note } = row;
        const ofSite = this.#calibrations.get(row.site) ?? [];
        this.#calibrations.set(row.site, ofSite);
        let list = ofSite.find((one) => one.property === property)?.records;
        if (list === undefined) ofSite.push({ property, records: (list = []) });
        const number = ++this.#calibrationCount;
        insert(list, { number, site: row.site as SiteId, property, model, params, from, by, note });
        return;
      }
      case "desired":
      case "reported":
      case "ask":
      case "answer":
        applyToSides(this.#boards.get(row.board)!, row);
        return;
      case "radio": {
        const board = this.#boards.get(row.board)!;
        if (board.radio !== null) this.#radios.delete(board.radio);
        board.radio = row.devEui;
        if (row.devEui !== null) this.#radios.set(row.devEui, row.board);
        return;
      }
      case "bench": {
        const { number, began, ended, by, result, why } = row;
        this.#boards.get(row.board)!.sheets.push({ number, began, ended, by, result, why });
        return;
      }
      case "rollout":
      case "offer":
      case "outcome":
        this.rollouts.apply(row);
        return;
    }
  }

  sites(): Site[] {
    return [...this.#sites.values()];
  }

  site(id: string): Site | undefined {
    return this.#sites.get(id);
  }

  boards(): Board[] {
    return [...this.#boards.values()].map(({ board, number, assignments, keys, current, ...more }) => ({
      board,
      number,
      assignments: [...assignments],
      keys: keys.map((key) => ({ ...key })),
      current,
      asked: this.askedKey(board) ?? null,
      ...copyOfSides(more),
      radio: more.radio,
      sheets: [...more.sheets],
    }));
  }

  /** What is asked of every board, and what it says: not copies. */
  *sides(): Iterable<Pick<Board, "board" | "desired" | "reported">> {
    yield* this.#boards.values();
  }

  /** The longest time between two packs of a board that hangs at the site last, in seconds, as far as one said it. */
  periodAt(site: string): number | undefined {
    let longest: number | undefined;
    for (const board of this.#everAt.get(site) ?? []) {
      const period = this.reported(board)?.period;
      if (period !== undefined && period > (longest ?? 0) && this.siteOf(board, Infinity)?.id === site)
        longest = period;
    }
    return longest;
  }

  knows(board: string): boolean {
    return this.#boards.has(board);
  }

  boardNumber(board: string): number | undefined {
    return this.#boards.get(board)?.number;
  }

  /** The key of that name while it is in force. */
  keyOf(board: string, keyId: string): Uint8Array | undefined {
    return this.#boards.get(board)?.secrets.get(keyId);
  }

  /** Every key in force. */
  keysOf(board: string): Uint8Array[] {
    return [...(this.#boards.get(board)?.secrets.values() ?? [])];
  }

  /** The key that the board seals with, while it is in force. */
  currentKey(board: string): { id: string; key: Uint8Array } | undefined {
    const id = this.#boards.get(board)?.current ?? "";
    const key = this.keyOf(board, id);
    return key === undefined ? undefined : { id, key };
  }

  /** The key that the board is still to take: as long as it says hello with the one before, and both are in force. */
  askedKey(board: string): AskedKey | undefined {
    const { asked, current, secrets } = this.#boards.get(board) ?? { asked: null };
    if (asked === null || current !== asked.from) return undefined;
    return secrets.has(asked.from) && secrets.has(asked.id) ? asked : undefined;
  }

  /** Names of the keys in force that the board was given before that one. */
  keysBefore(board: string, keyId: string): string[] {
    const keys = this.#boards.get(board)?.keys ?? [];
    const at = keys.findIndex((key) => key.id === keyId);
    return keys.slice(0, Math.max(0, at)).flatMap((key) => (key.revoked ? [] : [key.id]));
  }

  hasKeyId(board: string, keyId: string): boolean {
    return this.#boards.get(board)?.keys.some((key) => key.id === keyId) ?? false;
  }

  /** The board whose radio module has this identity. */
  boardOfRadio(devEui: string): string | undefined {
    return this.#radios.get(devEui);
  }

  /** The settings that are asked of a board. Hot path: not a copy. */
  desired(board: string): Desired {
    return this.#boards.get(board)?.desired ?? NOTHING_DESIRED;
  }

  reported(board: string): Reported | null {
    return this.#boards.get(board)?.reported ?? null;
  }

  /** What was asked of a board last, of each kind. Hot path: not a copy. */
  asks(board: string): readonly Ask[] {
    return this.#boards.get(board)?.asks ?? [];
  }

  /** Sheets of a board's bench tests. Not a copy. */
  sheets(board: string): readonly SheetNote[] {
    return this.#boards.get(board)?.sheets ?? [];
  }

  askOf(board: string, nonce: string): Ask | undefined {
    const sides = this.#boards.get(board);
    return sides === undefined ? undefined : askOf(sides, nonce);
  }

  /** How many keys a board was ever given. */
  keyCount(board: string): number {
    return this.#boards.get(board)?.keys.length ?? 0;
  }

  /** The assignment in force then. */
  assignmentAt(board: string, at: UnixMs): Assignment | undefined {
    return inForce(this.#boards.get(board)?.assignments, at);
  }

  siteOf(board: string, at: UnixMs): Site | undefined {
    const site = this.assignmentAt(board, at)?.site ?? null;
    return site === null ? undefined : this.#sites.get(site);
  }

  boardsAt(site: string, at: UnixMs): string[] {
    return [...(this.#everAt.get(site) ?? [])].filter((board) => this.siteOf(board, at)?.id === site);
  }

  calibrationAt(site: string, property: string, at: UnixMs): CalibrationRecord | undefined {
    for (const one of this.#calibrations.get(site) ?? [])
      if (one.property === property) return inForce(one.records, at);
    return undefined;
  }

  calibrations(): CalibrationRecord[] {
    return [...this.#calibrations.values()]
      .flatMap((ofSite) => ofSite.flatMap((one) => one.records))
      .sort((a, b) => a.number - b.number);
  }
}

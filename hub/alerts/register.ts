/**
 * The register: alarms, their append-only history, the rules' states, the flows' cursor, and the outbox of notices, in
 * one SQLite file, which keeps what was done to sirens, too. What a batch of readings does to all of them is one
 * transaction: after a power cut either all of it is there or none, so a transition is written exactly once.
 */
import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import type Database from "better-sqlite3";
import type { Clock } from "../clock.js";
import type { Cursor, SiteId, UnixMs } from "../model.js";
import { LATCH_FROM, step, type AlarmInput } from "./alarm-state.js";
import { AlarmStore, RENEW_MS } from "./alarm-store.js";
import { boundWaits, shiftDue, steadyWall } from "./due.js";
import { Outbox, RETRY_S } from "./outbox.js";
import { RegisterConflict } from "./protocol.js";
import type { Act, Alarm, CommitRequest, CommitResult, Evaluation, Notice } from "./protocol.js";
import type { Priority, Receipt, RuleState, Transition } from "./protocol.js";
import { coreOf, type AlarmRow } from "./register-rows.js";
import { epochAt } from "./register-restore.js";
import { getMeta, openTables, setMeta } from "./register-schema.js";
import type { AlarmKind } from "./rule.js";
import { sirenBook, type SirenBook } from "./siren-acts.js";
import { renewClosures, storyOf, tellAgain, tellWishes, type Story, type Told } from "./told.js";

export type {
  Act,
  Alarm,
  CommitRequest,
  CommitResult,
  Notice,
  NoticeRequest,
  RuleState,
  Transition,
} from "./protocol.js";
export { RegisterConflict } from "./protocol.js";

/** The last sign of life of whoever holds the fence. */
export interface Heartbeat {
  owner: string;
  fence: number;
  /** Real time of the last commit or take-over, by a clock that never jumps (ms). */
  steadyMs: number;
  /** Up to when it has judged, by the hub's clock; null before its first commit. */
  judgedTo: UnixMs | null;
}

export class Register {
  readonly #db: Database.Database;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #alarms: AlarmStore;
  readonly #listeners = new Set<() => void>();
  #heard: Heartbeat;
  /** Steps of the hub's clock by which what waits has not been moved yet. */
  #owedStepMs = 0;

  private constructor(db: Database.Database, clock: Clock, wall: () => number) {
    this.#db = db;
    this.#clock = clock;
    this.#outbox = new Outbox(db, () => clock.now(), wall);
    this.#alarms = new AlarmStore(
      db,
      () => clock.now(),
      (row) => this.#outbox.release(row),
    );
    this.#heard = {
      owner: getMeta(db, "owner") ?? "",
      fence: this.fence(),
      steadyMs: performance.now(),
      judgedTo: null,
    };
  }

  /**
   * Opens the register, making it if it is not there. @param wall real time for leases and retries
   * @throws SetupError REGISTER_NEWER, _OLDER, _NO_ROOM, _CORRUPT, _NOT_WRITABLE
   */
  static open(file: string, clock: Clock, wall: () => number = steadyWall): Register {
    const db = openTables(file);
    boundWaits(db, { now: clock.now(), wall: wall(), renewMs: RENEW_MS, retryMs: RETRY_S.at(-1)! * 1000 });
    return new Register(db, clock, wall);
  }

  /** Random name of this register, at that time if it was restored since. It is part of every CAP identifier. */
  epoch(at: UnixMs = Infinity): string {
    return epochAt(this.#db, at);
  }

  /** Shuts out everybody who wrote before; the number goes with every commit of the new owner. */
  takeFence(owner: string): number {
    const fence = this.#db
      .transaction(() => {
        const next = this.fence() + 1;
        setMeta(this.#db, "fence", String(next));
        setMeta(this.#db, "owner", owner);
        return next;
      })
      .immediate();
    this.#heard = { owner, fence, steadyMs: performance.now(), judgedTo: null };
    return fence;
  }

  fence(): number {
    return Number(getMeta(this.#db, "fence") ?? "0");
  }

  heartbeat(): Heartbeat {
    return this.#heard;
  }

  states(): RuleState[] {
    const rows = this.#db.prepare("SELECT site, rule, revision, state FROM rule_states").all();
    return (rows as { site: SiteId; rule: string; revision: number; state: string }[]).map((row) => ({
      ...row,
      state: JSON.parse(row.state) as unknown,
    }));
  }

  /** How far the rules have read the journal; null before the first commit. */
  cursor(): Cursor | null {
    const text = getMeta(this.#db, "cursor");
    return text === null ? null : (JSON.parse(text) as Cursor);
  }

  /**
   * Where whoever runs the rules reads on. A journal that is not the one that the register knows (or lies behind it) was
   * replaced: they begin at its end, so that old readings notify nobody; a new register, after its entry `judgedTo`.
   */
  resume(head: Cursor, judgedTo = 0): Cursor {
    const cursor = this.cursor();
    if (cursor !== null && cursor.epoch === head.epoch && cursor.id <= head.id) return cursor;
    const start = cursor === null ? { epoch: head.epoch, id: judgedTo } : head;
    setMeta(this.#db, "cursor", JSON.stringify(start));
    return start;
  }

  /**
   * Writes cursor, rule states, transitions and notices, all or nothing. The same request again is harmless.
   * @throws RegisterConflict FENCED, STALE_REVISION, WRONG_JOURNAL; nothing is written then
   */
  commit(request: CommitRequest): CommitResult {
    const hash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
    this.#payStep();
    let changed = false;
    const result = this.#db
      .transaction((): CommitResult => {
        if (request.fence !== this.fence()) throw new RegisterConflict("FENCED", "somebody else runs the rules now");
        if (getMeta(this.#db, "last-hash") === hash)
          return JSON.parse(getMeta(this.#db, "last-result") ?? "") as CommitResult;
        const cursor = this.cursor();
        if (cursor !== null && cursor.epoch !== request.cursor.epoch)
          throw new RegisterConflict("WRONG_JOURNAL", `the register follows journal ${cursor.epoch}`);
        if (cursor !== null && cursor.id > request.cursor.id)
          throw new RegisterConflict("STALE_REVISION", `the register has read on to entry ${cursor.id}`);
        const transitions: Transition[] = [];
        const revisions = request.evaluations.map((evaluation) => this.#evaluate(evaluation, transitions));
        tellWishes(this.#db, this.#alarms, this.#outbox, request, transitions);
        transitions.push(...this.#alarms.expire());
        const renewed = renewClosures(this.#db, this.#alarms, this.#outbox, this.#clock.now());
        changed = this.#outbox.sweep() + renewed + transitions.length > 0;
        const out: CommitResult = { ok: true, revisions, transitions };
        // An idle tick is a sign of life, and not worth a write to the disk.
        if (cursor?.id !== request.cursor.id) setMeta(this.#db, "cursor", JSON.stringify(request.cursor));
        if (revisions.length > 0) {
          setMeta(this.#db, "last-hash", hash);
          setMeta(this.#db, "last-result", JSON.stringify(out));
        }
        return out;
      })
      .immediate();
    this.#heard = { ...this.#heard, steadyMs: performance.now(), judgedTo: request.now };
    if (changed) this.#tell();
    return result;
  }

  /** All alarms that ever were, or those that are not NORM (`active`), or those of a site; the highest level first. */
  alarms(filter: { active?: boolean; site?: SiteId; id?: number } = {}): Alarm[] {
    return this.#alarms.list(filter);
  }

  /** The history after transition `after` (of one alarm, or of all), oldest first. */
  transitions(after = 0, limit = 1000, alarm: number | null = null): Transition[] {
    return this.#alarms.history(after, limit, alarm);
  }

  /** What a notice tells, and what the same channel and address were told before of the same episode. */
  storyOf(notice: Told): Story {
    return storyOf(this.#db, notice);
  }

  /**
   * A person acts on an alarm. A reset is the end of a closure: everybody who was told of the episode is told. Whoever
   * resets one that nobody had acknowledged has acknowledged it by that: both stand in the history.
   * @throws RegisterConflict UNKNOWN_ALARM, STALE_REVISION (the screen was old), NOT_ALLOWED (with the reason)
   */
  act(alarm: number, act: Act): Transition {
    return this.#act(act, () => {
      const row = this.#alarms.get(alarm);
      if (row === undefined) throw new RegisterConflict("UNKNOWN_ALARM", `there is no alarm ${alarm}`);
      return row;
    });
  }

  /**
   * A maintenance window for a kind of alarm at a site, also where there never was such an alarm. What it holds back is
   * sent at its end, if the alarm still stands.
   * @throws RegisterConflict NOT_ALLOWED (with the reason)
   */
  suppress(site: SiteId, kind: AlarmKind, act: Pick<Act, "person" | "reason" | "untilMs">): Transition {
    return this.#act({ ...act, type: "suppress" }, () => this.#alarms.findOrCreate(site, kind));
  }

  #act(act: Omit<Act, "expectedRevision"> & Partial<Act>, find: () => AlarmRow): Transition {
    this.#payStep();
    const transition = this.#db
      .transaction((): Transition => {
        const row = find();
        if (act.expectedRevision !== undefined && row.revision !== act.expectedRevision)
          throw new RegisterConflict("STALE_REVISION", `the alarm is at revision ${row.revision} by now`);
        const refuse = (why: string) => new RegisterConflict("NOT_ALLOWED", why);
        if (act.person.trim() === "") throw refuse("the act must name a person");
        const reason = act.reason?.trim() ?? "";
        if (reason === "" && ["reset", "shelve", "suppress"].includes(act.type)) throw refuse("a reason is needed");
        const input: AlarmInput =
          act.type === "shelve" || act.type === "suppress"
            ? { type: act.type, until: act.untilMs ?? NaN }
            : { type: act.type };
        const now = this.#clock.now();
        const figures = JSON.parse(row.figures) as Record<string, number>;
        const cause = { who: act.person.trim(), why: reason, figures, entry: row.entry, time: now };
        const make = (on: AlarmRow, said: AlarmInput): Transition => {
          const found = step(coreOf(on), said, now);
          if (found.result !== "moved") throw refuse(found.result === "refused" ? found.why : "nothing to do");
          return this.#alarms.write(on, found, cause);
        };
        const latches = row.state === "RTN_UNACK" && row.peak >= LATCH_FROM;
        if (act.type === "reset" && latches) make(row, { type: "ack" });
        const made = make(find(), input);
        this.#outbox.sweep();
        // No shelf holds this back: whoever was told to close a road must hear that it may be opened.
        if (made.step === "reset") tellAgain(this.#db, this.#outbox, made);
        return made;
      })
      .immediate();
    this.#tell();
    return transition;
  }

  claim(channel: string, limit: number, leaseMs: number, priority?: Priority): Notice[] {
    this.#payStep();
    return this.#outbox.claim(channel, limit, leaseMs, priority);
  }

  done(notice: number, lease: string, receipt: Receipt): void {
    this.#outbox.done(notice, lease, receipt);
    this.#tell();
  }

  failed(notice: number, lease: string, error: string, options?: { final?: boolean; retryAfterMs?: number }): void {
    this.#outbox.failed(notice, lease, error, options);
    this.#tell();
  }

  /** The hub's clock was set by `stepMs`: what waits is due as long from now as it was before. */
  clockStepped(stepMs: number): void {
    this.#owedStepMs += stepMs;
    try {
      this.#payStep();
    } catch {
      // The disk is full: whatever is written next begins with it.
    }
  }

  /** The notices themselves: lists, counts, late receipts. */
  outbox(): Pick<Outbox, "list" | "counts" | "receipt"> {
    return this.#outbox;
  }

  /** Who did what to sirens. */
  sirens(): SirenBook {
    return sirenBook(this.#db);
  }

  /** Calls `fn` after every change of alarms or notices, until the returned function is called. */
  onChange(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  close(): void {
    this.#listeners.clear();
    this.#db.close();
  }

  #payStep(): void {
    if (this.#owedStepMs === 0) return;
    shiftDue(this.#db, this.#owedStepMs, this.#clock.now());
    this.#owedStepMs = 0;
  }

  #tell(): void {
    for (const fn of [...this.#listeners]) fn();
  }

  #evaluate(evaluation: Evaluation, transitions: Transition[]): CommitResult["revisions"][number] {
    const { site, rule, expectedRevision } = evaluation;
    const row = this.#db.prepare("SELECT revision FROM rule_states WHERE site = ? AND rule = ?").get(site, rule) as
      { revision: number } | undefined;
    if ((row?.revision ?? 0) !== expectedRevision)
      throw new RegisterConflict("STALE_REVISION", `${rule} at ${site} is at revision ${row?.revision ?? 0}`);
    const revision = expectedRevision + 1;
    this.#db
      .prepare(
        `INSERT INTO rule_states (site, rule, revision, state) VALUES (?, ?, ?, ?)
         ON CONFLICT (site, rule) DO UPDATE SET revision = excluded.revision, state = excluded.state`,
      )
      .run(site, rule, revision, JSON.stringify(evaluation.state));
    for (const event of evaluation.events) {
      const input: AlarmInput = event.action === "clear" ? { type: "clear" } : { type: "raise", level: event.level };
      const { reason: why, figures, entry, time } = event;
      const made = this.#alarms.apply(site, event.kind, input, { who: `rule:${rule}`, why, figures, entry, time });
      if (made !== null) transitions.push(made);
    }
    return { site, rule, revision };
  }
}

/**
 * What the nodes of the chain share: the fence, the place in the journal, the rules' states and the one batch that is
 * on its way. All of it comes from the hub when the session opens and is worth nothing after it: the register is the
 * only memory. The session invents no state, and moves on only when the hub has said that a batch is committed.
 */
import type { Batch, CommitResult, Evaluation, NoticeRequest, RuleState } from "../hub/alerts/protocol.js";
import type { RuleSite } from "../hub/alerts/rule.js";
import type { Cursor, UnixMs } from "../hub/model.js";
import { HubError, type HubCall } from "./hub-client.js";

/** A batch on its way through the chain: plain JSON, so that Node-RED may clone it and people may look at it. */
export interface Work extends Omit<Batch, "to"> {
  /** Which batch of this session it is: an older one is refused. */
  number: number;
  /** Which rules have looked at it, and where: ids and districts, none for everywhere. */
  judged: { rule: string; only: string[] }[];
  evaluations: Evaluation[];
  notices: NoticeRequest[];
}

/** Whether a message's payload is a batch; anything else in the chain is a mistake in the wiring. */
export function isWork(payload: unknown): payload is Work {
  if (typeof payload !== "object" || payload === null) return false;
  const { number, packs, judged, evaluations, notices } = payload as Record<string, unknown>;
  return typeof number === "number" && [packs, judged, evaluations, notices].every((list) => Array.isArray(list));
}

/**
 * How a batch ended: committed; refused by the hub or lost on the way there; no node tried to commit it in time; or
 * taken back, because the nodes it was sent to are no longer there.
 */
export type Outcome = "committed" | "failed" | "late" | "again";

interface Opened {
  fence: number;
  cursor: Cursor;
  now: UnixMs;
  tickMs: number;
  sites: RuleSite[];
  channels: string[];
  states: RuleState[];
}

/** The longest a hub may hold back an answer, beside the time it was asked to wait, in ms. */
const GRACE_MS = 15_000;

export class FlowSession {
  readonly #call: HubCall;
  #open: { fence: number; cursor: Cursor } | null = null;
  #sites = new Map<string, RuleSite>();
  #states = new Map<string, RuleState>();
  #channels: string[] = [];
  #number = 0;
  #current: { number: number; to: Cursor; now: UnixMs; taken: boolean; end: (outcome: Outcome) => void } | null = null;

  constructor(call: HubCall) {
    this.#call = call;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** The sites, as the hub last told; empty while the session is not open. */
  sites(): RuleSite[] {
    return [...this.#sites.values()];
  }

  /** The channels that the hub itself serves. */
  channels(): string[] {
    return this.#channels;
  }

  site(id: string): RuleSite | undefined {
    return this.#sites.get(id);
  }

  /** A rule's state at a site, as the register holds it; undefined when the register has none yet. */
  stateOf(rule: string, site: string): RuleState | undefined {
    return this.#states.get(`${rule}/${site}`);
  }

  /** Takes the fence and everything that is known. @throws HubError */
  async open(): Promise<void> {
    this.drop();
    const opened = (await this.#call("/open", {})) as Opened;
    this.#sites = new Map(opened.sites.map((site) => [site.id, site]));
    this.#channels = opened.channels;
    this.#states = new Map(opened.states.map((state) => [`${state.rule}/${state.site}`, state]));
    this.#open = { fence: opened.fence, cursor: opened.cursor };
  }

  /** Forgets everything: the next batch comes after a new `open()`. */
  drop(): void {
    const current = this.#current;
    this.#open = null;
    this.#current = null;
    this.#sites.clear();
    this.#states.clear();
    current?.end("failed");
  }

  /**
   * Asks for the next batch; the hub answers when there is something to say, or after `waitMs`. A batch that was not
   * committed comes again. The second part resolves with how the batch ended, `late` after `commitWithinMs` without a
   * commit under way.
   * @throws HubError; the session is then closed
   */
  async next(waitMs: number, commitWithinMs: number): Promise<{ work: Work; ended: Promise<Outcome> }> {
    const open = this.#mustBeOpen();
    let batch: Batch & { sites?: RuleSite[] };
    try {
      const ask = { fence: open.fence, after: open.cursor, waitMs };
      batch = (await this.#call("/next", ask, waitMs + GRACE_MS)) as typeof batch;
    } catch (error) {
      if (this.#open === open) this.drop();
      throw error;
    }
    if (this.#open !== open) throw new HubError("CLOSED", "The session was closed while it waited.");
    const { to, sites, ...rest } = batch;
    if (sites !== undefined) this.#sites = new Map(sites.map((site) => [site.id, site]));
    const number = ++this.#number;
    const work: Work = { ...rest, number, judged: [], evaluations: [], notices: [] };
    const ended = new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => {
        if (this.#current?.number === number && !this.#current.taken) this.#current.end("late");
      }, commitWithinMs);
      const end = (outcome: Outcome) => {
        clearTimeout(timer);
        if (this.#current?.number === number) this.#current = null;
        resolve(outcome);
      };
      this.#current = { number, to, now: batch.now, taken: false, end };
    });
    return { work, ended };
  }

  /** Takes back the batch on its way, unless its commit is under way. It comes again. */
  takeBack(): void {
    if (this.#current?.taken === false) this.#current.end("again");
  }

  /** True while this batch is the one that may be committed. */
  isCurrent(work: Work): boolean {
    return this.#current?.number === work.number && !this.#current.taken;
  }

  /**
   * Hands the evaluated batch to the register. A batch is committed once: a copy that comes by another wire is refused.
   * @throws HubError; after an error of the hub, or of the way to it, the session is closed, because nobody can say
   *         whether the commit was made
   */
  async commit(work: Work): Promise<CommitResult> {
    const open = this.#mustBeOpen();
    const current = this.#current;
    if (current === null || !this.isCurrent(work))
      throw new HubError("STALE_BATCH", `Batch ${work.number} is no longer the one to commit.`);
    current.taken = true;
    const { evaluations, notices } = work;
    try {
      const { fence } = open;
      const request = { fence, cursor: current.to, now: current.now, evaluations, notices };
      const result = (await this.#call("/commit", request)) as CommitResult;
      if (this.#open !== open) throw new HubError("CLOSED", "The session was closed while it waited.");
      this.#remember(evaluations, result);
      open.cursor = current.to;
      current.end("committed");
      return result;
    } catch (error) {
      if (this.#open === open) this.drop();
      throw error;
    }
  }

  #remember(evaluations: Evaluation[], result: CommitResult): void {
    const states = new Map(evaluations.map((e) => [`${e.rule}/${e.site}`, e.state]));
    for (const { site, rule, revision } of result.revisions) {
      const key = `${rule}/${site}`;
      this.#states.set(key, { site, rule, revision, state: states.get(key) });
    }
  }

  #mustBeOpen(): { fence: number; cursor: Cursor } {
    if (this.#open === null) throw new HubError("CLOSED", "There is no session with the hub.");
    return this.#open;
  }
}

/**
 * The dead-man: when the flows have not committed for a while, the hub takes the fence and runs the same rules itself,
 * telling of closure and danger to life by built-in channels. The flows take over again by opening: their fence shuts
 * the hub out. Cursor, revisions and fence together make every transition happen once, whoever makes it.
 */
import { performance } from "node:perf_hooks";
import type { Clock } from "../clock.js";
import type { Cursor, UnixMs } from "../model.js";
import type { JournalReader } from "./batch.js";
import { createCatchUp, type CatchUpOptions } from "./catch-up.js";
import { runRules } from "./index.js";
import { RegisterConflict } from "./protocol.js";
import type { Evaluation, Language, NoticeRequest } from "./protocol.js";
import type { Register } from "./register.js";
import type { RuleSite } from "./rule.js";
import { RuleStates } from "./rule-states.js";

export interface WatchDeps {
  register: Pick<Register, "heartbeat" | "takeFence" | "states" | "resume" | "commit">;
  journal: JournalReader;
  sites(): RuleSite[];
  clock: Clock;
  /** Channels that are told of flood levels 3 and 4 while the flows are away. */
  channels: string[];
  language: Language;
  /** When this hub began to listen, by its clock as it is now. */
  since(): UnixMs;
  log(line: string): void;
  /** Real time without a commit after which the hub steps in. */
  staleAfterMs?: number;
  /** Real time that flows have for their first commit which took over from the hub: see {@link startWatch}. */
  probationMs?: number;
  /** When the newest entries come before the backlog. */
  lanes?: CatchUpOptions;
  /** Real time between two looks. */
  everyMs?: number;
  /** The watch has judged, on disk, up to here: the journal may forget it as if the flows had. */
  judged?(cursor: Cursor): void;
  /** Up to which entry this journal was judged before, by whoever it was: where a new register begins. */
  judgedTo?(): number;
}

/** Entries of the journal that are judged in one commit. */
const BATCH = 1000;

function wishes(evaluations: Evaluation[], channels: string[], language: Language): NoticeRequest[] {
  return evaluations
    .filter((evaluation) => evaluation.events.some((event) => event.kind === "flood"))
    .flatMap(({ site }) =>
      channels.map((channel) => ({ site, kind: "flood" as const, channel, to: "", language, minLevel: 3 as const })),
    );
}

export interface Watch {
  /** True while the hub runs the rules itself. */
  active(): boolean;
  stop(): void;
}

/**
 * Starts to watch. Flows that take over and then commit nothing (a cut wire: they open again and again) are not given
 * the whole patience each time, or the city would be unwatched for most of it.
 */
export function startWatch(deps: WatchDeps): Watch {
  const { register, journal, staleAfterMs = 20_000, probationMs = 3000, everyMs = 1000 } = deps;
  const order = createCatchUp(journal, deps.lanes);
  let fence: number | null = null;
  let stopped = false;
  /** A further look is under way already. */
  let going = false;
  /** The flows took over from the hub and have not shown yet that they work. */
  let probation = false;
  let states = new RuleStates();

  function takeOver(): void {
    fence = register.takeFence("hub");
    states = new RuleStates(register.states());
    deps.log("The flows have not committed: the hub runs the alarm rules itself.");
  }

  function patienceMs(): number {
    if (register.heartbeat().judgedTo !== null) probation = false;
    return probation ? Math.min(probationMs, staleAfterMs) : staleAfterMs;
  }

  /** Judges one batch. Returns whether more waits. */
  function judge(held: number): boolean {
    const after = register.resume(journal.head(), deps.judgedTo?.());
    const batch = order.next(after, BATCH, deps.clock.now(), deps.since());
    const evaluations = runRules(batch, states, deps.sites(), {}, undefined, (trouble) =>
      deps.log(`Rule ${trouble.rule} at ${trouble.site}: ${trouble.message}.`),
    );
    const notices = wishes(evaluations, deps.channels, deps.language);
    const { revisions } = register.commit({ fence: held, cursor: batch.to, now: batch.now, evaluations, notices });
    order.committed(batch.to);
    deps.judged?.(batch.to);
    for (const [i, { site, rule, revision }] of revisions.entries())
      states.put({ site, rule, revision, state: evaluations[i].state });
    return batch.more;
  }

  function look(): void {
    going = false;
    if (stopped) return;
    try {
      if (fence === null && performance.now() - register.heartbeat().steadyMs > patienceMs()) takeOver();
      // The journal is read on the hub's own thread: one batch a turn lets everything else run in between.
      if (fence !== null && judge(fence)) {
        going = true;
        setImmediate(look);
      }
    } catch (error) {
      fence = null;
      probation = error instanceof RegisterConflict && error.code === "FENCED";
      if (probation) deps.log("The flows run the alarm rules again: the hub stands down.");
      else deps.log(`The hub's own watch failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  const timer = setInterval(() => {
    if (!going) look();
  }, everyMs);
  return {
    active: () => fence !== null,
    stop() {
      stopped = true;
      fence = null;
      clearInterval(timer);
    },
  };
}

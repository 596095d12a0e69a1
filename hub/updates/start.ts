/** Rollouts at work: the rings move, boards get their tasks, and what they say goes into the registry. */
import type { Line } from "../../firmware/wire/line.js";
import type { Clock } from "../clock.js";
import type { Component, Reason } from "../health.js";
import type { Heard as Outcome, OrderSource } from "../orders.js";
import { slotsIn } from "../orders/word.js";
import { VOUCHED_KEY_ID } from "../pipeline/vouched.js";
import type { Registry } from "../registry.js";
import type { RowBody } from "../registry/rows.js";
import type { Rollout } from "../registry/rollouts.js";
import { ImageStore } from "./images.js";
import type { StoredImage } from "./images.js";
import { isFor } from "./progress.js";
import { decide, isOpen } from "./rings.js";
import type { Candidate } from "./rings.js";
import { updateOrders } from "./source.js";
import type { Task, Told } from "./source.js";

/** In whose name the registry keeps what boards do by themselves. */
export const HUB = "hub";
const LOOK_EVERY_MS = 60_000;
/** Rows are gathered: what a board says stands in the way of readings. */
const GATHER_MS = 200;
/** Weight of one pack in the running share of faults. */
const WEIGHT = 1 / 20;

/** What was heard of a board since the hub began to listen. */
interface Heard {
  at: number;
  image: string;
  /** Since the board said that it runs another image. */
  packs: number;
  faults: number;
  before: number | null;
  /** Running share of faults. */
  share: number | null;
}

export interface Updates {
  source: OrderSource;
  component: Component;
  stop(): void;
}

/** Part of a pack's records that are faults. */
function faultShare(body: string): number {
  const count = (part: string): number => body.split(part).length - 1;
  const records = count('"n":');
  return records === 0 ? 0 : count('"vs":"!') / records;
}

/** A share of faults as a row keeps it; nothing where it is not known. */
function beforeOf(share: number | null | undefined): { faultsBefore?: number } {
  return share === null || share === undefined ? {} : { faultsBefore: Math.round(share * 1000) / 1000 };
}

/** The images that go to boards at present: of several for one kind of board, the one begun last. */
function live(rollouts: Rollout[]): Rollout[] {
  return rollouts.filter(({ does }) => does !== "stop");
}

/** Starts it. `failed` is told what the registry could not keep: boards say it again. */
export function startUpdates(
  registry: Registry,
  clock: Clock,
  dataDir: string,
  failed: (error: unknown) => void,
): Updates {
  const images = new ImageStore(dataDir);
  const since = clock.now();
  const heard = new Map<string, Heard>();
  const tasks = new Map<string, Task>();
  const due: RowBody[] = [];
  /** Rollouts that stand still because their image is not there, or no longer what its name says. */
  let imageless: Rollout[] = [];
  let gathering: (() => void) | null = null;

  const runs = (board: string): string => heard.get(board)?.image || registry.reported(board)?.runs || "";

  function write(): void {
    gathering = null;
    try {
      const rows = due.splice(0);
      if (rows.length > 0) registry.add(rows, HUB);
    } catch (error) {
      failed(error);
    }
  }

  function keep(row: RowBody): void {
    due.push(row);
    gathering ??= clock.after(GATHER_MS, write);
  }

  function told({ board, rollout, outcome, why }: Told): void {
    tasks.delete(board);
    const known = registry.rollout(rollout);
    const before = known?.offers.get(board)?.outcome;
    // What was so before somebody said that it goes on has been tried again since.
    const isNews = before?.result !== outcome || (outcome !== "good" && known !== undefined && before.at < known.at);
    if (isNews) keep({ kind: "outcome", board, rollout, outcome, why, ...beforeOf(heard.get(board)?.before) });
  }

  /** Boards that the image is for. */
  function candidates(rollout: Rollout, image: StoredImage): Candidate[] {
    const found: Candidate[] = [];
    for (const { board, reported } of registry.sides()) {
      if (!isFor(image, reported)) continue;
      if (!rollout.offers.has(board) && runs(board) === image.id) continue;
      const one = heard.get(board);
      const mine = one?.image === image.id;
      found.push({
        board,
        heard: one?.at ?? null,
        runs: runs(board) === image.id,
        periodS: reported.period ?? null,
        packs: mine ? one.packs : 0,
        faults: mine && one.packs > 0 ? one.faults / one.packs : 0,
        faultsBefore: mine ? one.before : null,
      });
    }
    return found;
  }

  function assign(rollout: Rollout, image: StoredImage, code: string): void {
    const leave = rollout.does === "back";
    for (const [board, { outcome }] of rollout.offers)
      if (leave || isOpen(rollout, outcome)) tasks.set(board, { rollout: rollout.id, image, code, leave });
  }

  /** Moves every rollout on, and says anew what is to be done where. */
  function look(): void {
    tasks.clear();
    imageless = [];
    for (const rollout of live(registry.rollouts())) {
      const image = images.of(rollout.image);
      const code = images.code(rollout.image);
      if (image === undefined || code === undefined) {
        imageless.push(rollout);
        continue;
      }
      if (rollout.does !== "back") {
        const { offer, outcomes, stop } = decide(rollout, candidates(rollout, image), clock.now(), since);
        for (const { board, outcome, why } of outcomes)
          due.push({ kind: "outcome", board, rollout: rollout.id, outcome, why });
        for (const board of offer)
          due.push({ kind: "offer", board, rollout: rollout.id, ...beforeOf(heard.get(board)?.share) });
        if (stop !== "") due.push({ kind: "rollout", rollout: rollout.id, image: image.id, does: "stop", why: stop });
      }
      assign(rollout, image, code);
    }
    if (due.length > 0) gathering ??= clock.after(0, write);
  }

  const orders = updateOrders({ task: (board) => tasks.get(board), runs, told, now: () => clock.steady() });
  /** What is known of a board that this hub has not heard yet: the image it ran, and its faults before the one it is sent. */
  function unheard(board: string): Heard {
    const image = registry.reported(board)?.runs ?? "";
    const sent = live(registry.rollouts()).findLast(({ offers }) => offers.has(board));
    const before = sent?.offers.get(board)?.faultsBefore ?? null;
    const running = sent?.image === image;
    return { at: 0, image, packs: 0, faults: 0, before: running ? before : null, share: running ? null : before };
  }

  /** Every line of a board is heard, asked or not. A pack that was buried is worth no more than faults. */
  function hear(line: Line, outcome: Outcome): void {
    const one = heard.get(line.board) ?? unheard(line.board);
    heard.set(line.board, one);
    one.at = clock.now();
    if (line.type !== "pack" || outcome === "duplicate") return;
    const share = outcome === "dead" ? 1 : faultShare(line.body);
    one.packs++;
    one.faults += share;
    one.share = one.share === null ? share : one.share + (share - one.share) * WEIGHT;
  }

  /** The board runs this image, as it says itself. */
  function runsNow(board: string, image: string): void {
    const one = heard.get(board)!;
    if (one.image !== image)
      heard.set(board, { ...one, image, packs: 0, faults: 0, before: one.image === "" ? null : one.share });
  }

  // The registry changes with every board that says something new: once in a while is enough.
  let looking: (() => void) | null = null;
  const lookSoon = (): void => {
    looking ??= clock.after(GATHER_MS, () => {
      looking = null;
      look();
    });
  };
  const stopChange = registry.onChange(lookSoon);
  const stopClock = clock.every(LOOK_EVERY_MS, look);
  look();
  return {
    source: {
      after: (line) => orders.after(line),
      heard(line, outcome) {
        hear(line, outcome);
        orders.heard(line, outcome);
      },
      greeted(line, hello) {
        hear(line, "stored");
        // Over a narrow radio that comes in a word of its own.
        if (hello.runs !== undefined || line.keyId !== VOUCHED_KEY_ID) runsNow(line.board, hello.runs ?? "");
        orders.greeted(line, hello);
      },
      said(line) {
        const slots = slotsIn(line);
        if (slots?.runs === undefined) return;
        hear(line, "heard");
        runsNow(line.board, slots.runs);
        orders.greeted(line, slots);
      },
    },
    component: {
      name: "updates",
      check() {
        const stopped = registry.rollouts().filter(({ does, by }) => does === "stop" && by === HUB);
        const found: Omit<Reason, "component">[] = [];
        for (const { id, why } of stopped) {
          const message = `the rollout ${id} has stopped: ${why} (aryk update status ${id})`;
          found.push({ status: "degraded", code: "rollout-stopped", message });
        }
        for (const { id, image } of imageless) {
          const remedy = `aryk update add makes it anew from the same version, aryk update stop ${id} ends the rollout`;
          const message = `the rollout ${id} stands still: its image ${image} is not there whole (${remedy})`;
          found.push({ status: "degraded", code: "image-missing", message });
        }
        return found;
      },
    },
    stop() {
      stopChange();
      stopClock();
      looking?.();
      gathering?.();
      write();
    },
  };
}

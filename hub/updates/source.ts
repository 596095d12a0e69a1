/**
 * Sends images to the boards whose turn it is: what a board asks for, it is sent; what it says became of an image, is
 * kept. Stateless but for what boards were heard to say: a hub that was restarted goes on where each board is.
 */
import { escapePiece, wantBody } from "../../firmware/wire/image.js";
import type { Line } from "../../firmware/wire/line.js";
import type { Hello } from "../../firmware/wire/pack.js";
import type { OrderSource } from "../orders.js";
import { room } from "../orders.js";
import type { StoredImage } from "./images.js";

/** What a board is to do: take this image, or leave it. */
export interface Task {
  rollout: string;
  image: StoredImage;
  code: string;
  leave: boolean;
}

export interface Told {
  board: string;
  rollout: string;
  outcome: "good" | "back" | "refused";
  why: string;
}

interface SourceDeps {
  /** What is to be done at a board; undefined for nothing. Asked for every line: it must be cheap. */
  task(board: string): Task | undefined;
  /** The image that the board said it runs; empty when it never said. */
  runs(board: string): string;
  /** Something became of an image. */
  told(told: Told): void;
}

/** Images that came out otherwise than they were sent, after which a board is given up. */
const TORN_MOST = 5;

interface Word {
  verb?: unknown;
  to?: unknown;
  at?: unknown;
  why?: unknown;
}

function wordIn(line: Line): Word | null {
  if (line.type !== "reply" || line.seq !== 0) return null;
  try {
    const word: unknown = JSON.parse(line.body);
    return typeof word === "object" && word !== null ? word : null;
  } catch {
    return null;
  }
}

/** As many characters from `at` on as fit the order; empty when none do, or there are none. */
function pieceFor(line: Line, { image, code }: Task, at: unknown): string | undefined {
  if (typeof at !== "number" || !Number.isSafeInteger(at) || at < 0 || at >= code.length) return undefined;
  const head = `piece,${image.id},${at},`;
  const most = room(line) - head.length;
  let text = "";
  for (let i = at; i < code.length; i++) {
    const next = escapePiece(code[i]);
    if (text.length + next.length > most) break;
    text += next;
  }
  return text === "" ? undefined : head + text;
}

/** Makes the source of orders. */
export function updateOrders({ task, runs, told }: SourceDeps): OrderSource {
  const torn = new Map<string, number>();
  /** Starts in which boards said hello, by board: a pack of an earlier one proves nothing of the image. */
  const starts = new Map<string, string>();

  function answer(line: Line, doing: Task, { verb, to, at, why }: Word): string | undefined {
    const { image, rollout } = doing;
    const { board } = line;
    const offer = wantBody(image);
    if (to !== image.id) return offer;
    switch (verb) {
      case "piece":
        return pieceFor(line, doing, at) ?? offer;
      case "whole":
        return `go,${image.id}`;
      case "torn": {
        const times = (torn.get(board) ?? 0) + 1;
        torn.set(board, times);
        if (times < TORN_MOST) return offer;
        torn.delete(board);
        told({ board, rollout, outcome: "refused", why: `it came out otherwise than it was sent, ${times} times` });
        return undefined;
      }
      case "refused":
        // While another image is on trial the board will say no; that passes.
        if (why !== "trial") told({ board, rollout, outcome: "refused", why: String(why).slice(0, 60) });
        return undefined;
      default:
        return undefined;
    }
  }

  return {
    after(line) {
      const { board } = line;
      const doing = task(board);
      if (doing === undefined) return undefined;
      const running = runs(board) === doing.image.id;
      if (doing.leave) return running ? "back" : undefined;
      if (running) {
        const start = starts.get(board);
        const ofThisStart = start === undefined || start === `${line.epoch}.${line.boot}`;
        if (line.type === "pack" && ofThisStart) told({ board, rollout: doing.rollout, outcome: "good", why: "" });
        return undefined;
      }
      const word = wordIn(line);
      return word === null ? fits(line, wantBody(doing.image)) : fits(line, answer(line, doing, word));
    },
    greeted(line: Line, { runs: running, has, back }: Hello) {
      const { board } = line;
      starts.set(board, `${line.epoch}.${line.boot}`);
      const doing = task(board);
      if (doing === undefined || doing.leave || back === undefined) return;
      // The other slot still holds what was given up: only then it is this image that the board speaks of.
      if (has?.split(":")[0] === doing.image.id && running !== doing.image.id)
        told({ board, rollout: doing.rollout, outcome: "back", why: back });
    },
  };
}

function fits(line: Line, body: string | undefined): string | undefined {
  return body === undefined || body.length > room(line) ? undefined : body;
}

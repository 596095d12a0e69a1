/**
 * Sends images to the boards whose turn it is: what a board asks for, it is sent; what it says became of an image, is
 * kept. Stateless but for what boards were heard to say: a hub that was restarted goes on where each board is.
 */
import { escapePiece, isPiece, wantBody } from "../../firmware/wire/image.js";
import type { Line } from "../../firmware/wire/line.js";
import { fits, room } from "../orders.js";
import type { Heard } from "../orders.js";
import { wordIn } from "../orders/word.js";
import type { SlotsSaid, Word } from "../orders/word.js";
import { VOUCHED_KEY_ID } from "../pipeline/vouched.js";
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
  /** Milliseconds on a clock that nobody sets. */
  now(): number;
}

/** The source of orders; `greeted` takes what a board says of its slots, in its hello or in a word. */
export interface UpdateOrders {
  after(line: Line): string | undefined;
  heard(line: Line, outcome: Heard): void;
  greeted(line: Line, slots: SlotsSaid): void;
}

/** Images that came out otherwise than they were sent, after which a board is given up. */
const TORN_MOST = 5;
/** Characters of a piece that goes over a narrow radio: the input cuts it to what the rate carries that it was heard at. */
const RADIO_PIECE = 222;

/** As many characters from `at` on as fit the order; empty when none do, or there are none. */
function pieceFor(line: Line, { image, code }: Task, at: unknown): string | undefined {
  if (typeof at !== "number" || !Number.isSafeInteger(at) || at < 0 || at >= code.length) return undefined;
  const head = `piece,${image.id},${at},`;
  const most = line.keyId === VOUCHED_KEY_ID ? RADIO_PIECE : room(line) - head.length;
  let text = "";
  for (let i = at; i < code.length; i++) {
    const next = escapePiece(code[i]);
    if (text.length + next.length > most) break;
    text += next;
  }
  return text === "" ? undefined : head + text;
}

/**
 * A board on a narrow radio says its word until it is answered. An offer in between, which is one more message down,
 * would only take it a step back; where it says none, there is one in an hour.
 */
interface RadioPost {
  offered: number;
  /** The start and the image of which it has said a word. */
  busyWith: string;
}

const RADIO_OFFER_MS = 3_600_000;

/** Makes the source of orders. */
export function updateOrders({ task, runs, told, now }: SourceDeps): UpdateOrders {
  const torn = new Map<string, number>();
  /** Boards, with the rollout, that were told to start the image. A hub that was restarted tells them once more. */
  const gone = new Set<string>();
  const radio = new Map<string, RadioPost>();

  /** What follows anything but a word over a narrow radio. */
  function radioOffer({ board, epoch, boot }: Line, { image }: Task): string | undefined {
    const post = radio.get(board);
    if (post?.busyWith === `${epoch}.${boot} ${image.id}`) return undefined;
    if (post !== undefined && now() - post.offered < RADIO_OFFER_MS) return undefined;
    radio.set(board, { offered: now(), busyWith: "" });
    return wantBody(image);
  }
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
        gone.add(`${board} ${rollout}`);
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
      if (doing.leave) return running && fits(line, "back") ? "back" : undefined;
      if (running) return undefined;
      const word = wordIn(line);
      const isRadio = line.keyId === VOUCHED_KEY_ID;
      if (isRadio && word?.to === doing.image.id)
        radio.set(board, { offered: now(), busyWith: `${line.epoch}.${line.boot} ${doing.image.id}` });
      const offer = isRadio ? radioOffer : (_line: Line, { image }: Task): string => wantBody(image);
      const order = word === null ? offer(line, doing) : answer(line, doing, word);
      // A piece is as long as fits already, or will be.
      return order === undefined || !(isPiece(order) || fits(line, order)) ? undefined : order;
    },
    heard(line, outcome) {
      const { board } = line;
      // One that is buried, or came before, proves nothing.
      if (line.type !== "pack" || outcome !== "stored") return;
      const doing = task(board);
      if (doing === undefined || doing.leave || runs(board) !== doing.image.id) return;
      const start = starts.get(board);
      if (start !== undefined && start !== `${line.epoch}.${line.boot}`) return;
      told({ board, rollout: doing.rollout, outcome: "good", why: "" });
    },
    greeted(line: Line, { runs: running, has, back }: SlotsSaid) {
      const { board } = line;
      starts.set(board, `${line.epoch}.${line.boot}`);
      const doing = task(board);
      if (doing === undefined || doing.leave || back === undefined) return;
      // The other slot still holds what was given up: only then it is this image that the board speaks of. That it was
      // given up in an earlier rollout it says, too: it must have been told to start it in this one.
      if (!gone.has(`${board} ${doing.rollout}`)) return;
      if (has?.split(":")[0] !== doing.image.id || running === doing.image.id) return;
      gone.delete(`${board} ${doing.rollout}`);
      told({ board, rollout: doing.rollout, outcome: "back", why: back });
    },
  };
}

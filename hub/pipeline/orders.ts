/** What the pipeline has to do with orders (hub/orders.ts): an answer takes one along, and what boards say is passed on. */
import type { Line } from "../../firmware/wire/line.js";
import type { Hello, Reply } from "../../firmware/wire/pack.js";
import type { EventEntry } from "../model.js";
import type { Heard } from "../orders.js";

/** What the pipeline wants of hub/orders.ts, where boards are asked for something. */
export interface PipelineOrders {
  downKey(board: string): { id: string; key: Uint8Array } | undefined;
  commandAfter(line: Line, outcome: Heard): string | undefined;
  greeted(line: Line, hello: Hello): void;
  replied(line: Line, reply: Reply): void;
  said(line: Line): void;
}

/** The answer, with what is asked of the board. */
export function ordered<A extends { command?: string; outcome: Heard }>(
  orders: PipelineOrders | undefined,
  answer: A,
  line: Line,
): A {
  const command = orders?.commandAfter(line, answer.outcome);
  if (command !== undefined) answer.command = command;
  return answer;
}

/** What a board has said of itself is on disk. */
export function told(orders: PipelineOrders | undefined, line: Line, { event, detail }: EventEntry): void {
  if (event === "hello") orders?.greeted(line, detail as unknown as Hello);
  else if (event === "reply") orders?.replied(line, detail.reply as Reply);
}

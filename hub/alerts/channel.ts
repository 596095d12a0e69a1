/** What a channel is: it takes a message to somebody, and says whether that worked. */
import type { Notice, Receipt, Telling } from "./protocol.js";

export interface OutMessage {
  notice: Notice;
  transition: Telling;
  /** One or two sentences in the notice's language. */
  text: string;
  /** Unique for ever, the same at every try: the register's epoch and the notice's key. */
  idempotencyKey: string;
  /** The message as CAP XML, made and checked when it is asked for. @throws Error if it breaks the schema or a rule */
  cap(): { identifier: string; xml: string };
}

/** `final`: it makes no sense to try again. */
export type Sent =
  { ok: true; receipt: Receipt } | { ok: false; error: string; final?: boolean; retryAfterMs?: number };

export interface Channel {
  /** Name that notices are addressed to. */
  name: string;
  /** Sends one message. Aborted by `signal` when its time is over. Rejections count as failures to be tried again. */
  send(message: OutMessage, signal: AbortSignal): Promise<Sent>;
}

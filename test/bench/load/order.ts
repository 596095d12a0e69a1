/** What a run and its load say to each other. */
import type { Form } from "./frames.js";

export interface LoadOptions {
  port: number;
  things: number;
  form: Form;
  /** Connections; as many as there are things, unless so many sockets cannot be had: then things share them. */
  connections: number;
  /** Boards log in at the hub's own broker; a broker beside it lets everybody in here. */
  login: boolean;
}

export type LoadOrder = { do: "run"; rate: number; seconds: number } | { do: "report" };

export type LoadNews =
  | { news: "connected" }
  /** Packs are sealed, the first is sent at `startMs`, and their own times lie in [`fromMs`, `toMs`) (ms since 1970). */
  | { news: "begun"; startMs: number; total: number; fromMs: number; toMs: number }
  | { news: "report"; sent: number; acked: number; cpuUs: number; lost: number };

import { createHmac } from "node:crypto";
import type { Channel, OutMessage, Sent } from "../channel.js";

export interface WebhookSettings {
  /** Name that notices are addressed to; `webhook` if none is given. */
  name?: string;
  url: string;
  /** `cap`: the CAP XML (application/cap+xml); `json`: the transition, its text and the CAP identifier. */
  format: "cap" | "json";
  /** Signs every request; null sends unsigned. */
  secret: string | null;
}

/** Answers that mean "this message is wrong": everything else may be better later, and an alarm is worth the try. */
const FINAL = [400, 413, 415, 422];

/** Longest wait that a server may ask for. */
const RETRY_MOST_MS = 10 * 60_000;

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), in ms from `nowMs`; undefined if there is none. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(RETRY_MOST_MS, Math.max(0, ms)) : undefined;
}

/** Signature header: `t=<unix seconds>,v1=<hex HMAC-SHA256 over "<t>.<body>">`. The receiver refuses an old `t`. */
export function signature(secret: string, unixSeconds: number, body: string): string {
  return `t=${unixSeconds},v1=${createHmac("sha256", secret).update(`${unixSeconds}.${body}`).digest("hex")}`;
}

function bodyOf(message: OutMessage, format: WebhookSettings["format"]): { type: string; body: string } {
  const { identifier, xml } = message.cap();
  if (format === "cap") return { type: "application/cap+xml", body: xml };
  const { notice, transition, text } = message;
  const { site, kind, step, level, why, figures, time, renewal = 0 } = transition;
  const body = {
    identifier,
    alarm: notice.alarm,
    revision: notice.revision,
    renewal,
    site,
    kind,
    step,
    level,
    why,
    figures,
  };
  return { type: "application/json", body: JSON.stringify({ ...body, time, to: notice.to, text }) };
}

/** A webhook: an HTTP POST per message, signed, with an idempotency key. Redirects are not followed. */
export function webhookChannel(settings: WebhookSettings, wall: () => number = Date.now): Channel {
  return {
    name: settings.name ?? "webhook",
    async send(message, signal): Promise<Sent> {
      const { type, body } = bodyOf(message, settings.format);
      const headers: Record<string, string> = { "content-type": type, "idempotency-key": message.idempotencyKey };
      if (settings.secret !== null)
        headers["x-aryk-signature"] = signature(settings.secret, Math.floor(wall() / 1000), body);
      let response: Response;
      try {
        response = await fetch(settings.url, { method: "POST", headers, body, redirect: "manual", signal });
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
        return { ok: false, error: `${error instanceof Error ? error.message : String(error)}${cause}` };
      }
      await response.body?.cancel();
      if (response.ok) return { ok: true, receipt: { state: "sent" } };
      const wait = retryAfterMs(response.headers.get("retry-after"), wall());
      return {
        ok: false,
        error: `HTTP ${response.status}`,
        final: FINAL.includes(response.status),
        ...(wait === undefined ? {} : { retryAfterMs: wait }),
      };
    },
  };
}

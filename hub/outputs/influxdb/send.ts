/**
 * One write to an InfluxDB through `@influxdata/influxdb-client`, used as serializer and transport only. Its retry
 * buffer is off (it drops what it cannot hold), and what it makes of an answer is not used: the raw answer is watched
 * on its way, because the client takes "hinted handoff queue not empty" and a partial 201 for success.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { HttpError, InfluxDB, type Transport } from "@influxdata/influxdb-client";
import { SetupError } from "../../errors.js";
import type { Answer } from "./answer.js";
import { blotter } from "./blot.js";

/** How to reach a database: the API of 2.x and 3.x (VictoriaMetrics has it too), or that of 1.x. */
export type InfluxTarget =
  | { api: "v2"; url: string; org: string; bucket: string; token?: string }
  | {
      api: "v1";
      url: string;
      database: string;
      retentionPolicy?: string;
      username?: string;
      password?: string;
    };

export interface Sender {
  /** Writes lines in one request. Never throws: what goes wrong on the way is an answer too. */
  send(lines: string[], signal: AbortSignal): Promise<Answer>;
  close(): void;
}

const BODY_MAX = 65_536;

function checked(target: InfluxTarget): URL {
  const remedy = "Give the address as http://host:port or https://host:port.";
  let url: URL;
  try {
    url = new URL(target.url);
  } catch (cause) {
    throw new SetupError("INFLUXDB_URL", `the InfluxDB address "${target.url}" is not a URL`, remedy, { cause });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new SetupError("INFLUXDB_URL", `the InfluxDB address "${target.url}" is neither http nor https`, remedy);
  return url;
}

/** Path of a write; null for the client's own (`/api/v2/write`). */
function pathOf(target: InfluxTarget): string | null {
  if (target.api === "v2") return null;
  const policy = target.retentionPolicy ? `&rp=${encodeURIComponent(target.retentionPolicy)}` : "";
  return `/write?db=${encodeURIComponent(target.database)}&precision=ns${policy}`;
}

/** 1.x refuses the client's "Token user:password": its login is HTTP Basic. */
function headersOf(target: InfluxTarget): Record<string, string> {
  if (target.api === "v2" || !target.username) return {};
  const login = Buffer.from(`${target.username}:${target.password ?? ""}`).toString("base64");
  return { authorization: `Basic ${login}` };
}

/**
 * @param timeoutMs     time for one write, from the first byte sent to the last received
 * @param compression   `gzip` for a database far away; on a LAN it costs more than it saves
 * @throws SetupError `INFLUXDB_URL`; the network is not touched
 */
export function createSender(target: InfluxTarget, timeoutMs: number, compression: "none" | "gzip"): Sender {
  const url = checked(target);
  const agent = url.protocol === "https:" ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const path = pathOf(target);
  const token = target.api === "v2" ? target.token : undefined;
  const password = target.api === "v1" ? target.password : undefined;
  const blot = blotter([token, password, headersOf(target).authorization?.slice("Basic ".length)]);
  // The client's own time-out leaves the connection hanging; ours ends it, and comes first.
  const timeout = timeoutMs + 60_000;
  const wire = new InfluxDB({ url: target.url, token, timeout, transportOptions: { agent } }).transport;

  async function send(lines: string[], signal: AbortSignal): Promise<Answer> {
    const deadline = new AbortController();
    const callOff = (): void => deadline.abort();
    const timer = setTimeout(callOff, timeoutMs);
    signal.addEventListener("abort", callOff);
    if (signal.aborted) callOff();

    let status = 0;
    let headers: Record<string, string | string[] | undefined> = {};
    let body = "";
    const watched: Transport = {
      chunkCombiner: wire.chunkCombiner,
      request: wire.request.bind(wire),
      iterate: wire.iterate.bind(wire),
      send: (to, data, options, callbacks) =>
        wire.send(
          to,
          data,
          { ...options, signal: deadline.signal },
          {
            ...callbacks,
            responseStarted(answered, code) {
              status = code ?? 0;
              headers = answered;
              callbacks?.responseStarted?.(answered, code);
            },
            next(chunk) {
              if (body.length < BODY_MAX) body += Buffer.from(chunk).toString("utf8");
            },
          },
        ),
    };
    const [org, bucket] = target.api === "v2" ? [target.org, target.bucket] : ["", target.database];
    const api = new InfluxDB({ url: target.url, transport: watched }).getWriteApi(org, bucket, "ns", {
      maxRetries: 0,
      flushInterval: 0,
      batchSize: lines.length + 1,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      gzipThreshold: compression === "gzip" ? 1000 : Number.MAX_SAFE_INTEGER,
      headers: headersOf(target),
      // Rejecting here hands over the error before the client judges it.
      writeFailed: (error) => Promise.reject(error),
    });
    if (path !== null) api.path = path;
    try {
      api.writeRecords(lines);
      await api.flush(true);
    } catch (error) {
      if (error instanceof HttpError && error.body) body = error.body;
      if (!(error instanceof HttpError)) {
        if (signal.aborted) return { error: "called off" };
        return { error: deadline.signal.aborted ? `no answer within ${timeoutMs} ms` : explain(error) };
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", callOff);
    }
    const header = (name: string): string | undefined => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    return { status, contentType: header("content-type") ?? "", retryAfter: header("retry-after"), body: blot(body) };
  }

  return { send, close: () => agent.destroy() };
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  return error.message === "" ? (code ?? error.name) : error.message;
}

/**
 * What an InfluxDB's answer to a write means, judged from the raw answer: the client library takes some refusals for
 * success and reads Retry-After's seconds as milliseconds. Pure.
 */

/** The server's answer, or what kept it from answering. */
export type Answer =
  { status: number; contentType: string; retryAfter: string | undefined; body: string } | { error: string };

export type Verdict =
  | { kind: "accepted" }
  /** Some lines are at fault; the others may or may not have been stored. */
  | { kind: "lines"; reason: string; detail: string; bad: Map<number, string> }
  /** The request is larger than the server allows. */
  | { kind: "too-large"; detail: string }
  | { kind: "kept"; reason: string; retryAfterS?: number; needsPerson?: boolean };

/**
 * What servers say of lines, and never of the request: 1.x and 2.x "partial write", "unable to parse '<line>'", "field
 * type conflict", "points beyond retention policy"; 3.x "partial write of line protocol", "errors encountered on
 * line(s)", "parsing failed for write_lp". Any other 400 or 422 may come from our settings, or from a proxy that never
 * asked the database, so it condemns no line. (The quote counts: 1.x cannot parse "authentication credentials" either.)
 */
const LINES_AT_FAULT =
  /partial write|unable to parse '|field type conflict|points? beyond retention policy|errors encountered on line\(s\)|line protocol pars|parsing failed for write_lp/i;

/** Refusals of good lines: 1.x and 3.x have a most of series, tag values, tables. A person can raise it. */
const LIMIT_REACHED = /\bmax-(series|values)-per-|would exceed limit/i;

const DETAIL_MAX = 300;

/** Seconds of a Retry-After: a number of seconds, or a date (RFC 9110 §10.2.3). Undefined if it is neither. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - nowMs) / 1000));
}

interface ErrorBody {
  error?: unknown;
  message?: unknown;
  data?: unknown;
}

function parsed(body: string): ErrorBody {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === "object" && json !== null ? json : {};
  } catch {
    return {};
  }
}

/** The server's words: 1.x and 3.x say `error`, 2.x `message`. */
function words(body: string): string {
  const json = parsed(body);
  const text = typeof json.message === "string" ? json.message : typeof json.error === "string" ? json.error : body;
  return text.trim();
}

/**
 * The lines that the answer names as bad, by index, with what it says of each. 1.x and 2.x quote a line that they
 * cannot parse; 3.x numbers it, as data or in words; 1.x says `dropped=<all of them>` when every line was refused for
 * one reason.
 */
function badLines(body: string, lines: string[]): Map<number, string> {
  const bad = new Map<number, string>();
  const json = parsed(body);
  if (Array.isArray(json.data)) {
    for (const item of json.data as { line_number?: unknown; error_message?: unknown }[]) {
      const n = item?.line_number;
      if (typeof n === "number" && Number.isInteger(n) && n >= 1 && n <= lines.length)
        bad.set(n - 1, String(item.error_message ?? words(body)).slice(0, DETAIL_MAX));
    }
  }
  const text = words(body);
  const numbered = text.split(/errors encountered on line\(s\):/)[1] ?? "";
  for (const match of numbered.matchAll(/^\s*line (\d{1,9}): ([^\n]*)/gm)) {
    const n = Number(match[1]);
    if (n >= 1 && n <= lines.length) bad.set(n - 1, match[2].slice(0, DETAIL_MAX));
  }
  const dropped = /dropped=(\d+)$/.exec(text);
  if (dropped !== null && Number(dropped[1]) === lines.length)
    for (let i = 0; i < lines.length; i++) bad.set(i, text.slice(0, DETAIL_MAX));
  const quoted = new Map<string, string>();
  for (const match of text.matchAll(/unable to parse '(.*?)': ([^\n]*)/g))
    quoted.set(match[1], match[2].replace(/ dropped=\d+$/, "").slice(0, DETAIL_MAX));
  if (quoted.size > 0)
    lines.forEach((line, i) => {
      const said = quoted.get(line);
      if (said !== undefined) bad.set(i, said);
    });
  return bad;
}

/** Why lines were refused, as a stable name for counting. */
function reasonOf(text: string): string {
  if (/type conflict/i.test(text)) return "influxdb-type-conflict";
  if (/retention/i.test(text)) return "influxdb-beyond-retention";
  if (/pars(e|ing)/i.test(text)) return "influxdb-parse";
  return "influxdb-refused";
}

/** Judges the answer to a write of these lines. `nowMs` only serves a Retry-After that is a date. */
export function judge(answer: Answer, lines: string[], nowMs: number): Verdict {
  if ("error" in answer) return { kind: "kept", reason: answer.error };
  const { status, body } = answer;
  const said = words(body);
  const text = said.slice(0, DETAIL_MAX);
  const page = /html/i.test(answer.contentType) || body.trimStart().startsWith("<");
  const reason = `HTTP ${status}${text === "" ? "" : `: ${text}`}`;
  if (status === 204) return { kind: "accepted" };
  if (status === 200 || status === 201) {
    if (page) return { kind: "kept", reason: `HTTP ${status}: a web page`, needsPerson: true };
    // 201 is how 3.x says that it stored some of the lines; it describes those that it did not.
    if (status === 200 || body.trim() === "") return { kind: "accepted" };
  }
  // A proxy says this with a page; one that does so to a single line would refuse all.
  if (status === 413 && !(page && lines.length === 1)) return { kind: "too-large", detail: reason };
  if ((status === 201 || status === 400 || status === 422) && !page && !LIMIT_REACHED.test(body)) {
    const bad = badLines(body, lines);
    if (bad.size > 0 || LINES_AT_FAULT.test(said)) return { kind: "lines", reason: reasonOf(said), detail: text, bad };
  }
  const busy = status === 408 || status === 425 || status === 429 || status >= 500;
  if (busy) return { kind: "kept", reason, retryAfterS: retryAfterSeconds(answer.retryAfter, nowMs) };
  return { kind: "kept", reason, needsPerson: true };
}

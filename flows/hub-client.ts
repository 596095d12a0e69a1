/** The flows' side of the hub's API (hub/api/flows.ts): one POST, and errors with a code. */

/** What the hub, or the way to it, answered instead of what was asked for. */
export class HubError extends Error {
  /** `FENCED`, `STALE_REVISION`, `WRONG_JOURNAL`, `LEASE_LOST`, `UNAUTHORIZED`, `BAD_REQUEST`, `INTERNAL`, `UNREACHABLE`. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "HubError";
    this.code = code;
  }
}

/** Calls one part of the API: `/open`, `/next` …; throws HubError. */
export type HubCall = (path: string, body: object, withinMs?: number) => Promise<unknown>;

/** Longest wait for an answer that has nothing to wait for, in ms. */
const ANSWER_MS = 30_000;

/**
 * @param url    where the hub listens: `http://127.0.0.1:8080`
 * @param token  the flows' token
 * @param signal ends every call that is under way
 */
export function hubClient(url: string, token: string, signal: AbortSignal): HubCall {
  const base = url.replace(/\/+$/, "") + "/api/v1/flows";
  return async (path, body, withinMs = ANSWER_MS) => {
    let response: Response;
    let answer: { code?: string; message?: string };
    try {
      response = await fetch(base + path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
        redirect: "error",
      });
      answer = (await response.json()) as typeof answer;
    } catch (error) {
      const cause = (error as Error & { cause?: Error }).cause?.message ?? (error as Error).message;
      throw new HubError("UNREACHABLE", `The hub does not answer: ${cause}`);
    }
    if (!response.ok)
      throw new HubError(answer.code ?? `HTTP_${response.status}`, answer.message ?? response.statusText);
    return answer;
  };
}

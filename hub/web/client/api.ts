/** Calls to the hub that change something. */
import type { SessionView } from "../../api/views.js";

export type Answer<T> =
  { ok: true; value: T } | { ok: false; status: number; code: string; message: string; waitS?: number };

async function call<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { credentials: "same-origin", ...init });
    const body = (await response.json()) as T & { code?: string; message?: string; waitS?: number };
    if (response.ok) return { ok: true, value: body };
    return {
      ok: false,
      status: response.status,
      code: body.code ?? "",
      message: body.message ?? "",
      waitS: body.waitS,
    };
  } catch {
    return { ok: false, status: 0, code: "AWAY", message: "" };
  }
}

export function get<T>(path: string): Promise<Answer<T>> {
  return call<T>(path);
}

export function post<T>(path: string, body: object, csrf: string | null): Promise<Answer<T>> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (csrf !== null) headers["x-aryk-csrf"] = csrf;
  return call<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export function session(): Promise<Answer<SessionView>> {
  return get<SessionView>("/api/v1/session");
}

/**
 * Writes lines so that bad ones do not hold up good ones. A refusal that names its bad lines is believed, and the
 * others are written again without them (2.x stores nothing of a refused request); one that names none is cut in
 * halves until single lines are left. Writing a line twice stores it once, so no step can do harm.
 */
import type { Rejection, Written } from "../drain.js";
import { judge, type Answer } from "./answer.js";

type Send = (lines: string[]) => Promise<Answer>;

/** Resolves with what became of the lines, as {@link Written} with their indices. */
export async function writeIsolated(lines: string[], send: Send): Promise<Written> {
  if (lines.length === 0) return { done: 0, rejected: [] };
  const verdict = judge(await send(lines), lines, Date.now());
  switch (verdict.kind) {
    case "accepted":
      return { done: lines.length, rejected: [] };
    case "kept": {
      const { reason, retryAfterS, needsPerson } = verdict;
      return { done: 0, rejected: [], kept: { reason, retryAfterS, needsPerson } };
    }
    case "too-large":
      if (lines.length > 1) return inHalves(lines, send);
      return { done: 1, rejected: [{ index: 0, reason: "influxdb-too-large", detail: verdict.detail }] };
    case "lines": {
      const { bad, reason, detail } = verdict;
      if (lines.length === 1) bad.set(0, bad.get(0) ?? detail);
      return bad.size > 0 ? withoutBad(lines, bad, reason, send) : inHalves(lines, send);
    }
  }
}

async function withoutBad(lines: string[], bad: Map<number, string>, reason: string, send: Send): Promise<Written> {
  const good = lines.map((_, i) => i).filter((i) => !bad.has(i));
  const rest = await writeIsolated(
    good.map((i) => lines[i]),
    send,
  );
  const done = rest.done === good.length ? lines.length : good[rest.done];
  const rejected: Rejection[] = rest.rejected.map((r) => ({ ...r, index: good[r.index] }));
  for (const [index, detail] of bad) if (index < done) rejected.push({ index, reason, detail });
  return { done, rejected: rejected.sort((a, b) => a.index - b.index), kept: rest.kept };
}

async function inHalves(lines: string[], send: Send): Promise<Written> {
  const middle = lines.length >> 1;
  const first = await writeIsolated(lines.slice(0, middle), send);
  if (first.kept !== undefined) return first;
  const second = await writeIsolated(lines.slice(middle), send);
  const shifted = second.rejected.map((r) => ({ ...r, index: r.index + middle }));
  return { done: middle + second.done, rejected: [...first.rejected, ...shifted], kept: second.kept };
}

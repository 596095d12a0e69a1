/**
 * Writes lines so that bad ones do not hold up good ones. A refusal that names its bad lines is believed, and the
 * others are written again without them (2.x stores nothing of a refused request); one that names none is cut in
 * halves until single lines are left. Writing a line twice stores it once, so no step can do harm. When every line of
 * several would be refused one by one and the database names none of them, it is not the lines: all are kept.
 */
import type { Rejection, Written } from "../drain.js";
import { judge, type Answer } from "./answer.js";

type Send = (lines: string[]) => Promise<Answer>;

/** `blamed`: the database itself named a line that is rejected. */
interface Isolated extends Written {
  blamed: boolean;
}

/** Resolves with what became of the lines, as {@link Written} with their indices. */
export async function writeIsolated(lines: string[], send: Send): Promise<Written> {
  const { blamed, ...written } = await isolate(lines, send);
  const { done, rejected, kept } = written;
  if (blamed || lines.length < 2 || done === 0 || rejected.length < done) return written;
  const reason = `every line refused, none named: ${rejected[0].detail ?? rejected[0].reason}`;
  return { done: 0, rejected: [], kept: kept ?? { reason, needsPerson: true } };
}

async function isolate(lines: string[], send: Send): Promise<Isolated> {
  if (lines.length === 0) return { done: 0, rejected: [], blamed: false };
  const verdict = judge(await send(lines), lines, Date.now());
  switch (verdict.kind) {
    case "accepted":
      return { done: lines.length, rejected: [], blamed: false };
    case "kept": {
      const { reason, retryAfterS, needsPerson } = verdict;
      return { done: 0, rejected: [], kept: { reason, retryAfterS, needsPerson }, blamed: false };
    }
    case "too-large":
      if (lines.length > 1) return inHalves(lines, send);
      return refused("influxdb-too-large", verdict.detail);
    case "lines": {
      const { bad, reason, detail } = verdict;
      if (bad.size > 0) return withoutBad(lines, bad, reason, send);
      return lines.length > 1 ? inHalves(lines, send) : refused(reason, detail);
    }
  }
}

/** A single line, refused without being named. */
function refused(reason: string, detail: string): Isolated {
  return { done: 1, rejected: [{ index: 0, reason, detail }], blamed: false };
}

async function withoutBad(lines: string[], bad: Map<number, string>, reason: string, send: Send): Promise<Isolated> {
  const good = lines.map((_, i) => i).filter((i) => !bad.has(i));
  const rest = await isolate(
    good.map((i) => lines[i]),
    send,
  );
  const done = rest.done === good.length ? lines.length : good[rest.done];
  const rejected: Rejection[] = rest.rejected.map((r) => ({ ...r, index: good[r.index] }));
  for (const [index, detail] of bad) if (index < done) rejected.push({ index, reason, detail });
  return { done, rejected: rejected.sort((a, b) => a.index - b.index), kept: rest.kept, blamed: true };
}

async function inHalves(lines: string[], send: Send): Promise<Isolated> {
  const middle = lines.length >> 1;
  const first = await isolate(lines.slice(0, middle), send);
  if (first.kept !== undefined) return first;
  const second = await isolate(lines.slice(middle), send);
  const shifted = second.rejected.map((r) => ({ ...r, index: r.index + middle }));
  const rejected = [...first.rejected, ...shifted];
  return { done: middle + second.done, rejected, kept: second.kept, blamed: first.blamed || second.blamed };
}

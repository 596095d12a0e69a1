/** Real street floods as depth profiles: rain events of FloodNet NYC (test/fixtures/floodnet). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { projectRoot } from "../../../hub/root.js";

export interface Flood {
  depthMm: number[];
  timeS: number[];
}

/** Depth between two points of a profile: a straight line, dry outside. */
export function depthAt(flood: Flood, second: number): number {
  const { depthMm, timeS } = flood;
  const next = timeS.findIndex((t) => t >= second);
  if (next < 0 || second < timeS[0]) return 0;
  if (next === 0) return depthMm[0];
  const share = (second - timeS[next - 1]) / (timeS[next] - timeS[next - 1]);
  return depthMm[next - 1] + share * (depthMm[next] - depthMm[next - 1]);
}

/** All of them. */
export function floodNet(): Flood[] {
  const text = gunzipSync(readFileSync(join(projectRoot(), "test/fixtures/floodnet/rain-events.csv.gz"))).toString();
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line): Flood => {
      const [, , depths, times] = line.split(",");
      return { depthMm: depths.split(" ").map(Number), timeS: times.split(" ").map(Number) };
    });
}

/** The tests, in groups that do not depend on each other: each is run by a process of its own. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";
import type { Ended, Job } from "./jobs.js";

interface Group {
  /** Files by their path below `test/`: a file belongs to the first group that fits, and the last takes every file. */
  files: RegExp;
  /** How much of a processor they take while they run, if it is far from a whole one. */
  share?: number;
}

/** Which files go together. What takes long comes first, so that the short ones fill the gaps. */
const GROUPS: Group[] = [
  { files: /^hub\/bench\/bench/, share: 1 / 4 },
  { files: /^hub\/bench\/broken-off/, share: 1 / 4 },
  { files: /^hub\/bench\//, share: 1 / 4 },
  { files: /^hub\/siren\//, share: 1 / 2 },
  { files: /^flows\// },
  { files: /^hub\/web\// },
  { files: /^hub\/inputs\//, share: 1 / 2 },
  { files: /^hub\/(backup|journal|outputs|service)\// },
  { files: /^hub\/(alerts|api)\// },
  { files: /^faults\// },
  { files: /^(firmware|hardware)\// },
  { files: /^(attacks|e2e)\// },
  { files: /^hub\/(store|completeness)\// },
  { files: /^fuzz/ },
  { files: /^/ },
];

/** One job for each group, of the tests as they were built. What stands in the build without its source is left out. */
export function testJobs(): Job[] {
  const files = readdirSync(join(projectRoot(), "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .sort();
  return GROUPS.map((group) => {
    const own = files.filter((file) => GROUPS.find((one) => one.files.test(file)) === group);
    const built = own.map((file) => `build/test/${file.replace(/\.ts$/, ".js")}`);
    const rooms = [...new Set(own.map((file) => file.replace(/(\.test\.ts|\/[^/]*)$/, "")))];
    return {
      title: `tests: ${rooms.join(", ")}`,
      command: `mocha --config .mocharc.built.cjs ${built.join(" ")}`,
      share: group.share,
    };
  });
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What the closing line of a run says (test/reporter.cjs). A run that failed and does not say of what counts as one. */
export function countsOf({ ok, said }: Ended): Counts {
  const line = [...said.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  const [passed, failed, skipped] = line?.slice(1).map(Number) ?? [0, 0, 0];
  return { passed, failed: ok && line !== undefined ? failed : Math.max(failed, 1), skipped };
}

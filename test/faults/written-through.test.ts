/**
 * What a power cut takes is what the disk has not been told to keep. No test can pull the plug, but the system calls of a
 * real writer show it: before each acknowledgement its log was written through (fdatasync), after its last write.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../hub/root.js";
import { program } from "../rig/program.js";
import { needStrace } from "../rig/strace.js";

describe("an acknowledgement", () => {
  it("leaves only after the journal's log was written through to the disk", async function () {
    this.timeout(60_000);
    needStrace(this);
    const dir = mkdtempSync(join(tmpdir(), "aryk-sync-"));
    try {
      const trace = join(dir, "trace");
      const writer = program("test/hub/journal-writer");
      const node = [process.execPath, ...writer, join(dir, "journal.sqlite"), "b1"];
      const watched = ["-f", "-qq", "-y", "-e", "trace=write,pwrite64,fdatasync,fsync", "-o", trace];
      const child = spawn("strace", [...watched, ...node], {
        cwd: projectRoot(),
        stdio: ["ignore", "pipe", "ignore"],
      });
      let acks = 0;
      // Closing what it prints to ends the writer: its next acknowledgement fails.
      for await (const line of createInterface({ input: child.stdout })) if (++acks === 20 || line === "") break;
      child.stdout.destroy();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

      let written = 0;
      /** Writes to the log since the acknowledgement before. */
      let fresh = 0;
      let safe = true;
      let checked = 0;
      for (const call of readFileSync(trace, "utf8").split("\n")) {
        if (call.includes("pwrite64(") && call.includes("journal.sqlite-wal>")) {
          written++;
          fresh++;
          safe = false;
        } else if (/f(data)?sync\(/.test(call) && call.includes("journal.sqlite-wal>")) safe = true;
        // A compiler that was started beside the writer says other things.
        else if (/ write\(1<[^>]*>, "\d+\\n"/.test(call)) {
          checked++;
          assert.ok(safe, `acknowledged before it was written through: ${call}`);
          assert.ok(fresh > 0, `acknowledged before it was written at all: ${call}`);
          fresh = 0;
        }
      }
      assert.ok(checked >= 20 && written >= 20, `${checked} acknowledgements, ${written} writes to the log`);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

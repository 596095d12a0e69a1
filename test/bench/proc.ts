/** What the kernel knows of a process: its CPU time and resident memory, from /proc. */
import { readFileSync } from "node:fs";

/** Linux counts CPU time in USER_HZ, which is 100 on every architecture Node runs on (man 5 proc). */
const TICK_US = 10_000;

/** CPU time of a process, all its threads, in µs; children that run on their own are not in it. Null if it is gone. */
export function cpuUs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command's name may hold spaces and brackets: fields are counted from its last bracket.
    const field = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(field[11]) + Number(field[12])) * TICK_US;
  } catch {
    return null;
  }
}

/** Resident memory in MiB. Null if the process is gone. */
export function rssMiB(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null;
  }
}

/** CPU time of several processes together; a process that is gone is an error here, because the sum would lie. */
export function cpuOf(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    const us = cpuUs(pid);
    if (us === null) throw new Error(`process ${pid} ended during a measurement`);
    return sum + us;
  }, 0);
}

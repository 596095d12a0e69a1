/** The captured frames that lie in the sensors' folders, as bytes and as the values decoded beside them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../hub/root.js";

/** Byte strings, one per line of a hex dump (`offset: bytes  text`). */
export function capturedFrames(sensor: string, name: string): string[] {
  return lines(sensor, name + ".hexdump").map((line) => {
    const hex = /^[0-9a-f]{8}: ((?:[0-9a-f]{2} ?)+) /.exec(line);
    if (hex === null) throw new Error(`not a line of a hex dump: ${line}`);
    return bytes(hex[1]!);
  });
}

/** One object per line of the csv. */
export function capturedValues(sensor: string, name: string): Record<string, number>[] {
  const [head, ...rows] = lines(sensor, name + ".csv").map((line) => line.split(",").map((cell) => cell.trim()));
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, Number(cell)])));
}

function lines(sensor: string, file: string): string[] {
  const path = join(projectRoot(), "firmware/sensors", sensor, "testdata", file);
  return readFileSync(path, "latin1")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** A byte string from hexadecimal digits in pairs. */
export function bytes(hex: string): string {
  return Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");
}

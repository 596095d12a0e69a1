/**
 * A process that fills a journal until it is killed. It prints the number of a pack once its commit is acknowledged, and
 * begins where the journal says that it ended. Arguments: file, board.
 */
import { writeSync } from "node:fs";
import { Journal } from "../../hub/journal.js";
import { packEntry } from "./journal-entries.js";

const [file, board] = process.argv.slice(2);
const journal = Journal.open(file, { gatherMs: 2 });
const known = journal.ranges(board)[0]?.counts.received ?? 0;

for (let seq = known + 1; ; seq += 5) {
  const five = [0, 1, 2, 3, 4].map((step) => journal.append(packEntry(board, seq + step)));
  await Promise.all(five);
  // One write call for each acknowledgement: what is printed was acknowledged before the kill.
  writeSync(1, `${seq + 4}\n`);
}

/**
 * A process that takes readings and carries its journal to an InfluxDB until it is killed. It prints how far the newest
 * entries are written, and how far the backlog. Arguments: folder of the journal, address and name of the database.
 */
import { writeSync } from "node:fs";
import { startInfluxDb } from "../../../hub/outputs/influxdb.js";
import { LANES, openJournal, packEntry, PLACES } from "./entries.js";

const [dir, url, database] = process.argv.slice(2);
const journal = openJournal(dir);
const drain = startInfluxDb({ journal, target: { api: "v1", url, database }, places: PLACES, ...LANES });
// The head moves with a commit, which may take longer than until the next five: a number must not come twice.
let last = journal.head().id;
setInterval(() => {
  for (let i = 0; i < 5; i++) void journal.append(packEntry(++last));
}, 10);
setInterval(() => {
  const { lag, liveLag, settled } = drain.stats();
  writeSync(1, `${JSON.stringify({ lag, liveLag, settled })}\n`);
}, 2);

/** Everything the hub keeps in its data folder. */
import { PEOPLE } from "../api/auth.js";
import { REGISTER } from "../alerts/register-schema.js";
import { COMPLETENESS } from "../completeness/schema.js";
import { JOURNAL } from "../journal/schema.js";
import { HISTORY } from "../outputs/history/store.js";
import { REGISTRY } from "../registry/file.js";
import type { StoreKind } from "../store/file.js";

/**
 * The hub's SQLite files, in the order of a backup. The loss ledger's sums come before the journal, because an entry must
 * not be added twice: they read on from where they were. Whoever else follows the journal is copied after it: it then has
 * read up to the journal's end or beyond, so that nothing is judged, or told, a second time. The registry comes after it,
 * too: every site that an entry names is known.
 */
export const STORES: StoreKind[] = [COMPLETENESS, JOURNAL, REGISTER, HISTORY, REGISTRY, PEOPLE];
/** What else is kept, besides images (images.ts): secrets the hub made for itself, and the flows with their credentials. */
export const SECRETS_FILE = "secrets.json";
export const FLOWS_DIR = "flows";
/** Stands in the data folder while a restore moves files; a hub does not start beside it. */
export const UNFINISHED_FILE = "restore-unfinished";

/**
 * The rows of the registry: what may be said about sites, boards, keys, assignments, calibrations, and what is asked of
 * boards and said by them. Rows are only ever added; each is dated and says who added it. A later row about the same
 * thing stands over an earlier one.
 */
import { z } from "zod";
import { isBoardName, UPLINK_MAX } from "../../firmware/wire/line.js";
import { EVERY_SETTING } from "../../firmware/wire/order.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { SITE_TYPES, siteType } from "../../hardware/sites.js";
import { settingNames } from "../alerts/index.js";
import { validateParams } from "../calibration/index.js";
import { SetupError } from "../errors.js";
import { fieldPath } from "../config/field-path.js";
import type { UnixMs } from "../model.js";
import { benchRow } from "./bench.js";
import type { RegistryState } from "./state.js";
import { rolloutRows } from "./rollouts.js";
import { settingText } from "./settings.js";
import { suggestion } from "../config/suggestion.js";

const siteId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, "must be 1–48 lower-case letters, digits and hyphens");
const board = z.string().refine(isBoardName, "must be 1–32 lower-case letters, digits and hyphens");
const keyId = z.string().regex(/^k[1-9][0-9]{0,6}$/, "must be k1, k2, …");
const text = (most: number) => z.string().max(most);
const name = z.string().trim().min(1, "must not be empty").max(200);
/** To the end of the year 9999: the export writes ISO 8601, whose years have four digits, and is taken in again. */
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");
const time = z.number().int().min(0).max(LAST_TIME, "must be milliseconds since 1970, before the year 10000");
const hubProperties = PROPERTIES.filter((p) => p.from === "hub").map((p) => p.name);

const site = z.strictObject({
  kind: z.literal("site"),
  id: siteId,
  type: z.enum(SITE_TYPES.map((t) => t.name)),
  names: z.strictObject({ kk: name, ru: name, en: name }),
  district: text(100),
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  settings: z.record(z.string().max(60), z.number()),
});
const boardRow = z.strictObject({ kind: z.literal("board"), board });
const key = z.strictObject({
  kind: z.literal("key"),
  board,
  id: keyId,
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be 32 bytes in base64url (43 characters)"),
  /** Asked of the board over the wire: derived from this key, with this nonce (firmware/wire/key.ts). */
  rotates: z.strictObject({ from: keyId, nonce: z.string().regex(/^[0-9a-f]{16}$/) }).optional(),
});
/** The board has said hello with this key: what goes to it is sealed with it from then on. */
const taken = z.strictObject({ kind: z.literal("taken"), board, id: keyId });
const revoke = z.strictObject({ kind: z.literal("revoke"), board, id: keyId });
const assign = z.strictObject({ kind: z.literal("assign"), board, site: siteId.nullable(), from: time });
/** A volume table is two levels deep; what is made to be deep would exhaust the stack of whoever walks through it. */
const DEEPEST = 16;

/** Walks level by level, because a walk that calls itself would be what it guards against. */
function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return true;
}

/** Parameters of a calibration; which of them there are is the model's. */
export const params = z
  .record(z.string(), z.unknown())
  .refine(isShallow, `must not be nested deeper than ${DEEPEST} levels`);
const calibration = z.strictObject({
  kind: z.literal("calibration"),
  site: siteId,
  property: z.enum(hubProperties),
  model: text(60),
  params,
  from: time,
  note: text(1000),
});

const revision = z.number().int().min(0).max(999_999);
const nonce = z.string().regex(/^[0-9a-f]{8}$/);
/** The n-th change of a setting that is asked of this board; null is the image's own value again. */
const desired = z.strictObject({
  kind: z.literal("desired"),
  board,
  rev: revision.min(1),
  name: z.string().regex(/^(\*|[a-z][A-Za-z0-9]{0,15})$/, "must be the name of a setting"),
  value: z
    .number()
    .refine((value) => settingText(value) !== undefined, "must be a plain number of at most 8 characters")
    .nullable(),
});
/** What a board said of itself in its last hello, where that differs from the one before. */
const reported = z.strictObject({
  kind: z.literal("reported"),
  board,
  image: text(64),
  version: text(64),
  set: z.number().int().min(0).optional(),
  refused: text(200).optional(),
  period: z.number().int().min(1).optional(),
  slot: z.number().int().min(0).optional(),
  runs: text(200).optional(),
  back: text(200).optional(),
  fence: text(200).optional(),
  wear: z.number().int().min(0).optional(),
  signalDbm: z.number().int().optional(),
});
/** Something that is asked of a board once; its answer bears the same nonce. */
const ask = z.strictObject({ kind: z.literal("ask"), board, verb: z.enum(["test", "reboot"]), nonce });
const answer = z.strictObject({
  kind: z.literal("answer"),
  board,
  nonce,
  report: z
    .record(z.string(), z.unknown())
    .refine((report) => JSON.stringify(report).length <= UPLINK_MAX, "must be no longer than a line"),
});

/** The board's radio module, by its own identity (LoRaWAN DevEUI): what it sends is the board's. Null: it has none. */
const radio = z.strictObject({
  kind: z.literal("radio"),
  board,
  devEui: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "must be 16 hexadecimal digits in lower case")
    .nullable(),
});

const row = z.discriminatedUnion("kind", [
  site,
  boardRow,
  key,
  taken,
  revoke,
  assign,
  calibration,
  desired,
  reported,
  ask,
  answer,
  radio,
  benchRow(board, time),
  ...rolloutRows(board),
]);

export type RowBody = z.infer<typeof row>;
export type RowOf<Kind extends RowBody["kind"]> = Extract<RowBody, { kind: Kind }>;
/** A row as it is stored: the n-th of the registry, when it was added and by whom. */
export type Row = RowBody & { number: number; at: UnixMs; by: string };

export interface Problem {
  field: string;
  message: string;
}

function shape(body: unknown): Problem[] {
  const result = row.safeParse(body);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({ field: fieldPath(issue.path), message: issue.message }));
}

function against(body: RowBody, state: RegistryState): Problem[] {
  const bad = (field: string, message: string): Problem[] => [{ field, message }];
  if ("board" in body && body.kind !== "board" && !state.knows(body.board))
    return bad("board", `no board ${body.board} in the registry`);
  switch (body.kind) {
    case "site": {
      const before = state.site(body.id);
      return before !== undefined && before.type !== body.type
        ? bad("type", `site ${body.id} is of type ${before.type}: a place of another type needs an id of its own`)
        : settingProblems(body);
    }
    case "board":
      return state.knows(body.board) ? bad("board", `board ${body.board} is in the registry already`) : [];
    case "key":
      return state.hasKeyId(body.board, body.id) ? bad("id", `key ${body.id} of ${body.board} was given already`) : [];
    case "taken":
    case "revoke":
      return state.keyOf(body.board, body.id) === undefined
        ? bad("id", `board ${body.board} has no key ${body.id} in force`)
        : [];
    case "assign":
      return body.site !== null && state.site(body.site) === undefined ? bad("site", `no site ${body.site}`) : [];
    case "calibration":
      return calibrationProblems(body, state);
    case "desired":
      if (body.rev <= state.desired(body.board).rev) return bad("rev", "must grow with every change");
      return body.name === EVERY_SETTING && body.value !== null ? bad("value", "all settings have no value") : [];
    case "answer":
      return state.askOf(body.board, body.nonce) === undefined ? bad("nonce", "nothing was asked with it") : [];
    case "radio": {
      const other = body.devEui === null ? undefined : state.boardOfRadio(body.devEui);
      return other !== undefined && other !== body.board ? bad("devEui", `is that of ${other}`) : [];
    }
    case "reported":
    case "ask":
    case "bench":
    case "rollout":
      return [];
    case "offer":
    case "outcome":
      return state.rollouts.of(body.rollout) === undefined ? bad("rollout", `no rollout ${body.rollout}`) : [];
  }
}

/** A misspelt threshold would be ignored without a word, and the site watched by another than was meant. */
function settingProblems({ type, settings }: RowOf<"site">): Problem[] {
  const { rules = [], streams } = siteType(type) ?? {};
  const known = [...settingNames(rules), ...(streams === true ? ["stream"] : [])];
  const problems = Object.keys(settings)
    .filter((name) => !known.includes(name))
    .map((name) => ({ field: `settings.${name}`, message: `unknown setting; ${suggestion(name, known)}` }));
  if (streams === true && ![undefined, 1, 2].includes(settings.stream))
    problems.push({ field: "settings.stream", message: "must be 1 (dry) or 2 (wet)" });
  return problems;
}

function calibrationProblems(body: RowOf<"calibration">, state: RegistryState): Problem[] {
  const place = state.site(body.site);
  if (place === undefined) return [{ field: "site", message: `no site ${body.site}` }];
  const derived = siteType(place.type)?.derived ?? [];
  if (!derived.includes(body.property))
    return [
      { field: "property", message: `for sites of type ${place.type} there is: ${derived.join(", ") || "nothing"}` },
    ];
  try {
    validateParams(body.model, body.params, body.property);
    return [];
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const field = error.code === "CALIBRATION_MODEL" ? "model" : "params";
    return [{ field, message: `${error.message} (${error.remedy})` }];
  }
}

/** What is wrong with a row that is to be added; empty if nothing is. */
export function problemsOf(body: RowBody, state: RegistryState): Problem[] {
  const problems = shape(body);
  return problems.length > 0 ? problems : against(body, state);
}

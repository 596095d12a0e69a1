/** What the flows may send, and nothing else. The types are those of hub/alerts/protocol.ts, checked at the door. */
import { z } from "zod";
import type { CommitRequest, Receipt } from "../alerts/protocol.js";
import type { SiteId } from "../model.js";

const siteId = z
  .string()
  .min(1)
  .transform((id) => id as SiteId);
const level = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const kind = z.enum(["flood", "overflow", "suspect", "unknown", "silent", "sensor", "tilt", "level", "level-rate"]);
const time = z.number().finite();
const cursor = z.strictObject({ epoch: z.string().min(1), id: z.int().min(0) });
const fence = z.int().min(0);

const event = z.strictObject({
  kind,
  action: z.enum(["raise", "clear"]),
  level,
  reason: z.string().min(1).max(100),
  figures: z.record(z.string(), z.number().finite()),
  time,
  entry: z.int().min(0).nullable(),
});

const evaluation = z.strictObject({
  site: siteId,
  rule: z.string().min(1).max(50),
  expectedRevision: z.int().min(0),
  // Only the rule looks into its state; it must be there, or the next run would start from nothing.
  state: z.record(z.string(), z.unknown()),
  events: z.array(event),
});

const notice = z.strictObject({
  site: siteId,
  kind,
  channel: z.string().min(1).max(50),
  to: z.string().max(200),
  language: z.enum(["kk", "ru", "en"]),
  minLevel: level,
  afterMs: z.int().min(0).optional(),
  unlessAcked: z.boolean().optional(),
});

export const openBody = z.strictObject({});
export const nextBody = z.strictObject({ fence, after: cursor, waitMs: z.int().min(0).max(60_000) });
export const commitBody: z.ZodType<CommitRequest> = z.strictObject({
  fence,
  cursor,
  now: time,
  evaluations: z.array(evaluation),
  notices: z.array(notice),
});
export const claimBody = z.strictObject({
  channel: z.string().min(1).max(50),
  limit: z.int().min(1).max(100).default(10),
  leaseMs: z.int().min(1000).max(600_000).default(60_000),
});
const lease = z.string().min(1);
const receipt: z.ZodType<Receipt> = z.strictObject({
  state: z.enum(["sent", "delivered", "read"]),
  providerId: z.string().max(200).optional(),
});
export const doneBody = z.strictObject({ id: z.int(), lease, receipt });
export const failedBody = z.strictObject({
  id: z.int(),
  lease,
  error: z.string().max(1000),
  /** No use in trying again. */
  final: z.boolean().optional(),
  retryAfterMs: z.int().min(0).optional(),
});

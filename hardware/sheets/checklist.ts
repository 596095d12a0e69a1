/** What is checked before the technician leaves. */
import type { Check, Mount } from "../mounts/mount.js";
import type { Text } from "../text.js";
import { heading, paragraph, table, type Piece } from "./doc.js";
import type { Post } from "./of-build.js";
import { onlyFor, used } from "./only.js";
import { WORDS } from "./words.js";

type Language = keyof Text;

function limitText(limit: Check["limit"]): string {
  if (limit === undefined) return "✓";
  const { min, max, unit } = limit;
  const range =
    min === undefined ? `≤ ${max}` : max === undefined ? `≥ ${min}` : min === max ? `${min}` : `${min} … ${max}`;
  return `${range} ${unit}`.trim();
}

/** The checks of all builds, in order; what holds for one kind of build says so. */
export function checklistOf(posts: Post[], mount: Mount, language: Language): Piece[] {
  const head = [WORDS.number, WORDS.check, WORDS.limit, WORDS.found].map((word) => word[language]);
  const rows = used(mount.checks, posts).map((one, i) => [
    String(i + 1),
    onlyFor(one, posts) + one.text[language],
    limitText(one.limit),
    "☐",
  ]);
  const byRadio = posts.some(({ build }) => build.uplink === "lora");
  const readAt = [WORDS.readAt, ...(byRadio ? [WORDS.readByRadio] : [])];
  return [
    heading(2, WORDS.checklist[language]),
    paragraph(readAt.map((word) => word[language]).join(" ")),
    table(head, rows),
  ];
}

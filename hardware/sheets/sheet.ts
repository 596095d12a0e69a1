/** The sheet of a type of post in one language: what a technician takes along. */
import { sensorKind } from "../../firmware/sensors/list.js";
import { backAfterBench, offOnBench } from "../bench/wiring.js";
import type { Check, Mount, Step } from "../mounts/mount.js";
import { UNCHECKED, type Text } from "../text.js";
import { buildSection } from "./build-section.js";
import { heading, paragraph, table, type Piece } from "./doc.js";
import type { Post } from "./of-build.js";
import { partsList } from "./parts-list.js";
import { placeExtras } from "./place-extras.js";
import { WORDS } from "./words.js";

type Language = keyof Text;

/** Sensors of a post, each kind once. */
const kindsOf = ({ fitted }: Post): Post["fitted"] =>
  fitted.filter((one, i) => fitted.findIndex(({ on }) => on.sensor === one.on.sensor) === i);

function overview(post: Post, mount: Mount, language: Language): Piece[] {
  const { type, fitted } = post;
  const sensors = fitted.map(
    ({ on, facts }) => `${facts.part} (${on.port}${on.suffix === undefined ? "" : `, ${on.suffix}`})`,
  );
  const sent = kindsOf(post).flatMap(({ on, options }) => {
    const sensor = sensorKind(on.sensor)?.make(options);
    const spread = sensor?.spread?.as;
    const names = [...(sensor?.properties ?? []), ...(spread === undefined ? [] : [spread])].map(({ name }) => name);
    return fitted
      .filter((other) => other.on.sensor === on.sensor)
      .flatMap((other) => names.map((name) => name + (other.on.suffix ?? "")));
  });
  const rows: [Text, string][] = [
    [WORDS.inTheCity, mount.inTheCity[language]],
    [WORDS.measures, sensors.join(", ")],
    [WORDS.sends, sent.join(", ")],
    [WORDS.derived, type.derived.join(", ")],
    [WORDS.watched, type.rules.join(", ")],
    [
      WORDS.cadence,
      [
        ...Object.entries(type.sampling).map(([name, value]) => `${name} ${value}`),
        ...(type.builds.some(({ uplink }) => uplink === "lora") ? [WORDS.byRadio[language]] : []),
      ].join(", "),
    ],
    [WORDS.tools, WORDS.toolList[language]],
  ];
  return [
    table(
      [type.name, mount.label[language]],
      rows.map(([word, text]) => [word[language], text]),
    ),
  ];
}

function placeSection(mount: Mount, language: Language): Piece[] {
  const [from, to] = mount.heightMm;
  const rows = [
    [WORDS.height, `${from}–${to} mm`],
    [WORDS.over, mount.above[language]],
    [WORDS.tilt, `${mount.tiltMaxDeg}°`],
    ...(mount.deadZoneMm === 0 ? [] : [[WORDS.deadZone, `${mount.deadZoneMm} mm`] as const]),
    [WORDS.offset, mount.offset[language]],
    [WORDS.shielding, mount.shielding[language]],
  ] as const;
  return [
    heading(2, WORDS.place[language]),
    table(
      [WORDS.place[language], ""],
      rows.map(([word, text]) => [word[language], text]),
    ),
  ];
}

type Supply = Post["build"]["supply"];

/** "[mains] ", where that does not hold for every build. */
const onlyFor = (supplies: Supply[], posts: Post[]): string =>
  posts.every(({ build }) => supplies.includes(build.supply)) ? "" : `[${supplies.join(", ")}] `;

/** What holds for one of the builds at least. */
const used = <T extends { supplies?: Supply[] }>(all: T[], posts: Post[]): T[] =>
  all.filter(({ supplies }) => supplies === undefined || posts.some(({ build }) => supplies.includes(build.supply)));

/** What stands behind the step, for every build that has something; builds with the same share it. */
function benchTexts({ text, bench }: Step, posts: Post[], language: Language): string[] {
  const suppliesOf = new Map<string, Supply[]>();
  for (const { type, build } of posts) {
    const list = (bench === "off" ? offOnBench : backAfterBench)(type, build);
    if (list.length === 0) continue;
    const listed = list.map((one) => one[language]).join("; ");
    suppliesOf.set(listed, [...new Set([...(suppliesOf.get(listed) ?? []), build.supply])]);
  }
  return [...suppliesOf].map(([listed, supplies]) => `${onlyFor(supplies, posts)}${text[language]}: ${listed}.`);
}

/** The steps of all builds, in order; what holds for one kind of supply says so. */
function stepsOf(posts: Post[], mount: Mount, language: Language): Piece {
  const items = used(mount.steps, posts).flatMap((step) => {
    const { text, why, supplies, bench } = step;
    const only = supplies === undefined ? "" : onlyFor(supplies, posts);
    const texts = bench === undefined ? [only + text[language]] : benchTexts(step, posts, language);
    return texts.map((one) => ({ text: one, why: why?.[language] }));
  });
  return { kind: "steps", items };
}

function settingsSection({ type }: Post, mount: Mount, language: Language): Piece[] {
  const head = [WORDS.name, WORDS.unit, WORDS.meaning, WORDS.value].map((word) => word[language]);
  const rows = mount.settings.map(({ name, property, unit, text }) => [
    property === undefined ? name : `${property}: ${name}`,
    unit,
    text[language],
    "",
  ]);
  const sampling = Object.entries(type.sampling).map(([name, value]) => `${name}=${value}`);
  return [
    heading(2, WORDS.settings[language]),
    table(head, rows),
    paragraph(`${WORDS.adjustable[language]} (${sampling.join(", ")}).`),
  ];
}

function limitText(limit: Check["limit"]): string {
  if (limit === undefined) return "✓";
  const { min, max, unit } = limit;
  const range =
    min === undefined ? `≤ ${max}` : max === undefined ? `≥ ${min}` : min === max ? `${min}` : `${min} … ${max}`;
  return `${range} ${unit}`.trim();
}

function checklist(posts: Post[], mount: Mount, language: Language): Piece[] {
  const head = [WORDS.number, WORDS.check, WORDS.limit, WORDS.found].map((word) => word[language]);
  const rows = used(mount.checks, posts).map(({ text, limit, supplies }, i) => [
    String(i + 1),
    (supplies === undefined ? "" : onlyFor(supplies, posts)) + text[language],
    limitText(limit),
    "☐",
  ]);
  return [
    heading(2, WORDS.checklist[language]),
    paragraph(WORDS.readAt[language]),
    table(head, rows),
    paragraph(WORDS.signed[language]),
  ];
}

function failureCard(post: Post, mount: Mount, language: Language): Piece[] {
  const head = [WORDS.symptom, WORDS.cause, WORDS.carry].map((word) => word[language]);
  const rows = mount.failures.map((one) => [one.looksLike[language], one.cause[language], one.carry[language]]);
  const named = kindsOf(post).flatMap(({ on, facts }) =>
    facts.faults.map(({ fault, looksLike, cause, carry }) => [`${on.sensor}: ${fault}`, looksLike, cause, carry]),
  );
  return [
    heading(2, WORDS.failureCard[language]),
    table(head, rows),
    heading(3, WORDS.byName[language]),
    table([WORDS.name[language], ...head], named),
  ];
}

function lifeSection(post: Post, language: Language): Piece[] {
  const rows = kindsOf(post).map(({ facts }) => {
    const { years, runHours, note } = facts.life;
    const life = [
      ...(years === undefined
        ? []
        : [`${years.value} ${WORDS.years[language]}${years.kind === "assumed" ? " ~" : ""}`]),
      ...(runHours === undefined
        ? []
        : [`${runHours.value} ${WORDS.hours[language]}${runHours.kind === "assumed" ? " ~" : ""}`]),
    ];
    const [cold, hot] = facts.temperatureC;
    return [facts.part, life.join(", "), `${cold} … ${hot} °C`, note];
  });
  const head = [WORDS.part, WORDS.life, WORDS.temperature, WORDS.note].map((word) => word[language]);
  return [heading(2, WORDS.life[language]), table(head, rows)];
}

function titleOf({ type }: Post, mount: Mount, language: Language): string {
  const label = mount.label[language];
  return label === type.name ? label : `${label} (${type.name})`;
}

/** Everything about a type of post, in one language; `posts` are its builds, the usual one first. */
export function sheetOf(posts: Post[], mount: Mount, language: Language): Piece[] {
  const [usual] = posts;
  return [
    heading(1, titleOf(usual, mount, language)),
    { kind: "comment", text: WORDS.generated[language] },
    ...(UNCHECKED.includes(language) ? [paragraph(WORDS.unchecked[language])] : []),
    ...overview(usual, mount, language),
    ...placeSection(mount, language),
    ...placeExtras(posts, mount, language),
    heading(2, WORDS.steps[language]),
    stepsOf(posts, mount, language),
    ...settingsSection(usual, mount, language),
    ...checklist(posts, mount, language),
    ...failureCard(usual, mount, language),
    ...lifeSection(usual, language),
    ...posts.flatMap((post) => buildSection(post, partsList(post, mount), language)),
  ];
}

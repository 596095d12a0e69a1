/** The sheet of a type of post in one language: what a technician takes along. */
import { sensorKind } from "../../firmware/sensors/list.js";
import { backAfterBench, offOnBench } from "../bench/wiring.js";
import type { Mount, Step } from "../mounts/mount.js";
import type { SensorOnPort } from "../sites.js";
import { UNCHECKED, type Text } from "../text.js";
import { said } from "../words/said.js";
import { buildSection } from "./build-section.js";
import { heading, paragraph, table, type Piece } from "./doc.js";
import type { Post } from "./of-build.js";
import { checklistOf } from "./checklist.js";
import { handoverOf } from "./handover.js";
import { onlyFor, used } from "./only.js";
import { partsList } from "./parts-list.js";
import { placeExtras } from "./place-extras.js";
import { toolsOf } from "./tools.js";
import { WORDS } from "./words.js";

type Language = keyof Text;

type Supply = Post["build"]["supply"];

/** The sensors of all builds, each once. */
function fittedIn(posts: Post[]): Post["fitted"] {
  const all = posts.flatMap(({ fitted }) => fitted);
  const same = (a: SensorOnPort, b: SensorOnPort): boolean => a.sensor === b.sensor && a.suffix === b.suffix;
  return all.filter((one, i) => all.findIndex(({ on }) => same(on, one.on)) === i);
}

/** What stands before a sensor that not every build has. */
function whereIs({ sensor }: SensorOnPort, posts: Post[]): string {
  const having = posts.filter(({ fitted }) => fitted.some(({ on }) => on.sensor === sensor));
  return onlyFor({ supplies: [...new Set(having.map(({ build }) => build.supply))] }, posts);
}

/** Sensors of the builds, each kind once. */
function kindsOf(posts: Post[]): Post["fitted"] {
  const fitted = fittedIn(posts);
  return fitted.filter((one, i) => fitted.findIndex(({ on }) => on.sensor === one.on.sensor) === i);
}

function overview(posts: Post[], mount: Mount, language: Language): Piece[] {
  const [{ type }] = posts;
  const fitted = fittedIn(posts);
  const sensors = fitted.map(({ on, facts }) => {
    const suffix = on.suffix === undefined ? "" : `, ${on.suffix}`;
    return `${whereIs(on, posts)}${facts.part} (${on.port}${suffix})`;
  });
  const sent = kindsOf(posts).flatMap(({ on, options }) => {
    const sensor = sensorKind(on.sensor)?.make(options);
    const spread = sensor?.spread?.as;
    const names = [...(sensor?.properties ?? []), ...(spread === undefined ? [] : [spread])].map(({ name }) => name);
    return fitted
      .filter((other) => other.on.sensor === on.sensor)
      .flatMap((other) => names.map((name) => whereIs(on, posts) + name + (other.on.suffix ?? "")));
  });
  const rows: [Text, string][] = [
    [WORDS.inTheCity, mount.inTheCity[language]],
    [WORDS.measures, sensors.join(", ")],
    [WORDS.sends, sent.join(", ")],
    [WORDS.derived, type.derived.join(", ")],
    [WORDS.watched, type.rules.map((rule) => (rule === "flood" ? WORDS.floodTellsBlind[language] : rule)).join(", ")],
    [
      WORDS.cadence,
      [
        ...Object.entries(type.sampling).map(([name, value]) => `${name} ${value}`),
        ...(type.builds.some(({ uplink }) => uplink === "lora") ? [WORDS.byRadio[language]] : []),
      ].join(", "),
    ],
    [
      WORDS.tools,
      toolsOf(
        posts,
        posts.flatMap((one) => partsList(one, mount).map(({ part }) => part)),
        language,
      ),
    ],
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

/** What stands behind the step, for every build that has something; builds with the same share it. */
function benchTexts({ text, bench }: Step, posts: Post[], language: Language): string[] {
  const suppliesOf = new Map<string, Supply[]>();
  for (const { type, build } of posts) {
    const list = (bench === "off" ? offOnBench : backAfterBench)(type, build);
    if (list.length === 0) continue;
    const listed = list.map((one) => one[language]).join("; ");
    suppliesOf.set(listed, [...new Set([...(suppliesOf.get(listed) ?? []), build.supply])]);
  }
  return [...suppliesOf].map(([listed, supplies]) => `${onlyFor({ supplies }, posts)}${text[language]}: ${listed}.`);
}

/** The steps of all builds, in order; what holds for one kind of supply says so. */
function stepsOf(posts: Post[], mount: Mount, language: Language): Piece {
  const items = used(mount.steps, posts).flatMap((step) => {
    const { text, why, bench } = step;
    const texts = bench === undefined ? [onlyFor(step, posts) + text[language]] : benchTexts(step, posts, language);
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

function failureCard(posts: Post[], mount: Mount, language: Language): Piece[] {
  const head = [WORDS.symptom, WORDS.cause, WORDS.carry].map((word) => word[language]);
  const rows = used(mount.failures, posts).map((one) => [
    onlyFor(one, posts) + one.looksLike[language],
    one.cause[language],
    one.carry[language],
  ]);
  const named = kindsOf(posts).flatMap(({ on, facts }) =>
    facts.faults.map(({ fault, looksLike, cause, carry }) => [
      `${whereIs(on, posts)}${on.sensor}: ${fault}`,
      ...[looksLike, cause, carry].map((one) => said(one, language)),
    ]),
  );
  return [
    heading(2, WORDS.failureCard[language]),
    table(head, rows),
    heading(3, WORDS.byName[language]),
    table([WORDS.name[language], ...head], named),
  ];
}

function lifeSection(posts: Post[], language: Language): Piece[] {
  const rows = kindsOf(posts).map(({ on, facts }) => {
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
    return [whereIs(on, posts) + facts.part, life.join(", "), `${cold} … ${hot} °C`, said(note, language)];
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
    ...overview(posts, mount, language),
    ...placeSection(mount, language),
    ...placeExtras(posts, mount, language),
    heading(2, WORDS.steps[language]),
    stepsOf(posts, mount, language),
    ...settingsSection(usual, mount, language),
    ...checklistOf(posts, mount, language),
    ...handoverOf(posts, language),
    ...failureCard(posts, mount, language),
    ...lifeSection(posts, language),
    ...posts.flatMap((post) => buildSection(post, partsList(post, mount), language)),
  ];
}

/** What a sheet says of a post's place beyond heights: its sensing heads, and the parts that are not made for the frost. */
import { exceptionFor, tooCold } from "../cold.js";
import { text } from "../mounts/common.js";
import type { Head, Mount } from "../mounts/mount.js";
import type { Text } from "../text.js";
import { inHead } from "./heater-blocks.js";
import { heading, paragraph, table, type Piece } from "./doc.js";
import type { Post } from "./of-build.js";

const HEADS = text("Sensing heads", "Головки с датчиками", "Датчик бастиектері");
const HEAD = text("head", "головка", "бастиек");
const HOLDS = text("in it", "что в ней", "ішінде");
const WHERE = text("where", "где", "қайда");
const COLD = text("Colder than made for", "Холоднее, чем рассчитано", "Есептелгеннен суық");
const COLD_WHY = text(
  "Where it stands the post can be colder than the makers of these parts promise. What that means:",
  "На своём месте пост бывает холоднее, чем обещают изготовители этих деталей. Что это значит:",
  "Бекет орнында осы бөлшектердің өндірушілері уәде еткеннен суық болуы мүмкін. Бұл нені білдіреді:",
);
const PART = text("part", "деталь", "бөлшек");
const BEARS = text("made for", "рассчитана на", "есептелген");
const HERE = text("here down to", "здесь до", "мұнда");
const MEANS = text("what then", "что тогда", "сонда не болады");

/** What stands in a head: its sensors, and its heater with what is in its wire. */
function heldBy({ circuit }: Post, { name }: Head): string {
  const own = circuit.blocks.filter(({ lines }) => lines.includes(inHead(name)));
  const marks = own.flatMap(({ kind, terminals }) =>
    kind === "supply" ? terminals.flatMap(({ inline }) => inline?.mark ?? []) : [],
  );
  return [...own.map(({ title, name: block }) => `${title} (${block})`), ...marks].join(", ");
}

function headsOf(posts: Post[], { heads = [] }: Mount, language: keyof Text): Piece[] {
  if (heads.length === 0) return [];
  const rows = heads.map((head) => [
    `${head.label[language]} (${head.name})`,
    heldBy(posts[0], head),
    head.at[language],
  ]);
  return [
    heading(3, HEADS[language]),
    table(
      [HEAD, HOLDS, WHERE].map((word) => word[language]),
      rows,
    ),
  ];
}

function coldOf(posts: Post[], language: keyof Text): Piece[] {
  const rows = posts.flatMap((post) =>
    tooCold(post).map(({ part, label, bearsC, coldestC }) => [
      label[language],
      `${bearsC} °C`,
      `${coldestC} °C`,
      exceptionFor(post.type, part)?.means[language] ?? "",
    ]),
  );
  const once = rows.filter((row, i) => rows.findIndex((one) => one.join() === row.join()) === i);
  if (once.length === 0) return [];
  const head = [PART, BEARS, HERE, MEANS].map((word) => word[language]);
  return [heading(3, COLD[language]), paragraph(COLD_WHY[language]), table(head, once)];
}

/** What stands below the table of the place. */
export function placeExtras(posts: Post[], mount: Mount, language: keyof Text): Piece[] {
  return [...headsOf(posts, mount, language), ...coldOf(posts, language)];
}

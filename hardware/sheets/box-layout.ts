/**
 * Where everything stands in the box of a post on mains: what is on the rail, the partition, the board for modules, and
 * which cable comes in by which gland. Lengths in mm of the box; the drawing is half as large.
 */
import { mountOf } from "../mounts/index.js";
import type { Mount } from "../mounts/mount.js";
import { text } from "../mounts/common.js";
import type { Text } from "../text.js";
import type { Post } from "./of-build.js";
import type { Line } from "./parts-list.js";
import { line, rect, svg, textAt, WIDTH_MM, wrapped } from "./svg.js";
import { LANGUAGES } from "./words.js";

/** Inside, and the rail in it, as the order of box-large asks. */
export const BOX = { width: 340, height: 230, rail: 320 };
const RAIL_Y = 75;
const DEVICE_H = 90;
const PARTITION = 3;
const NARROW = 15;
/** Between the middles of two glands, as the steps say; and from the partition or a wall to the first. */
const PITCH = 30;
const FIRST = 18;

/**
 * Width on the rail. Modules of the installer are 18 mm; terminals as wide as their wires ask, with 8 mm for each end
 * stop; the carrier is the widest of those that are sold for the DevKitC.
 */
const MAINS_SIDE: [part: string, mm: number][] = [
  ["terminals-mains", 44],
  ["surge-mains", 36],
  ["breaker-6a", 36],
  ["mains-5v", 18],
  ["mains-24v", 18],
  ["thermostat", 33],
];
const LOW_SIDE: [part: string, mm: number][] = [
  ["fuse-1a", 8],
  ["terminals-low", 58],
  ["surge-line", 18],
  ["surge arrester for 24 V loops", 18],
  ["carrier-esp32", 80],
];

export interface Placed {
  /** Its line in the parts list. */
  part: string;
  x: number;
  width: number;
}

/** A hole of the lower wall: what comes in by it, and how wide its gland is. */
export interface Hole {
  what: Text;
  gland: "gland-m12" | "gland-m16" | "vent";
  x: number;
}

export interface BoxLayout {
  rail: Placed[];
  partition: number;
  holes: Hole[];
}

/** What stands in the box but not on its rail; the supercapacitors are tied to the board for modules. */
const OFF_RAIL = new Set(["carrier-modules", "bridge-cell", "heater"]);

/** Below the rail, at the back of the mains half. */
const HEATER = { x: 20, y: 135, width: 90, height: 60 };

const MAINS_CABLE = text("230 V", "230 В", "230 В кабелі");
const DATA_LINE = text("data line", "линия данных", "дерек желісі");
const HEAD = text("head", "головка", "бастиек");
const VENT = text("breathing plug", "дыхательный клапан", "тыныс клапаны");

const headText = ({ en, ru, kk }: Text): Text => text(`${HEAD.en}: ${en}`, `${HEAD.ru}: ${ru}`, `${HEAD.kk}: ${kk}`);

/** Where all of it stands; null for a post that has no half of 230 V. */
export function boxLayoutOf({ type, build, fitted }: Post, lines: Line[]): BoxLayout | null {
  if (build.supply !== "mains") return null;
  const bought = new Set(lines.map(({ part }) => part));
  const heads = mountOf(type.name)?.heads ?? [];
  // A head has its thermostat beside its heater.
  if (heads.length > 0) bought.delete("thermostat");
  const rail: Placed[] = [];
  let x = (BOX.width - BOX.rail) / 2;
  const stand = (side: typeof MAINS_SIDE): void => {
    for (const [part, width] of side)
      if (bought.has(part)) {
        rail.push({ part, x, width });
        x += width;
      }
  };
  stand(MAINS_SIDE);
  const partition = x;
  x += PARTITION;
  stand(LOW_SIDE);
  const cables: Omit<Hole, "x">[] = [
    ...(build.uplink === "serial" ? [{ what: DATA_LINE, gland: "gland-m16" as const }] : []),
    ...fitted.flatMap(({ facts: { outside, label } }): Omit<Hole, "x">[] =>
      outside === undefined ? [] : [{ what: label, gland: outside.thick === true ? "gland-m16" : "gland-m12" }],
    ),
    ...heads.map(({ label }) => ({ what: headText(label), gland: "gland-m16" as const })),
    { what: VENT, gland: "vent" },
  ];
  const holes: Hole[] = [
    { what: MAINS_CABLE, gland: "gland-m16", x: (BOX.width - BOX.rail) / 2 + FIRST },
    ...cables.map((one, i) => ({ ...one, x: partition + PARTITION + FIRST + i * PITCH })),
  ];
  return { rail, partition, holes };
}

/** Where the last device on the rail ends. */
export const endOf = ({ rail }: BoxLayout): number => Math.max(...rail.map(({ x, width }) => x + width));

const TITLE = text("the box inside, seen from the front", "корпус внутри, вид спереди", "корпустың іші, алдынан");
const SCALE = 0.5;
const TOP = 18;
const GLAND_H = 8;
const at = (mm: number): number => mm * SCALE + 5;

/** Name of its picture, without the ending. */
export const boxLayoutName = (post: Post): string => `${post.name}-box`;
export const boxLayoutTitle = (language: keyof Text): string => TITLE[language];

function legend(y: number, layout: BoxLayout, lines: Line[]): { shapes: string[]; height: number } {
  const numberOf = (part: string): number | undefined => lines.find((one) => one.part === part)?.number;
  const texts = LANGUAGES.map((language) =>
    [
      ...layout.rail.map(
        ({ part }) => `№ ${numberOf(part)} ${lines.find((one) => one.part === part)?.label[language]}`,
      ),
      ...lines.filter(({ part }) => OFF_RAIL.has(part)).map(({ number, label }) => `№ ${number} ${label[language]}`),
      ...layout.holes.map(({ what }, i) => `${"ABCDEFGHIJ"[i]} ${what[language]}`),
    ].join(" · "),
  );
  let row = y;
  const shapes = texts.flatMap((one) => {
    const rows = wrapped(one, WIDTH_MM).map((part) => textAt(0, (row += 3.4), part));
    row += 1.2;
    return rows;
  });
  return { shapes, height: row - y };
}

/** The drawing. */
export function boxPicture(layout: BoxLayout, post: Post, mount: Mount, lines: Line[]): string {
  const numberOf = (part: string): number | undefined => lines.find((one) => one.part === part)?.number;
  const y = (mm: number): number => TOP + mm * SCALE;
  const middle = (x: number, width: number): number => at(x + width / 2);
  const low = layout.partition + PARTITION;
  const modules = low + 50;
  const shapes = [
    textAt(0, 4.2, `${post.type.name}: ${TITLE.en}`, { size: 4.2, bold: true }),
    textAt(0, 9, LANGUAGES.map((language) => mount.label[language]).join(" · "), { size: 2.9 }),
    rect(at(0), y(0), BOX.width * SCALE, BOX.height * SCALE, false, 0.7),
    rect(at(2), y(2), (layout.partition - 4) * SCALE, (BOX.height - 4) * SCALE, true, 0.3),
    textAt(at(layout.partition / 2), y(20), "230 V", { size: 3.4, bold: true, anchor: "middle" }),
    textAt(at(low + (BOX.width - low) / 2), y(20), "5 V", { size: 3.4, bold: true, anchor: "middle" }),
    rect(at(layout.partition), y(0), PARTITION * SCALE, BOX.height * SCALE, false, 0.3),
    line(at((BOX.width - BOX.rail) / 2), y(RAIL_Y), at((BOX.width + BOX.rail) / 2), y(RAIL_Y), 0.8),
    ...layout.rail.flatMap(({ part, x, width }) => [
      rect(at(x), y(RAIL_Y - DEVICE_H / 2), width * SCALE, DEVICE_H * SCALE),
      // What is too narrow for its number has it below.
      width < NARROW
        ? textAt(at(x), y(RAIL_Y + DEVICE_H / 2) + 3, `№ ${numberOf(part)}`, { size: 2.5 })
        : textAt(middle(x, width), y(RAIL_Y) + 1, `№ ${numberOf(part)}`, { size: 2.5, anchor: "middle" }),
    ]),
    ...(numberOf("heater") === undefined
      ? []
      : [
          rect(at(HEATER.x), y(HEATER.y), HEATER.width * SCALE, HEATER.height * SCALE),
          textAt(middle(HEATER.x, HEATER.width), y(HEATER.y + HEATER.height / 2) + 1, `№ ${numberOf("heater")}`, {
            size: 2.5,
            anchor: "middle",
          }),
        ]),
    rect(at(modules), y(135), 80 * SCALE, 60 * SCALE),
    textAt(middle(modules, 80), y(155) + 1, `№ ${numberOf("carrier-modules")}`, { size: 2.5, anchor: "middle" }),
    ...(numberOf("bridge-cell") === undefined
      ? []
      : [
          rect(at(modules + 5), y(170), 30 * SCALE, 20 * SCALE),
          textAt(middle(modules + 5, 30), y(180) + 1, `№ ${numberOf("bridge-cell")}`, { size: 2.5, anchor: "middle" }),
        ]),
    ...layout.holes.flatMap(({ gland, x }, i) => {
      const width = gland === "gland-m16" ? 20 : 15;
      return [
        rect(at(x - width / 2), y(BOX.height), width * SCALE, GLAND_H),
        textAt(at(x), y(BOX.height) + 3.6, "ABCDEFGHIJ"[i], { size: 2.9, bold: true, anchor: "middle" }),
        textAt(at(x), y(BOX.height) + 6.8, gland === "gland-m16" ? "M16" : "M12", { size: 2.3, anchor: "middle" }),
      ];
    }),
  ];
  const below = legend(y(BOX.height) + GLAND_H + 2, layout, lines);
  return svg(y(BOX.height) + GLAND_H + 4 + below.height, `${post.type.name}: ${TITLE.en}`, [
    ...shapes,
    ...below.shapes,
  ]);
}

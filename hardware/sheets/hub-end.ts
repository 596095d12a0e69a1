/** The other end of a post's data line: what stands beside the hub's computer, in a picture and a list of its own. */
import type { Mount } from "../mounts/mount.js";
import { partOf } from "../parts.js";
import type { Block, Circuit } from "./circuit.js";
import type { Post } from "./of-build.js";
import type { Line } from "./parts-list.js";
import { drawingOf } from "./picture.js";
import { WORDS } from "./words.js";

const GROUND = "0V~";

function blocks(): Block[] {
  return [
    {
      name: "rs485-usb",
      title: partOf("rs485-usb").label.en,
      lines: ["USB → the hub's computer", "120 Ω A–B", "bias: A up, B down"],
      part: "rs485-usb",
      kind: "board",
      terminals: [
        { pin: "A", net: "A", note: "the positive one when nothing is sent" },
        { pin: "B", net: "B" },
        { pin: "GND", net: GROUND },
      ],
      open: [],
    },
    {
      name: "cable-line",
      title: "← POST (RS-485)",
      lines: [],
      part: "cable-line",
      kind: "sensor",
      outside: true,
      terminals: [
        { pin: "A", net: "A~", note: "one pair for A and B" },
        { pin: "B", net: "B~" },
        { pin: "0 V", net: GROUND, note: "both wires of the other pair" },
        { pin: "shield", net: "PE", note: "here only; at the post it is cut back" },
      ],
      open: [],
    },
    {
      name: "surge-line",
      title: "SPD RS-485 (2)",
      lines: [],
      part: "surge-line",
      kind: "sensor",
      terminals: [
        { pin: "A line", net: "A~" },
        { pin: "B line", net: "B~" },
        { pin: "A", net: "A" },
        { pin: "B", net: "B" },
        { pin: "PE", net: "PE", note: "the shortest wire" },
      ],
      open: [],
    },
    {
      name: "earth-bar",
      title: "earth bar of the room",
      lines: [],
      part: null,
      kind: "sensor",
      terminals: [{ pin: "PE", net: "PE" }],
      open: [],
    },
  ];
}

/** What is joined there; nothing where the post reaches the hub another way. */
export const hubEndOf = ({ build }: Post): Circuit | null => (build.uplink === "serial" ? { blocks: blocks() } : null);

/** Name of its picture, without the ending. */
export const hubEndName = (post: Post): string => `${post.name}-hub`;

/** Its picture; `lines` gives each block the number of its line in the parts list. */
export function hubEndPicture(circuit: Circuit, post: Post, mount: Mount, lines: Line[]): string {
  return drawingOf({
    circuit,
    title: `${WORDS.picture.en}: ${hubEndName(post)}`,
    heading: `${post.type.name}: ${WORDS.hubEnd.en}`,
    label: mount.label,
    legend: [WORDS.legendJoined, WORDS.legendOutside],
    numberOf: (block) => lines.find(({ part }) => part === block.part)?.number,
  });
}

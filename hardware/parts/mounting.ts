/** What holds boxes, brackets and sensors. Nothing here has figures for a budget. */
import type { Part } from "../parts.js";

export const MOUNTING: Part[] = [
  {
    name: "bracket",
    group: "mounting",
    label: {
      en: "bracket, plumb by three screws",
      ru: "кронштейн, по отвесу тремя винтами",
      kk: "кронштейн, үш бұрандамен тік қойылады",
    },
    order:
      "made from hardware/enclosure/bracket.scad, printed in ASA or of hot-dip galvanised steel 3 mm: wall plate with four holes of 9 mm, arm 400 mm, head with a hole of 27.4 mm; with it, all A4: three M5 × 35 with springs and locking nuts, one M6 × 60 with locking nut, four M4 × 60 with nuts",
    maker: "own",
    costClass: 2,
    figures: {},
    note: "Stiff: a hand's push must not move the face by more than 5 mm.",
  },
  {
    name: "strap",
    group: "mounting",
    label: {
      en: "stainless straps for a pole",
      ru: "хомуты нержавеющие для опоры",
      kk: "тіреуге тот баспайтын қамыттар",
    },
    order: "20 mm band, two, with screw buckle, for the pole's size",
    maker: "any",
    costClass: 1,
    figures: {},
    note: "No holes in lamp posts: their owner's rule.",
  },
  {
    name: "anchors",
    group: "mounting",
    label: { en: "anchors for concrete", ru: "анкеры для бетона", kk: "бетонға арналған анкерлер" },
    order:
      "a set of four stud anchors M8 × 95, stainless A4, for cracked concrete (ETA), with washers and nuts; four wide washers (DIN 9021) and four locking nuts M8, A4",
    maker: "any",
    costClass: 1,
    figures: {},
    note: "One set to the bracket, one to the box, one to the clamps of a tube. Ask for the plan of the reinforcement before drilling a bridge.",
  },
  {
    name: "clamps-tube",
    group: "mounting",
    label: { en: "pipe clamp 75 mm", ru: "хомут трубы 75 мм", kk: "75 мм құбыр қамыты" },
    order: "stainless A4, 75 mm, with thread M8",
    maker: "any",
    costClass: 1,
    figures: {},
    note: "Three to a tube, each on an anchor M8.",
  },
  {
    name: "rivets",
    group: "mounting",
    label: {
      en: "rivets or pin-Torx screws",
      ru: "заклёпки или винты Torx с штифтом",
      kk: "тойтармалар немесе штифті Torx бұрандалары",
    },
    order: "stainless 5 mm rivets, or M5 screws with pin-Torx, six",
    maker: "any",
    costClass: 1,
    figures: {},
    note: "The container's own galvanising is painted where it was drilled.",
  },
  {
    name: "locknut-34",
    group: "mounting",
    label: { en: "locknut ¾″ for the sensor", ru: "контргайка ¾″ датчика", kk: "датчиктің ¾″ бекіткіш сомыны" },
    order: "¾″ pipe thread (14 to the inch), flat, stainless or polyamide, that runs on the sensor's thread by hand",
    maker: "any",
    costClass: 1,
    figures: {},
    note: "Two to a sensor, above and below the plate. Try it on the sensor when you buy it: pipe threads of several kinds are called ¾″.",
  },
  {
    name: "angle-tilt",
    group: "mounting",
    label: { en: "angle for the tilt sensor", ru: "уголок датчика наклона", kk: "көлбеу датчигінің бұрыштамасы" },
    order:
      "aluminium 30 × 30 × 2 mm, 40 mm long, two M3 × 10 with spacers of polyamide and nuts, two M3 × 10 to the box's plate",
    maker: "own",
    costClass: 1,
    figures: {},
    note: "So that the module lies flat in a box that hangs on a wall.",
  },
];

/** What keeps a box above the cold that its parts bear, and the boxes that stand away from the board with a heater each. */
import { assumed, stated } from "../figure.js";
import type { Part } from "../parts.js";

const FOAM = "foam 20 mm of 0.04 W/mK and a film of air on both sides: 1.5 W/m²K";

export const HEATING: Part[] = [
  {
    name: "heater",
    group: "housing",
    label: { en: "box heater 20 W, 230 V", ru: "нагреватель шкафа 20 Вт, 230 В", kk: "20 Вт, 230 В қорап жылытқышы" },
    order:
      "PTC, 20 W at 230 V, touch-proof, with a foot for screws, terminals or leads for L and N and an earth (or protection class II), −40 °C",
    maker: "any",
    costClass: 3,
    temperatureC: [-40, 70],
    figures: {
      powerW: stated(20, "the order", "at 230 V"),
      boxWPerK: assumed(
        0.6,
        `a large box, 0.3 m²; bare at the ends of the rail and around what goes through, else ${FOAM}`,
      ),
    },
    note: "Screwed to the back of the mains side, below the rail, behind the same breaker and the thermostat; 100 mm away from the gas cells. Of protection class II it has no earth: PE stays at its terminal.",
  },
  {
    name: "thermostat",
    group: "housing",
    label: {
      en: "thermostat, opens when warm",
      ru: "термостат, размыкает при нагреве",
      kk: "термостат, жылынғанда ажыратады",
    },
    order: "KTO 111 (0 … 60 °C, normally closed, DIN rail, 250 V~)",
    maker: "STEGO",
    costClass: 3,
    temperatureC: [-45, 80],
    figures: {
      setC: stated(5, "the steps", "set to 5 °C"),
      differenceK: stated(7, "STEGO KTO 111, data table: 7 K ± 4 K", "switching difference"),
    },
    note: "Set to 5 °C: heats from −2 °C on, by its tolerance from −6 °C at the latest. Away from the heater, never above it.",
  },
  {
    name: "mains-24v",
    group: "supply",
    label: { en: "mains supply 24 V, 15 W", ru: "блок питания 230/24 В, 15 Вт", kk: "230/24 В қуат блогы, 15 Вт" },
    order: "HDR-15-24 (85–264 V, 24 V 0.63 A, DIN rail)",
    maker: "Mean Well",
    costClass: 2,
    temperatureC: [-30, 70],
    figures: {
      maxMa: stated(630, "Mean Well HDR-15-SPEC 2019-06-26", "specification, rated current"),
      efficiencyShare: assumed(0.85, "Mean Well HDR-15-SPEC 2019-06-26: up to 87 %"),
    },
    note: "For the heaters of the heads alone: no 230 V leaves the box.",
  },
  {
    name: "heater-head",
    group: "housing",
    label: { en: "heater 6 W, 24 V", ru: "нагреватель 6 Вт, 24 В", kk: "6 Вт, 24 В жылытқыш" },
    order: "resistor 100 Ω, 25 W, wire-wound in an aluminium housing, with leads (5.8 W at 24 V), −40 °C",
    maker: "any",
    costClass: 2,
    temperatureC: [-40, 70],
    figures: {
      powerW: stated(5.76, "the order", "24 V over 100 Ω"),
      boxWPerK: assumed(0.25, `a head of 240 × 160 × 90 mm, 0.15 m², the floor lined as well: ${FOAM}`),
    },
    note: "No PTC: cold it draws several times as much. On a bracket of metal in the head's upper half, 60 mm away from the gas cell.",
  },
  {
    name: "box-head",
    group: "housing",
    label: { en: "box of a sensing head, IP66", ru: "корпус головки, IP66", kk: "бастиек корпусы, IP66" },
    order:
      "polycarbonate, IP66, UV-proof, −40 °C, inside at least 240 × 160 × 90 mm, 100 mm of DIN rail in it, one gland M16 for 5–10 mm and a breathing plug M12",
    maker: "any",
    costClass: 3,
    temperatureC: [-40, 80],
    figures: {},
    note: "Floor downward or on the adaptor: the elbows and the cell's face go through it.",
  },
  {
    name: "cable-head",
    group: "wiring",
    label: {
      en: "cable of a sensing head, 10 wires",
      ru: "кабель головки, 10 жил",
      kk: "бастиек кабелі, 10 сым",
    },
    order: "10 × 0.25 mm², shielded, UV-proof, −40 °C, 7–9 mm thick, 3 m and no longer",
    maker: "any",
    costClass: 2,
    temperatureC: [-40, 70],
    figures: {
      mostM: assumed(
        3,
        "0.07 Ω to the metre: the fan's 100 mA lose 42 mV in two wires of 3 m. A bit at 9600 baud lasts 104 µs, and 3 m of some 150 pF/m behind 1 kΩ rise in 0.5 µs",
      ),
    },
    note: "I²C does not go through it: of its 400 pF (NXP UM10204, table 10) two such cables would leave nothing, so the converters stay in the box and the cells' voltages come along the cable. Two wires are ground, the fan's and the cell's, and two are the heater's: they meet in the box only. Shield to ground in the box only.",
  },
  {
    name: "duct-adaptor",
    group: "mounting",
    label: {
      en: "adaptor from head to duct",
      ru: "переходник головки на воздуховод",
      kk: "бастиектен ауа арнасына өткізгіш",
    },
    order:
      "stainless plate 2 mm, 280 × 200 mm, EPDM gasket, two elbows 25 mm with mesh of 0.5 mm that reach 100 mm into the stream 100 mm apart, opening of 40 mm for the cell, eight screws",
    maker: "own",
    costClass: 2,
    figures: {},
    note: "No leak around it: air that is drawn in there has not passed the filter.",
  },
];

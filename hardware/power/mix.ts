/** What a budget must know besides the parts: how the year goes at a site, and how the radio is heard. */
import type { Figure } from "../../firmware/sensors/facts-of.js";
import { assumed } from "../figure.js";
import type { SiteType } from "../sites.js";

/** Share of the year in which water stands, and rises fast. */
export interface Mix {
  wetShare: Figure;
  fastShare: Figure;
}

const NEVER = assumed(0, "nothing there that would make it measure more often");

export const MIX: { [kind in SiteType["kind"]]: Mix } = {
  air: { wetShare: NEVER, fastShare: NEVER },
  waste: { wetShare: NEVER, fastShare: NEVER },
  flood: {
    wetShare: assumed(
      0.01,
      "88 hours a year: FloodNet saw 548 street floods at 191 sensors, median 32 min; far above that",
    ),
    fastShare: assumed(0.001, "9 hours a year, as above: a rise lasts minutes"),
  },
  water: {
    wetShare: assumed(0.1, "36 days a year: melt, rains from April to June, irrigation turned on"),
    fastShare: assumed(0.001, "9 hours a year"),
  },
};

/** LoRa: a city with some gateways; 7 is near one, 12 the edge of its reach. */
export const SPREADING = assumed(9, "a gateway within 2 km; 7 to 12 are printed beside it");
/** The usual pack in its binary form is no longer. */
export const LORA_BYTES = 51;
/** Packs that go out more than once. */
export const AGAIN = assumed(1.1, "one in ten is not acknowledged at first");
/** A modem that must search its network anew, a day. */
export const JOINS_A_DAY = assumed(0.1, "cell changed or PSM lost every ten days");
/** How long the modem's session keeps the board's serial port open, in seconds. */
export const SESSION_S = assumed(49, "the session of Seeed's Wio BG770A with PSM");

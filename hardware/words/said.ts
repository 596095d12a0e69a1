/**
 * Russian and Kazakh for sentences that parts and sensors say of themselves in English: notes of the parts list and of
 * wires, life and care, faults. They are found by the English sentence: where that is changed, English is shown until
 * its words are changed here as well.
 */
import type { Text } from "../text.js";
import { CARE } from "./care.js";
import { FAULTS } from "./faults.js";
import { FAULTS_OF_AIR } from "./faults-of-air.js";
import { NOTES } from "./notes.js";
import { NOTES_OF_HEATING } from "./notes-of-heating.js";
import { NOTES_OF_CELLS } from "./notes-of-cells.js";
import { WIRES } from "./wires.js";

/** English, Russian, Kazakh. */
export type Said = readonly [en: string, ru: string, kk: string];

const ALL = new Map<string, Text>(
  [CARE, FAULTS, FAULTS_OF_AIR, NOTES, NOTES_OF_CELLS, NOTES_OF_HEATING, WIRES]
    .flat()
    .map(([en, ru, kk]) => [en, { en, ru, kk }]),
);

/** Whether there are words for that sentence. */
export const isSaid = (en: string): boolean => ALL.has(en);

/** The sentence in that language; in English where there are no words for it. */
export const said = (en: string, language: keyof Text): string => ALL.get(en)?.[language] ?? en;

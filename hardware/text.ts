/** A text of a sheet for the field, in the three languages of those who work there. */
export interface Text {
  en: string;
  ru: string;
  kk: string;
}

/** The languages whose texts in this room nobody of the trade who speaks them has read yet: sheets say so. */
export const UNCHECKED: (keyof Text)[] = ["ru", "kk"];

/** Plantower PMS5003. Source: maker's manual V1.0 (2019-07-31). */
export const NAME = "pms5003";
export const BAUD = 9600;

/** The fan needs 30 s after wake-up before the counts are stable (circuit attentions, note 4). */
export const WARM_UP_MS = 30000;
/** The sensor's controller takes commands some time after it was woken. */
export const COMMAND_AFTER_MS = 1000;
/** Seven bytes take 7.3 ms at 9600 baud: the port stays open this long for the last command. */
export const LAST_WORD_MS = 20;
/** In passive mode the answer comes within 1 s; a sensor left in active mode sends at least every 2.3 s. */
export const PATIENCE_MS = 3000;
/** By then the driver has called back, whatever happened. */
export const TIMEOUT_MS = PATIENCE_MS + 200;
/** The sensor renews its figures every 2.3 s at the slowest. */
export const SAMPLE_EVERY_MS = 2300;
export const SAMPLES = 5;
/** Figures are 16 bits; all ones is saturation. The maker promises 0–500 and "at least 1000" µg/m³. */
export const MAX_FIGURE = 65534;

/**
 * What is known of Plantower's counters beyond how they are driven. Only the PMS5003's manual is at hand: what stands for
 * its relatives is taken over from it, and marked so. No calls in here: what a driver does not use must fall out of its
 * image.
 */
import type { Figure, PartPin, SensorFacts, Source } from "../facts-of.js";

const INDEX: Source = {
  document: "Plantower PMS5003 manual PTQ3004-2015 V1.0 2019-07-31",
  page: "technical index table",
};
const LIKE_PMS5003: Source = {
  document: "as the PMS5003, whose manual it is: same maker, same frame, same fan and laser",
  page: "technical index table",
};

const STANDBY_MA = 0.2;
const ACTIVE_MA = 100;
const MTTF_HOURS = 26280;
const SLEEP: Figure = { value: STANDBY_MA, source: INDEX, kind: "datasheet" };
const ACTIVE: Figure = { value: ACTIVE_MA, source: INDEX, kind: "datasheet" };
const LIKE_SLEEP: Figure = { value: STANDBY_MA, source: LIKE_PMS5003, kind: "assumed" };
const LIKE_ACTIVE: Figure = { value: ACTIVE_MA, source: LIKE_PMS5003, kind: "assumed" };

const LIFE_NOTE =
  "The maker says a mean of three years of running. Read for 45 s in 300 s the laser outlives the dust: change the " +
  "counter yearly in the city's air, or when its figures part from those of the post beside it.";

/** Currents are the maker's maxima: it states no typical ones. */
export const PHASES: SensorFacts["phases"] = { sleep: SLEEP, warmUp: ACTIVE, sample: ACTIVE };
export const LIKE_PHASES: SensorFacts["phases"] = { sleep: LIKE_SLEEP, warmUp: LIKE_ACTIVE, sample: LIKE_ACTIVE };
/** Of one that cannot be put to sleep. */
export const LIKE_PHASES_AWAKE: SensorFacts["phases"] = {
  sleep: LIKE_ACTIVE,
  warmUp: LIKE_ACTIVE,
  sample: LIKE_ACTIVE,
};

export const LIFE: SensorFacts["life"] = {
  runHours: { value: MTTF_HOURS, source: INDEX, kind: "datasheet" },
  note: LIFE_NOTE,
};
export const LIKE_LIFE: SensorFacts["life"] = {
  runHours: { value: MTTF_HOURS, source: LIKE_PMS5003, kind: "assumed" },
  note: LIFE_NOTE,
};

/** The socket of eight pins, 1.25 mm apart, of the PMS3003, PMS5003 and PMS5003T. */
export const SOCKET_OF_8: PartPin[] = [
  { pin: "1", name: "VCC", to: "supply", note: "5 V: the fan needs it, 3.3 V will not do" },
  { pin: "2", name: "GND", to: "gnd" },
  { pin: "3", name: "SET", to: "open", note: "pulled up inside; low is sleep" },
  { pin: "4", name: "RX", to: "tx" },
  { pin: "5", name: "TX", to: "rx" },
  { pin: "6", name: "RESET", to: "open", note: "pulled up inside; low is reset" },
  { pin: "7", name: "NC", to: "open", note: "never join it to anything" },
  { pin: "8", name: "NC", to: "open", note: "never join it to anything" },
];

/** The same, of one that takes no commands. */
export const SOCKET_OF_8_MUTE: PartPin[] = [
  { pin: "1", name: "VCC", to: "supply", note: "5 V: the fan needs it, 3.3 V will not do" },
  { pin: "2", name: "GND", to: "gnd" },
  { pin: "3", name: "SET", to: "open", note: "pulled up inside; low is sleep" },
  { pin: "4", name: "RX", to: "open", note: "it takes no commands" },
  { pin: "5", name: "TX", to: "rx" },
  { pin: "6", name: "RESET", to: "open", note: "pulled up inside; low is reset" },
  { pin: "7", name: "NC", to: "open", note: "never join it to anything" },
  { pin: "8", name: "NC", to: "open", note: "never join it to anything" },
];

type FaultLine = SensorFacts["faults"][number];

const SILENT: FaultLine = {
  fault: "timeout",
  looksLike: "no particles at all in any pack",
  cause: "cable out of its socket, 5 V missing, RX and TX exchanged, or the counter is dead",
  carry: "the counter with its cable",
};
const DAMAGED: FaultLine = {
  fault: "checksum",
  looksLike: "particles come and go",
  cause: "long or wet cable, a supply that sags when the fan starts",
  carry: "a cable, the 5 V supply",
};
const OWN_ERROR: FaultLine = {
  fault: "device",
  looksLike: "every pack says the counter's own error",
  cause: "its fan stands still (spider, dust, ice) or its laser is out",
  carry: "the counter",
};
const AT_THE_END: FaultLine = {
  fault: "range",
  looksLike: "a figure at the end of its scale",
  cause: "an insect or water in the chamber",
  carry: "the counter, a fly screen",
};

export const FAULT_LINES: FaultLine[] = [SILENT, DAMAGED, OWN_ERROR, AT_THE_END];
/** Of one without an error byte. */
export const FAULT_LINES_MUTE: FaultLine[] = [SILENT, DAMAGED, AT_THE_END];

/**
 * The PMS5003T's frame: that of the PMS5003, with temperature (signed) and humidity in the place of the two coarsest
 * counts. Source: Plantower PMS5003T manual; captures in testdata.
 */
import { createPlantowerFramer, word } from "../plantower/frame.js";
import { massOf, type Mass } from "../plantower/mass.js";
import type { Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

export interface Pms5003t {
  mass: Mass;
  /** Particles larger than 0.3, 0.5, 1, 2.5 µm in 0.1 litre of air. */
  counts: number[];
  temperatureC: number;
  humidityPercent: number;
}

/**
 * Decodes one undamaged data frame. A set error byte is the fault `device`, and so is a frame without a single particle,
 * which the sensor sends while its fan starts.
 */
export function decodePms5003t(frame: string): Outcome<Pms5003t> {
  if (frame.charCodeAt(29) !== 0) return { ok: false, fault: "device" };
  const counts: number[] = [];
  for (let i = 0; i < 4; i++) counts.push(word(frame, 16 + 2 * i));
  if (counts[0] === 0) return { ok: false, fault: "device" };
  const tenths = word(frame, 24);
  return {
    ok: true,
    value: {
      mass: massOf(frame),
      counts: counts,
      temperatureC: (tenths > 0x7fff ? tenths - 0x10000 : tenths) / 10,
      humidityPercent: word(frame, 26) / 10,
    },
  };
}

/** A parser of the byte stream: an outcome for every data frame, whole or damaged. */
export function createPms5003tParser(onOutcome: (outcome: Outcome<Pms5003t>) => void): Framer {
  return createPlantowerFramer(
    [28, 4],
    function (frame: string): void {
      if (frame.length === 32) onOutcome(decodePms5003t(frame));
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}

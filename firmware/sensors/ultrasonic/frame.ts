/**
 * The frame that cheap ultrasonic modules share: FF, distance in mm (high byte, low byte), and the low byte of the sum
 * of these three. FF may stand inside. FF 07 A1 A7 is 1953 mm.
 * Sources: DFRobot wiki SEN0311 (A02YYUW); the JSN-SR04T-V3's product sheet; DFRobot wiki SEN0754 for FFFD and FFFE.
 */
import { createFramer, type Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

/** What a part's numbers mean. */
export interface Reach {
  /** Something stands at this distance or nearer, in mm. */
  obstacleMm: number;
  /** Furthest distance that the maker promises, in mm. What is said beyond is the room's noise. */
  maxMm: number;
}

const START = 0xff;
const BYTES = 4;
/** It heard another sensor of its kind. */
const DISTURBED = 0xfffe;

/** Millimetres, or the fault that the number stands for. 0 is said where nothing comes back, and by a covered face. */
export function decodeUltrasonic(reach: Reach, mm: number): Outcome<number> {
  if (mm === DISTURBED) return { ok: false, fault: "device" };
  if (mm === 0 || mm > reach.maxMm) return { ok: false, fault: "no-echo" };
  if (mm <= reach.obstacleMm) return { ok: false, fault: "obstacle" };
  return { ok: true, value: mm };
}

/** A parser of the byte stream: an outcome for every frame. */
export function createUltrasonicParser(reach: Reach, onOutcome: (outcome: Outcome<number>) => void): Framer {
  return createFramer(
    {
      maxBytes: BYTES,
      lengthOf: function (bytes: string): number {
        return bytes.charCodeAt(0) === START ? BYTES : -1;
      },
      intact: function (frame: string): boolean {
        const sum = START + frame.charCodeAt(1) + frame.charCodeAt(2);
        return (sum & 255) === frame.charCodeAt(3);
      },
    },
    function (frame: string): void {
      onOutcome(decodeUltrasonic(reach, (frame.charCodeAt(1) << 8) | frame.charCodeAt(2)));
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}

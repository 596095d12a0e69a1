/**
 * The Nova SDS011's frames (also SDS018, SDS021): `AA C0 <pm25 u16> <pm10 u16> <id u16> <sum> AB`, little-endian, tenths
 * of µg/m³; answers to commands are `AA C5 …`. Frame only: no site uses the part.
 * Source: Nova Fitness "Laser Dust Sensor Control Protocol" V1.3; captures in testdata.
 */
import { createFramer, type Framer } from "../framer.js";
import type { Outcome } from "../sensor.js";

const LENGTH = 10;
const HEAD = 0xaa;
const DATA = 0xc0;
const ANSWER = 0xc5;
const TAIL = 0xab;

export interface Sds011 {
  pm25: number;
  pm10: number;
  id: number;
}

/** Decodes one undamaged data frame. */
export function decodeSds011(frame: string): Outcome<Sds011> {
  const low = function (at: number): number {
    return frame.charCodeAt(at) | (frame.charCodeAt(at + 1) << 8);
  };
  const id = (frame.charCodeAt(6) << 8) | frame.charCodeAt(7);
  return { ok: true, value: { pm25: low(2) / 10, pm10: low(4) / 10, id: id } };
}

/** A parser of the byte stream: an outcome for every data frame, whole or damaged; answers to commands are skipped. */
export function createSds011Parser(onOutcome: (outcome: Outcome<Sds011>) => void): Framer {
  return createFramer(
    {
      maxBytes: LENGTH,
      lengthOf: function (bytes: string): number {
        if (bytes.charCodeAt(0) !== HEAD) return -1;
        if (bytes.length < 2) return 0;
        const kind = bytes.charCodeAt(1);
        return kind === DATA || kind === ANSWER ? LENGTH : -1;
      },
      intact: function (frame: string): boolean {
        let sum = 0;
        for (let i = 2; i < 8; i++) sum += frame.charCodeAt(i);
        return frame.charCodeAt(9) === TAIL && frame.charCodeAt(8) === (sum & 255);
      },
    },
    function (frame: string): void {
      if (frame.charCodeAt(1) === DATA) onOutcome(decodeSds011(frame));
    },
    function (): void {
      onOutcome({ ok: false, fault: "checksum" });
    },
  );
}

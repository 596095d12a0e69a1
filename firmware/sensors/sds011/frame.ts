/**
 * The Nova SDS011's frames (also SDS018, SDS021): `AA C0 <pm25 u16> <pm10 u16> <id u16> <sum> AB`, little-endian, tenths
 * of µg/m³; answers to commands are `AA C5 …`. Commands are `AA B4 <13 bytes> FF FF <sum> AB`, to any sensor.
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

/** A command of two bytes and a value, to whatever sensor is on the line. */
function command(id: number, set: number, value: number): string {
  let bytes = "";
  let sum = 0;
  [id, set, value, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff].forEach(function (byte: number): void {
    bytes += String.fromCharCode(byte);
    sum += byte;
  });
  return String.fromCharCode(HEAD, 0xb4) + bytes + String.fromCharCode(sum & 255, TAIL);
}

export const COMMAND = {
  /** Asks for figures: a sensor that sends by itself does so anyway. */
  read: command(4, 0, 0),
  sleep: command(6, 1, 0),
  work: command(6, 1, 1),
};

/**
 * Decodes one undamaged data frame. Nothing of either size is the fault `device`: so reads a sensor whose laser is out or
 * whose fan stands still, it has no error code to say so, and air outdoors is never without particles.
 */
export function decodeSds011(frame: string): Outcome<Sds011> {
  const low = function (at: number): number {
    return frame.charCodeAt(at) | (frame.charCodeAt(at + 1) << 8);
  };
  const id = (frame.charCodeAt(6) << 8) | frame.charCodeAt(7);
  if (low(2) + low(4) === 0) return { ok: false, fault: "device" };
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

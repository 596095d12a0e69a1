/** The SHT31's answer: temperature (u16), CRC, humidity (u16), CRC. Source: datasheet SHT3x-DIS, sections 4.4, 4.12, 4.13. */
import { crc8 } from "../crc8.js";
import type { Outcome } from "../sensor.js";

export const ANSWER_BYTES = 6;

export interface Sht31 {
  temperatureC: number;
  humidityPercent: number;
}

/** Decodes an answer. A wrong length or CRC is the fault `checksum`. */
export function decodeSht31(bytes: Uint8Array): Outcome<Sht31> {
  if (bytes.length !== ANSWER_BYTES) return { ok: false, fault: "checksum" };
  if (crc8(bytes[0], bytes[1]) !== bytes[2]) return { ok: false, fault: "checksum" };
  if (crc8(bytes[3], bytes[4]) !== bytes[5]) return { ok: false, fault: "checksum" };
  return {
    ok: true,
    value: {
      temperatureC: -45 + (175 * ((bytes[0] << 8) | bytes[1])) / 65535,
      humidityPercent: (100 * ((bytes[3] << 8) | bytes[4])) / 65535,
    },
  };
}

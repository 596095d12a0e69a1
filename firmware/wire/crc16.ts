/**
 * CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, not reflected) over the character codes 0–255 of a text.
 * Check value: "123456789" → 0x29B1. It finds the bit errors of a serial line; the seal proves the sender.
 */
export function crc16(text: string): number {
  let crc = 0xffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

/** The CRC as it stands at the end of a serial line: four upper-case hexadecimal digits. */
export function crc16Hex(text: string): string {
  return ("000" + crc16(text).toString(16)).slice(-4).toUpperCase();
}

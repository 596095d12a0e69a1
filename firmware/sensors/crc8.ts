/**
 * The check over each word that Sensirion's sensors send or take on I²C: CRC-8, polynomial 0x31, start 0xFF, not
 * reflected, over two bytes. BE EF → 92. Source: Sensirion datasheet SHT3x-DIS, version 5, table 20 (p. 14).
 */
export function crc8(high: number, low: number): number {
  let crc = 0xff ^ high;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 255 : crc << 1;
  crc ^= low;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 255 : crc << 1;
  return crc;
}

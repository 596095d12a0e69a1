/**
 * With board.ts and pin-board.ts one of the files that touch Espruino: how strong the wireless network is, for images
 * that may join one.
 */
declare function require(name: "Wifi"): { getStatus(): { rssi?: number } };

/** What is received of the access point, in dBm; null while the board is in no network. Only where there is wireless. */
export function wifiDbm(): number | null {
  const rssi = require("Wifi").getStatus().rssi;
  return rssi === undefined ? null : rssi;
}

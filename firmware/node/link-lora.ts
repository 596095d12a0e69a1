/** The link over a narrow radio: LoRaWAN by a module on a UART. */
import { portOptions } from "./config.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import type { Link, LinkParts } from "./node.js";
import { createLoraSender } from "./sender-lora.js";
import type { Radio } from "./radio.js";
import { createRn2483 } from "./uplink-lora.js";

/** An hour: at the slowest data rate there are four minutes between two messages, and one in five asks for an answer. */
export const TRIAL_MS = 3600000;

/** The module on a port of the board, as an image names it; null when the set-up names no network. */
function loraRadio(port: string, supply: string | null): (hal: Hal, config: Config) => Radio | null {
  return (hal, config) => {
    const uart = hal.uart(port, portOptions(config, port));
    const uplink = config.uplink;
    const band = uplink.band === undefined ? "868" : uplink.band;
    if (uart === null || uplink.joinEui === undefined || uplink.appKey === undefined) return null;
    if (band !== "868" && band !== "433") return null;
    const network = {
      devEui: uplink.devEui,
      joinEui: uplink.joinEui,
      appKey: uplink.appKey,
      band: band,
      dutyPercent: uplink.dutyPercent === undefined ? 1 : uplink.dutyPercent,
    };
    return createRn2483(hal, uart, network, supply);
  };
}

/** The module on this port; `supply` is the switch of its supply, where it has one. Null where the set-up names no network. */
export function loraLink(
  port: string,
  supply: string | null,
): (hal: Hal, config: Config) => ((parts: LinkParts) => Link) | null {
  return (hal, config) => {
    const radio = loraRadio(port, supply)(hal, config);
    if (radio === null) return null;
    return (parts) => ({
      sender: createLoraSender({
        hal: hal,
        outbox: parts.outbox,
        radio: parts.watch(radio, TRIAL_MS),
        identity: parts.identity,
        board: config.board,
        mac: parts.mac,
        hello: parts.hello,
        says: parts.says,
        obey: parts.obey,
        heard: parts.heard,
      }),
      // The module tells how far a message stood above the noise, not how strong it was.
      signal: () => ({ signalDbm: null, snrDb: radio.snrDb() }),
      rejoin: radio.rejoin,
    });
  };
}

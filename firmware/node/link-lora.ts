/** The link over a narrow radio: LoRaWAN by a module on a UART. */
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import type { Link, LinkParts } from "./node.js";
import { createLoraSender } from "./sender-lora.js";
import { loraRadio } from "./uplink-lora.js";

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
        radio: radio,
        identity: parts.identity,
        hello: parts.hello,
        obey: parts.obey,
        heard: parts.heard,
      }),
      // The module tells of a message's noise, not of its strength.
      signalDbm: () => null,
      rejoin: radio.rejoin,
    });
  };
}

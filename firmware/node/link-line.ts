/** The link by sealed lines: over a serial port, over MQTT. */
import { sameTag } from "../wire/seal.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import type { Link, LinkParts } from "./node.js";
import { createSender } from "./sender.js";
import type { Uplink } from "./sender.js";

/** The least that the link must have been up before an image on trial is given up for its silence. */
const TRIAL_MS = 600000;

/** An uplink as a link; null where the set-up does not say all that it needs. */
export function lineLink(
  make: (hal: Hal, config: Config) => Uplink | null,
): (hal: Hal, config: Config) => ((parts: LinkParts) => Link) | null {
  return (hal, config) => {
    const uplink = make(hal, config);
    if (uplink === null) return null;
    return (parts) => ({
      sender: createSender({
        hal: hal,
        outbox: parts.outbox,
        uplink: parts.watch(uplink, TRIAL_MS),
        hubTime: parts.hubTime,
        board: config.board,
        hello: parts.hello,
        word: parts.word,
        measuring: parts.measuring,
        heeds: (line) =>
          line.keyId === config.keyId &&
          sameTag(line.tag, parts.mac(line.sealed)) &&
          (line.type !== "command" || parts.obey(line.body)),
        heard: parts.heard,
      }),
      signal: () => ({ signalDbm: uplink.signalDbm === undefined ? null : uplink.signalDbm() }),
      rejoin: uplink.rejoin,
    });
  };
}

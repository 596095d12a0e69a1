/** The MQTT uplink over an NB-IoT or LTE-M modem: the client of uplink-mqtt.ts on a stream of modem.ts. */
import { portOptions } from "./config.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import { createBg96 } from "./modem.js";
import type { Uplink } from "./sender.js";
import { createMqtt } from "./uplink-mqtt.js";

/**
 * The modem on a port of the board, as an image names it; null when the set-up names no broker or no access point. `key`
 * is the switch that pulls its power key: without one the modem stays awake between two sessions.
 */
export function modemUplink(port: string, key: string | null): (hal: Hal, config: Config) => Uplink | null {
  return (hal, config) => {
    const uart = hal.uart(port, portOptions(config, port));
    const apn = config.uplink.apn;
    if (uart === null || apn === undefined || config.uplink.host === undefined) return null;
    const modem = createBg96(hal, uart, apn, key);
    const client = createMqtt(Object.assign({}, hal, { connect: modem.connect }), config, 0);
    return Object.assign({}, client, {
      wanted: modem.wanted,
      hold: modem.hold,
      rejoin: modem.rejoin,
      signalDbm: modem.signalDbm,
    });
  };
}

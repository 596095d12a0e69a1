/**
 * The uplink over a UART or RS-485 pair: lines with CRC out, the hub's lines with CRC in. The link gives no receipts:
 * only the hub's sealed ack settles a line.
 */
import type { Uart } from "../sensors/sensor.js";
import { DOWNLINK_MAX, parseLine, toSerial, UPLINK_MAX } from "../wire/line.js";
import { portOptions } from "./config.js";
import type { Config } from "./config.js";
import type { Hal } from "./hal.js";
import type { Uplink } from "./sender.js";

/** What may stand in the buffer before its line feed comes: a whole line and as much noise. */
const BUFFER_MAX = 2 * DOWNLINK_MAX;

/** Cuts chunks with arbitrary borders into lines; keeps at most {@link BUFFER_MAX} characters. */
export function createLineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    rest += chunk;
    let end = rest.indexOf("\n");
    while (end >= 0) {
      const line = rest.substr(0, end);
      rest = rest.substr(end + 1);
      onLine(line);
      end = rest.indexOf("\n");
    }
    if (rest.length > BUFFER_MAX) rest = rest.substr(rest.length - BUFFER_MAX);
  };
}

/** @param baud line speed; an answer may take as long as the longest line, thrice, and three seconds. */
export function createSerialUplink(uart: Uart, baud: number): Uplink {
  return {
    answerMs: 3000 + Math.ceil((3 * UPLINK_MAX * 10000) / baud),
    start: (events) => {
      const read = createLineReader((line) => {
        const parsed = parseLine(line, true, DOWNLINK_MAX);
        if (parsed.ok) events.line(parsed.line);
      });
      uart.open(baud, read);
      events.up();
    },
    send: (line) => uart.write(toSerial(line)),
    unanswered: () => undefined,
  };
}

/** The serial uplink on a port of the board, as an image names it. */
export function serialUplink(port: string): (hal: Hal, config: Config) => Uplink | null {
  return (hal, config) => {
    const uart = hal.uart(port, portOptions(config, port));
    const baud = config.uplink.baud;
    return uart === null ? null : createSerialUplink(uart, baud === undefined ? 57600 : baud);
  };
}

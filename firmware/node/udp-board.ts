/** With board.ts and pin-board.ts one of the files that touch Espruino: datagrams, for images that ask a time server. */
import type { Datagram } from "./sntp.js";

interface UdpSocket {
  on(event: "message", fn: (bytes: string) => void): void;
  bind(port: number, fn: (socket: UdpSocket) => void): void;
  send(bytes: string, offset: number, length: number, port: number, host: string): void;
  close(): void;
}
declare function require(name: "dgram"): { createSocket(kind: "udp4"): UdpSocket };

/** Any port that is not in use. */
function anyPort(): number {
  return 49152 + Math.floor(Math.random() * 16000);
}

/** Sends a datagram and listens for what comes back; without a network it does nothing. */
export const udpBoard: Datagram = (host, port, bytes, answer) => {
  let close: () => void = () => undefined;
  try {
    const socket = require("dgram").createSocket("udp4");
    close = () => socket.close();
    socket.bind(anyPort(), (bound) => {
      bound.on("message", answer);
      bound.send(bytes, 0, bytes.length, port, host);
    });
  } catch (e) {
    return close;
  }
  return close;
};

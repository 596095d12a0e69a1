import type { Socket } from "node:net";

/** Stops and restarts the reading of a socket whose reader calls `read()` on `readable` events. */
export interface ReadGate {
  shut(): void;
  open(): void;
}

/**
 * Puts a gate before a socket's `read()`. While it is shut the reader finds nothing, the stream's buffer fills, and the
 * kernel makes the sender wait. The broker library's own pause loses count of packets under way, and never reads again.
 */
export function gateReads(socket: Socket): ReadGate {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let shut = false;
  // The stream itself calls read(0) to start reading from the kernel: that one must always pass.
  socket.read = (size?: number): Buffer | null => (shut && size !== 0 ? null : read(size));
  return {
    shut() {
      shut = true;
    },
    open() {
      shut = false;
      socket.emit("readable");
    },
  };
}

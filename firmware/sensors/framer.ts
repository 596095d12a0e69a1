/**
 * Cuts frames out of a stream of bytes. Nothing is trusted before its check is right: a frame that fails loses its
 * first byte only, and the search goes on in the rest, so that a good frame behind or inside a damaged one survives.
 */
import type { Parser } from "./sensor.js";

/** A parser that can say how many bytes it holds back: never more than one frame. */
export interface Framer extends Parser {
  held(): number;
}

export interface FrameShape {
  /** Longest frame, in bytes. */
  maxBytes: number;
  /**
   * The length of the frame that begins with the first of `bytes` (at least one), `0` if more bytes are needed to say
   * so, `-1` if none begins there.
   */
  lengthOf(bytes: string): number;
  /** Whether a whole frame is undamaged. */
  intact(frame: string): boolean;
}

/**
 * @param onFrame   is given every undamaged frame
 * @param onDamage  is called for every frame that was long enough and failed its check
 */
export function createFramer(shape: FrameShape, onFrame: (frame: string) => void, onDamage: () => void): Framer {
  let held = "";

  const settle = function (): void {
    while (held.length > 0) {
      let length = shape.lengthOf(held);
      if (length > shape.maxBytes || (length === 0 && held.length >= shape.maxBytes)) length = -1;
      if (length === 0 || length > held.length) return;
      const frame = length > 0 ? held.substr(0, length) : "";
      if (length > 0 && shape.intact(frame)) {
        held = held.substr(length);
        onFrame(frame);
      } else {
        held = held.substr(1);
        if (length > 0) onDamage();
      }
    }
  };

  return {
    push: function (chunk: string): void {
      let at = 0;
      while (at < chunk.length) {
        const room = shape.maxBytes - held.length;
        held += chunk.substr(at, room);
        at += room;
        settle();
      }
    },
    held: function (): number {
      return held.length;
    },
  };
}

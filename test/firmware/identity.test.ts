import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Hal } from "../../firmware/node/hal.js";
import { nextIdentity } from "../../firmware/node/identity.js";

/** A board's flash, as far as the identity uses it. */
function boardWith(files: Map<string, string>): Hal {
  const hal: Pick<Hal, "entropy" | "sha256" | "crc32Hex"> & { store: Pick<Hal["store"], "read" | "create"> } = {
    entropy: () => String(Math.random()),
    sha256: (data) => createHash("sha256").update(data).digest(),
    crc32Hex: (text) => crc32(Buffer.from(text, "latin1")).toString(16).padStart(8, "0"),
    store: {
      read: (name, offset, length) => files.get(name)?.substr(offset, length),
      create(name, text) {
        files.set(name, text);
        return true;
      },
    },
  };
  return hal as Hal;
}

describe("which start of a board this is", () => {
  it("keeps its epoch and grows at every start", () => {
    const files = new Map<string, string>();
    const starts = Array.from({ length: 5 }, () => nextIdentity(boardWith(files)));
    assert.equal(new Set(starts.map((start) => start.epoch)).size, 1);
    for (let i = 1; i < starts.length; i++) assert.ok(starts[i].boot > starts[i - 1].boot);
  });

  for (const lost of ["aryk.b0", "aryk.b1"])
    for (const before of [1, 2, 3, 4])
      it(`never counts a start twice, although ${lost} is lost after start ${before}`, () => {
        const files = new Map<string, string>();
        const used = new Set<string>();
        const start = (): void => {
          const { epoch, boot } = nextIdentity(boardWith(files));
          assert.ok(!used.has(`${epoch}.${boot}`), `start ${epoch}.${boot} was used already`);
          used.add(`${epoch}.${boot}`);
        };
        for (let i = 0; i < before; i++) start();
        files.delete(lost);
        for (let i = 0; i < 3; i++) start();
      });
});

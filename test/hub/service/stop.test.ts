/** A stop ends, whatever the parts do. */
import assert from "node:assert/strict";
import { stopWithin } from "../../../hub/service/stop.js";

describe("a stop", () => {
  const said: string[] = [];
  const log = {
    info: (message: string) => void said.push(message),
    error: (_: object, message: string) => void said.push(message),
  };
  beforeEach(() => void (said.length = 0));

  it("ends with 0 when every part has stopped, and with 1 when one could not", async () => {
    assert.equal(await stopWithin(() => Promise.resolve(), log), 0);
    assert.equal(await stopWithin(() => Promise.reject(new Error("disk")), log), 1);
    assert.deepEqual(said, ["stopped", "the hub did not stop cleanly"]);
  });

  it("ends with 1 when a part does not stop at all", async () => {
    assert.equal(await stopWithin(() => new Promise(() => undefined), log, 20), 1);
    assert.deepEqual(said, ["a part does not stop: ended all the same"]);
  });

  it("waits for a part that takes its time, and no longer than that", async () => {
    let done = false;
    const slow = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done = true;
    };
    assert.equal(await stopWithin(slow, log, 60_000), 0);
    assert.ok(done);
  });
});

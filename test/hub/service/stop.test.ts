/** A stop ends, whatever the parts do. */
import assert from "node:assert/strict";
import { onSignal, stopWithin } from "../../../hub/service/stop.js";

describe("a stop", () => {
  const said: string[] = [];
  const log = {
    info: (...words: (string | object)[]) => void said.push(String(words.at(-1))),
    warn: (_: object, message: string) => void said.push(message),
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

  it("is begun by the first signal, and cut off by the second", async () => {
    const ended: number[] = [];
    let stops = 0;
    let finish: () => void = () => undefined;
    const stop = (): Promise<void> => {
      stops++;
      return new Promise((resolve) => (finish = resolve));
    };
    const signal = onSignal(stop, (code) => ended.push(code), log, 60_000);
    signal("SIGTERM");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([stops, ended], [1, []]);
    signal("SIGINT");
    assert.deepEqual([stops, ended], [1, [1]]);
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(said, ["stopping", "ended before everything was stopped", "stopped"]);
  });
});

/** Levels of the log, by part and at run time, and what never stands in it. */
import assert from "node:assert/strict";
import { openLog } from "../../hub/log.js";

function bench(level: "info" | "warn", parts: Record<string, "debug" | "error">) {
  const lines: string[] = [];
  const opened = openLog({ level, parts }, { write: (line: string) => void lines.push(line) });
  const said = (): string[] => lines.splice(0).map((line) => (JSON.parse(line) as { msg: string }).msg);
  return { ...opened, said };
}

describe("the hub's log", () => {
  it("has a level for all and others for single parts, which can be changed while it runs", () => {
    const { log, setLevels, said } = bench("info", { broker: "debug", flows: "error" });
    const broker = log.child({ part: "broker" });
    const flows = log.child({ part: "flows" });
    const speak = (): void =>
      [log, broker, flows].forEach((one, i) => (one.debug(`d${i}`), one.info(`i${i}`), one.error(`e${i}`)));
    speak();
    assert.deepEqual(said(), ["i0", "e0", "d1", "i1", "e1", "e2"]);
    setLevels({ level: "error", parts: { flows: "info" } });
    speak();
    assert.deepEqual(said(), ["e0", "e1", "i2", "e2"]);
    broker.child({ part: "broker", reqId: 1 }).info("of a request");
    assert.deepEqual(said(), []);
  });

  it("blots out what may be a secret", () => {
    const lines: string[] = [];
    const { log } = openLog({ level: "info", parts: {} }, { write: (line: string) => void lines.push(line) });
    const canary = "Kanarienvogel7";
    log.info(
      { password: canary, req: { headers: { authorization: canary, cookie: canary } }, target: { token: canary } },
      "m",
    );
    assert.doesNotMatch(lines.join(), new RegExp(canary));
    assert.match(lines.join(), /\[secret\]/);
  });
});

import assert from "node:assert/strict";
import type { BoardView } from "../../../hub/api/views.js";
import { enter, site, START, startBench } from "./setup.js";
import type { Bench, Visitor } from "./setup.js";

describe("boards over HTTP", () => {
  let bench: Bench;
  let technician: Visitor;
  before(async () => {
    bench = await startBench({ sites: [site("u-1", "underpass", "A")] });
    for (const board of ["b1", "b2"]) bench.registry.addBoard(board, "t");
    bench.registry.assign("b1", "u-1", START - 1, "t");
    bench.registry.add([{ kind: "reported", board: "b1", image: "underpass", version: "1", set: 0 }], "hub");
    technician = await enter(bench, "technician");
  });
  after(() => bench.stop());

  const board = async (name: string): Promise<BoardView> => {
    const { boards } = (await (await technician.get("/api/v1/boards")).json()) as { boards: BoardView[] };
    return boards.find((one) => one.board === name)!;
  };
  const send = (path: string, body: object, as = technician) => as.send("POST", `/api/v1/boards/${path}`, body);

  it("shows what runs on each, what may be set, what was asked for and what differs; no key", async () => {
    assert.equal((await send("b1/settings", { settings: { drySeconds: 600 } })).status, 200);
    const one = await board("b1");
    assert.deepEqual([one.site, one.reported?.version, one.drift?.kind], ["u-1", "1", "pending"]);
    assert.deepEqual(one.desired, { rev: 1, settings: { drySeconds: 600 } });
    assert.ok(one.may.some(({ name, least, most }) => name === "drySeconds" && least === 10 && most === 86400));
    const other = await board("b2");
    assert.deepEqual([other.site, other.reported, other.drift, other.may], [null, null, null, []]);
    const text = await (await technician.get("/api/v1/boards")).text();
    assert.ok(!text.includes(Buffer.from(bench.registry.keyOf("b1", "k1")!).toString("base64url")));
  });

  it("takes a test, a restart and settings from a technician, in that person's name", async () => {
    const answer = await send("b1/asks", { verb: "test" });
    const { nonce } = (await answer.json()) as { nonce: string };
    assert.equal(answer.status, 200);
    assert.deepEqual(
      (await board("b1")).asks.map((ask) => [ask.verb, ask.nonce, ask.by.startsWith("technician-"), ask.answer]),
      [["test", nonce, true, null]],
    );
    bench.registry.add([{ kind: "answer", board: "b1", nonce, report: { flash: "ok" } }], "hub");
    assert.deepEqual((await board("b1")).asks[0].answer?.report, { flash: "ok" });
  });

  it("shows the result of the last bench test", async () => {
    assert.equal((await board("b1")).sheet, null);
    const sheet = { rig: "r", image: "underpass", version: "1", result: "fail" as const, why: "rail 3V3", steps: [] };
    bench.registry.add([{ kind: "bench", board: "b1", began: START, ended: START + 1, ...sheet }], "anna");
    const shown = (await board("b1")).sheet;
    assert.deepEqual([shown?.result, shown?.why, shown?.by, shown?.ended], ["fail", "rail 3V3", "anna", START + 1]);
  });

  it("refuses what cannot be, and says why", async () => {
    for (const [path, body, status, code] of [
      ["b9/asks", { verb: "test" }, 404, "NO_BOARD"],
      ["b1/asks", { verb: "format" }, 400, "FST_ERR_VALIDATION"],
      ["b9/settings", { settings: { drySeconds: 60 } }, 404, "NO_BOARD"],
      ["b2/settings", { settings: { drySeconds: 60 } }, 400, "BOARD_UNKNOWN_TYPE"],
      ["b1/settings", { settings: { drySeconds: 1 } }, 400, "SETTING_INVALID"],
      ["b1/settings", { settings: { drySeconds: "soon" } }, 400, "FST_ERR_VALIDATION"],
      ["b1/settings", { settings: {} }, 400, "FST_ERR_VALIDATION"],
      ["b1/settings", { settings: { drySeconds: 60 }, by: "somebody" }, 400, "FST_ERR_VALIDATION"],
    ] as const) {
      const answer = await send(path, body);
      const said = (await answer.json()) as { code: string };
      assert.deepEqual([answer.status, said.code], [status, code], path + JSON.stringify(body));
    }
  });

  it("is for technicians alone", async () => {
    const operator = await enter(bench, "operator");
    assert.equal((await operator.get("/api/v1/boards")).status, 403);
    assert.equal((await send("b1/asks", { verb: "test" }, operator)).status, 403);
    assert.equal((await send("b1/settings", { settings: { drySeconds: 60 } }, operator)).status, 403);
  });
});

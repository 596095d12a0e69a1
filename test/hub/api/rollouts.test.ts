import assert from "node:assert/strict";
import type { RolloutBoardView, RolloutView } from "../../../hub/api/rollout-views.js";
import { enter, site, START, startBench } from "./setup.js";
import type { Bench, Visitor } from "./setup.js";

const ROLLOUT = "0c5d11aa";
const PATH = `/api/v1/rollouts/${ROLLOUT}`;

describe("rollouts over HTTP", () => {
  let bench: Bench;
  let technician: Visitor;
  let image: string;
  beforeEach(async () => {
    bench = await startBench({ sites: [site("u-1", "underpass", "A")] });
    const { registry } = bench;
    image = bench.images.add("run(2);", { image: "underpass", version: "2", added: START, by: "t" }).id;
    for (let i = 1; i <= 40; i++) {
      registry.addBoard(`b${i}`, "t");
      // One of another kind, and one without slots.
      const runs = i === 39 ? {} : { runs: i <= 2 ? image : "0a0a0a0a" };
      const kind = i === 40 ? "eco-post" : "underpass";
      registry.add([{ kind: "reported", board: `b${i}`, image: kind, version: i <= 2 ? "2" : "1", ...runs }], "hub");
    }
    registry.assign("b1", "u-1", START - 1, "t");
    registry.add([{ kind: "rollout", rollout: ROLLOUT, image, does: "start", why: "" }], "Ерлан");
    registry.add(
      ["b1", "b2", "b3"].map((board) => ({ kind: "offer", board, rollout: ROLLOUT }) as const),
      "hub",
    );
    for (const board of ["b1", "b2"])
      registry.add([{ kind: "outcome", board, rollout: ROLLOUT, outcome: "good", why: "" }], "hub");
    technician = await enter(bench, "technician");
  });
  afterEach(() => bench.stop());

  const list = async (): Promise<RolloutView[]> =>
    ((await (await technician.get("/api/v1/rollouts")).json()) as { rollouts: RolloutView[] }).rollouts;
  const act = (body: object, as = technician) => as.send("POST", `${PATH}/acts`, body);
  const codeOf = async (answer: Response): Promise<[number, string]> => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
  ];

  it("tells what is sent to whom, which ring is at work, and how many boards are through", async () => {
    const [one, ...more] = await list();
    assert.deepEqual(more, []);
    assert.deepEqual([one.id, one.image, one.name, one.version, one.by], [ROLLOUT, image, "underpass", "2", "Ерлан"]);
    assert.deepEqual([one.fleet, one.rings, one.ring], [38, [1, 2, 38], 2]);
    assert.deepEqual([one.offered, one.good, one.underWay, one.running, one.bad], [3, 2, 1, 2, []]);
    assert.deepEqual([one.does, one.byHub, one.may], ["start", false, ["stop", "back"]]);
  });

  it("tells what went wrong and how often, and board by board when asked", async () => {
    const { registry } = bench;
    registry.add([{ kind: "outcome", board: "b3", rollout: ROLLOUT, outcome: "back", why: "crash" }], "hub");
    registry.add([{ kind: "rollout", rollout: ROLLOUT, image, does: "stop", why: "b3: back, crash" }], "hub");
    const [one] = await list();
    assert.deepEqual(one.bad, [{ result: "back", why: "crash", boards: 1 }]);
    assert.deepEqual([one.does, one.byHub, one.why, one.may], ["stop", true, "b3: back, crash", ["resume", "back"]]);
    const { boards } = (await (await technician.get(PATH)).json()) as { boards: RolloutBoardView[] };
    assert.deepEqual(
      boards.map(({ board, site: at, outcome, version }) => [board, at, outcome?.result ?? null, version]),
      [
        ["b1", "u-1", "good", "2"],
        ["b2", null, "good", "2"],
        ["b3", null, "back", "1"],
      ],
    );
    assert.deepEqual(await codeOf(await technician.get("/api/v1/rollouts/0b0b0b0b")), [404, "NO_ROLLOUT"]);
    assert.deepEqual(await codeOf(await technician.get("/api/v1/rollouts/x")), [400, "FST_ERR_VALIDATION"]);
  });

  it("stops, resumes and takes back in the person's name", async () => {
    for (const [what, why] of [
      ["stop", undefined],
      ["resume", "seen"],
      ["back", "smells"],
    ]) {
      bench.clock.advance(1000);
      const [{ at }] = await list();
      const answer = await act({ act: what, why, seenAt: at });
      assert.equal(answer.status, 200, what);
      const said = (await answer.json()) as RolloutView;
      const row = bench.registry.rollout(ROLLOUT)!;
      assert.deepEqual([said.does, row.does, row.why, row.image], [what, what, why ?? "", image]);
      assert.match(row.by, /^technician-/);
    }
  });

  it("does nothing from a page that is old, nothing twice, and takes nothing back without a reason", async () => {
    const [{ at }] = await list();
    bench.clock.advance(1000);
    bench.registry.add([{ kind: "rollout", rollout: ROLLOUT, image, does: "stop", why: "" }], "other");
    assert.deepEqual(await codeOf(await act({ act: "back", why: "x", seenAt: at })), [409, "ROLLOUT_CHANGED"]);
    const [{ at: now }] = await list();
    for (const [body, status, code] of [
      [{ act: "stop", seenAt: now }, 409, "ROLLOUT_STANDS"],
      [{ act: "back", seenAt: now }, 400, "FST_ERR_VALIDATION"],
      [{ act: "back", why: "  ", seenAt: now }, 400, "FST_ERR_VALIDATION"],
      [{ act: "back", why: "x" }, 400, "FST_ERR_VALIDATION"],
      [{ act: "start", seenAt: now }, 400, "FST_ERR_VALIDATION"],
      [{ act: "resume", why: "x".repeat(201), seenAt: now }, 400, "FST_ERR_VALIDATION"],
      [{ act: "resume", seenAt: now, by: "somebody" }, 400, "FST_ERR_VALIDATION"],
    ] as const)
      assert.deepEqual(await codeOf(await act(body)), [status, code], JSON.stringify(body));
    assert.equal(bench.registry.rollout(ROLLOUT)?.by, "other");
  });

  it("does not resume one while another goes to the same boards", async () => {
    const { id } = bench.images.add("run(3);", { image: "underpass", version: "3", added: START, by: "t" });
    bench.registry.add([{ kind: "rollout", rollout: ROLLOUT, image, does: "stop", why: "" }], "t");
    bench.registry.add([{ kind: "rollout", rollout: "0d0d0d0d", image: id, does: "start", why: "" }], "t");
    const [newest, one] = await list();
    assert.equal(newest.id, "0d0d0d0d");
    assert.deepEqual(await codeOf(await act({ act: "resume", seenAt: one.at })), [409, "ROLLOUT_RUNS"]);
  });

  it("says what it can where the image is not there", async () => {
    bench.registry.add([{ kind: "rollout", rollout: "0e0e0e0e", image: "0f0f0f0f", does: "start", why: "" }], "t");
    const [one] = await list();
    assert.deepEqual([one.name, one.version, one.fleet, one.offered], [null, null, null, 0]);
  });

  it("is for technicians alone", async () => {
    const [{ at }] = await list();
    const operator = await enter(bench, "operator");
    for (const path of ["/api/v1/rollouts", PATH]) assert.equal((await operator.get(path)).status, 403, path);
    assert.equal((await act({ act: "stop", seenAt: at }, operator)).status, 403);
    assert.equal(bench.registry.rollout(ROLLOUT)?.does, "start");
  });
});

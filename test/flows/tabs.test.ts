import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { installTabs, readTabs, tabStorage } from "../../flows/storage.js";
import { joinTabs, splitTabs, tabText, type FlowNode, type TabFiles } from "../../flows/tabs.js";
import { projectRoot } from "../../hub/root.js";

const PACKAGED = join(projectRoot(), "flows", "tabs");
const tab = (id: string, label = id): FlowNode => ({ id, type: "tab", label });
const files = (...tabs: FlowNode[][]): TabFiles =>
  new Map(tabs.map((nodes, i) => [`${(i + 1) * 10}-t.json`, tabText(nodes)]));

describe("the tabs as files", () => {
  it("come back byte for byte from Node-RED's one array", async () => {
    const packaged = await readTabs(PACKAGED);
    assert.equal(packaged.size, 7);
    assert.deepEqual(splitTabs(joinTabs(packaged), packaged), packaged);
    // The editor sends tabs first and every node after them, in whatever order it likes.
    const nodes = joinTabs(packaged);
    const mixed = [...nodes.filter((n) => n.type === "tab"), ...nodes.filter((n) => n.type !== "tab").reverse()];
    assert.deepEqual(splitTabs(mixed, packaged), packaged);
  });

  it("come back whatever nodes lie on them", () => {
    const node = fc.record({ z: fc.constantFrom("a", "b", "s", undefined), name: fc.string(), x: fc.nat(900) });
    fc.assert(
      fc.property(fc.array(node), (some) => {
        const shared: FlowNode = { id: "s", type: "subflow", name: "s" };
        const nodes = some.map((n, i) => JSON.parse(JSON.stringify({ id: `n${i}`, type: "x", ...n })) as FlowNode);
        const split = splitTabs([tab("a"), tab("b"), shared, ...nodes], new Map());
        const joined = joinTabs(split);
        assert.equal(joined.length, nodes.length + 3);
        assert.deepEqual(splitTabs(joined, split), split);
        for (const n of nodes)
          assert.deepEqual(
            joined.find((j) => j.id === n.id),
            n,
          );
      }),
      { numRuns: 50 },
    );
  });

  it("keep their file when another tab is added, and are numbered anew when moved", () => {
    const before = files([tab("a")], [tab("b")]);
    const added = splitTabs([tab("a"), tab("b"), tab("c", "Own siren!")], before);
    assert.deepEqual([...added.keys()], ["10-t.json", "20-t.json", "30-own-siren.json"]);
    const moved = splitTabs([tab("b", "Second"), tab("a", "First")], before);
    assert.deepEqual([...moved.keys()], ["10-second.json", "20-first.json"]);
    const many = Array.from({ length: 12 }, (_, i) => tab(`t${i}`));
    assert.deepEqual(joinTabs(splitTabs(many, new Map())), many);
  });

  it("name the file that is broken, and the id that stands twice", () => {
    assert.throws(() => joinTabs(new Map([["10-a.json", "[{"]])), /10-a\.json is not JSON/);
    assert.throws(() => joinTabs(new Map([["10-a.json", "{}"]])), /10-a\.json is not an array/);
    assert.throws(
      () => joinTabs(files([tab("a")], [tab("a")])),
      /Node id a stands in 10-t\.json and again in 20-t\.json/,
    );
  });
});

describe("the folder of the tabs", () => {
  let dir: string;
  beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), "aryk-tabs-"))));
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const storage = (writable: boolean) => tabStorage({ tabsDir: join(dir, "tabs"), userDir: dir, writable });

  it("is filled at the first start and then belongs to the city", async () => {
    const [from, to] = [join(dir, "packaged"), join(dir, "city")];
    const put = (folder: string, name: string, id: string) => writeFile(join(folder, name), tabText([tab(id)]));
    await installTabs(from, from); // makes the folder
    for (const name of ["10-a.json", "20-b.json", "30-c.json"]) await put(from, name, name);
    assert.deepEqual((await installTabs(from, to)).added, ["10-a.json", "20-b.json", "30-c.json"]);

    await put(to, "10-a.json", "changed-here");
    await rm(join(to, "30-c.json"));
    for (const name of ["10-a.json", "20-b.json", "30-c.json"]) await put(from, name, `new-${name}`);
    const second = await installTabs(from, to);
    assert.deepEqual(second, { added: [], updated: ["20-b.json"], kept: ["10-a.json"] });
    const city = await readTabs(to);
    assert.deepEqual([...city.keys()], ["10-a.json", "20-b.json"]);
    assert.match(city.get("10-a.json")!, /changed-here/);
    assert.match(await readFile(join(to, "10-a.json.packaged"), "utf8"), /new-10-a/);
    assert.deepEqual(await installTabs(from, to), { added: [], updated: [], kept: [] });
  });

  it("changes in the editor only, and then only the files that changed", async () => {
    await installTabs(PACKAGED, join(dir, "tabs"));
    const nodes = await storage(false).getFlows();
    await assert.rejects(storage(false).saveFlows(nodes), /only be changed in the editor/);
    const before = await readTabs(join(dir, "tabs"));
    const rule = nodes.find((n) => n.id === "flood-rule")!;
    await storage(true).saveFlows(nodes.map((n) => (n === rule ? { ...n, settings: { holdS: 600 } } : n)));
    const after = await readTabs(join(dir, "tabs"));
    const changed = [...after].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
    assert.deepEqual(changed, ["20-flood.json"]);
  });
});

describe("the packaged tabs", () => {
  let nodes: FlowNode[];
  before(async () => void (nodes = joinTabs(await readTabs(PACKAGED))));
  const byId = (id: string) => nodes.find((n) => n.id === id);

  /** Where a node's messages go, link nodes included. */
  const targets = (node: FlowNode): string[] =>
    node.type === "link out" ? (node["links"] as string[]) : ((node["wires"] ?? []) as string[][]).flat();

  it("are one chain from the readings to the register, past every rule once", () => {
    const seen: string[] = [];
    let at = nodes.find((n) => n.type === "aryk-readings");
    while (at !== undefined) {
      if (at.type.startsWith("aryk-")) seen.push(at.type === "aryk-rule" ? String(at["rule"]) : at.type);
      const next = targets(at);
      assert.ok(next.length <= 1, `${at.id} has more than one way on`);
      at = next.length === 0 ? undefined : byId(next[0]);
    }
    assert.deepEqual(seen, [
      "aryk-readings",
      "flood",
      "overflow",
      "silence",
      "tilt",
      "level",
      "aryk-route",
      "aryk-register",
    ]);
  });

  it("lead every link and wire to a node that is there, and back", () => {
    for (const node of nodes) for (const id of targets(node)) assert.ok(byId(id), `${node.id} leads to ${id}`);
    for (const node of nodes.filter((n) => n.type === "link out"))
      for (const id of targets(node))
        assert.ok((byId(id)!["links"] as string[]).includes(node.id), `${id} knows ${node.id}`);
  });

  it("catch the errors of every tab, and hold no secret and no state", () => {
    const text = JSON.stringify(nodes);
    assert.doesNotMatch(text, /token|password|secret/i);
    for (const node of nodes) assert.ok(!["function", "trigger", "delay", "exec"].includes(node.type), node.id);
    for (const { id } of nodes.filter((n) => n.type === "tab" && n.id !== "tab-errors"))
      assert.ok(
        nodes.some((n) => n.type === "catch" && n.z === id),
        `${id} has a catch node`,
      );
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capOf, type CapPlace, type CapSettings } from "../../../hub/alerts/cap/message.js";
import { capTime } from "../../../hub/alerts/cap/model.js";
import { openCapReader, type CapReader } from "../../../hub/alerts/cap/read.js";
import { KAZAKHSTAN, problemsOf } from "../../../hub/alerts/cap/rules.js";
import { toXml } from "../../../hub/alerts/cap/xml.js";
import type { Transition } from "../../../hub/alerts/protocol.js";
import type { AlarmKind, Level } from "../../../hub/alerts/rule.js";
import type { SiteId } from "../../../hub/model.js";
import { projectRoot } from "../../../hub/root.js";

const FIXTURES = join(projectRoot(), "test/fixtures/cap");
const files = (folder: string): string[] => readdirSync(join(FIXTURES, folder)).map((name) => join(folder, name));
const load = (file: string): string => readFileSync(join(FIXTURES, file), "utf8");

const AT = Date.parse("2026-07-01T18:04:00+05:00");
const PLACE: CapPlace = {
  names: { kk: "Тимирязев & Розыбакиев <көшесі>", ru: 'ул. Тимирязева "низ"', en: "Timiryazev street" },
  district: "Bostandyk",
  lat: 43.2302,
  lon: 76.892,
};
const SETTINGS: CapSettings = { sender: "aryk@almaty.example.kz", status: "Exercise", contact: "112" };

function transition(
  revision: number,
  step: "raise" | "escalate" | "clear" | "reset",
  level: Level,
  more: Partial<Transition> = {},
) {
  const figures: Record<string, number> = {
    depthMm: 160,
    rateMmPerMin: 21,
    etaMinutes: 2,
    belowMm: 50,
    fillPercent: 97,
    leanDeg: 9.5,
    limitDeg: 3,
    levelMm: 1250,
    limitMm: 1200,
  };
  const made: Transition = {
    id: revision,
    alarm: 7,
    site: "underpass-1" as SiteId,
    kind: "flood",
    revision,
    episode: 1,
    step,
    from: "NORM",
    to: "UNACK",
    level,
    peak: level,
    who: "rule:flood",
    why: "depth-2-of-3",
    figures: { ...figures, ageMinutes: 4 },
    entry: 12,
    time: AT + revision * 60_000,
    at: AT + revision * 60_000,
    ...more,
  };
  return made;
}

describe("CAP 1.2", () => {
  let reader: CapReader;
  before(() => {
    reader = openCapReader();
  });
  after(() => reader.close());

  const messages = [...files("samples-almaty"), ...files("samples-thirdparty")].filter((f) => !/atom|rss/.test(f));
  for (const file of messages)
    it(`accepts ${file}`, () => {
      const read = reader.read(load(file));
      assert.ok(read.ok, read.ok ? "" : read.fault);
      assert.deepEqual(problemsOf(read.message), []);
    });

  for (const file of files("invalid").filter((f) => !f.includes("rule-bad")))
    it(`refuses ${file} by the schema`, () => assert.equal(reader.read(load(file)).ok, false));

  for (const file of files("invalid").filter((f) => f.includes("rule-bad")))
    it(`refuses ${file} by the rules`, () => {
      const read = reader.read(load(file));
      assert.ok(read.ok);
      assert.notDeepEqual(problemsOf(read.message, KAZAKHSTAN), []);
      assert.notDeepEqual(problemsOf(read.message), []);
    });

  for (const file of files("samples-thirdparty").filter((f) => /atom|rss/.test(f)))
    it(`takes ${file} for no alert`, () => assert.equal(reader.read(load(file)).ok, false));

  it("writes back what it read, the same text in every language", () => {
    for (const file of messages) {
      const first = reader.read(load(file));
      assert.ok(first.ok);
      const second = reader.read(toXml(first.message));
      assert.ok(second.ok, `${file}: ${second.ok ? "" : second.fault}`);
      assert.deepEqual(second.message, first.message);
    }
  });

  it("carries any text, escaped, and never a character that XML cannot hold", () => {
    const message = capOf(transition(1, "raise", 3), [], PLACE, SETTINGS, () => "e1");
    message.note = 'a & b < c > d " e \r\n\u0000\u0008\ud800 ә😀';
    const read = reader.read(toXml(message));
    assert.ok(read.ok, read.ok ? "" : read.fault);
    assert.equal(read.message.note, 'a & b < c > d " e \r\n\ufffd\ufffd\ufffd ә😀');
    assert.equal(read.message.info[0].area[0].areaDesc, "Бостандық, Тимирязев & Розыбакиев <көшесі>");
  });

  it("reads past comments and processing instructions, wherever they stand", () => {
    const xml = toXml(capOf(transition(1, "raise", 3), [], PLACE, SETTINGS, () => "e1"));
    const plain = reader.read(xml);
    const dotted = reader.read(xml.replace(/(<\w+>)(?=\s*<)|(?<=>\s*)(<\/)/g, "$1<?x y?><!-- z -->$2"));
    assert.ok(plain.ok);
    assert.deepEqual(dotted, plain);
  });

  it("writes times as CAP wants them: Almaty's offset, whole seconds, no Z", () => {
    assert.equal(capTime(Date.parse("2026-07-01T13:04:00.999Z")), "2026-07-01T18:04:00+05:00");
  });

  const kinds: [AlarmKind, Level][] = [
    ["flood", 1],
    ["flood", 2],
    ["flood", 3],
    ["flood", 4],
    ["suspect", 0],
    ["unknown", 0],
    ["silent", 0],
    ["sensor", 0],
    ["tilt", 0],
    ["level", 0],
    ["level-rate", 0],
    ["overflow", 1],
  ];
  it("makes valid messages in three languages for every kind, level and step, also for xmllint", function () {
    const dir = mkdtempSync(join(tmpdir(), "aryk-cap-"));
    const written: string[] = [];
    for (const [kind, level] of kinds)
      for (const step of ["raise", "clear", "reset"] as const) {
        if (step === "reset" && level < 3) continue;
        const earlier = step !== "raise" ? [transition(1, "raise", level, { kind })] : [];
        const message = capOf(transition(2, step, level, { kind }), earlier, PLACE, SETTINGS, () => "e1");
        const xml = toXml(message);
        const read = reader.read(xml);
        assert.ok(read.ok, read.ok ? "" : read.fault);
        assert.deepEqual(problemsOf(read.message, KAZAKHSTAN), []);
        assert.deepEqual(
          read.message.info.map((i) => i.language),
          ["kk-KZ", "ru-KZ", "en-US"],
        );
        assert.equal(new Set(read.message.info.map((i) => i.headline)).size, 3);
        assert.ok(!xml.includes("{"), "every figure is filled in");
        assert.notEqual(read.message.scope, "Public");
        written.push(join(dir, `${kind}-${level}-${step}.xml`));
        writeFileSync(written.at(-1)!, xml);
      }
    const schema = join(projectRoot(), "hub/alerts/cap/CAP-v1.2.xsd");
    const lint = spawnSync("xmllint", ["--noout", "--nonet", "--schema", schema, ...written], { encoding: "utf8" });
    rmSync(dir, { recursive: true });
    if (lint.error !== undefined) {
      if (process.env.CI === "true") throw lint.error;
      console.log("      xmllint is not installed: checked by libxml2-wasm only");
      return;
    }
    assert.equal(lint.status, 0, lint.stderr);
  });

  it("grades by level: the table of severity, urgency, certainty", () => {
    const grade = (level: Level, more: Partial<Transition> = {}) => {
      const [info] = capOf(transition(1, "raise", level, more), [], PLACE, SETTINGS, () => "e1").info;
      return [info.severity, info.urgency, info.certainty, info.responseType[0]].join(" ");
    };
    assert.equal(grade(1), "Minor Future Observed Monitor");
    assert.equal(grade(2), "Moderate Expected Likely Avoid");
    assert.equal(grade(3), "Severe Immediate Observed Avoid");
    assert.equal(grade(4), "Extreme Immediate Observed Avoid");
    assert.equal(grade(3, { why: "stale:depth-2-of-3" }), "Severe Unknown Likely Avoid");
    assert.equal(grade(0, { kind: "suspect" }), "Unknown Unknown Possible Assess");
  });

  it("gives the all-clear of a closure for a person's reset only, that of a lower level when the water has gone", () => {
    const said = (step: "raise" | "clear" | "reset", level: Level, peak: Level) => {
      const [info] = capOf(transition(1, step, level, { peak }), [], PLACE, SETTINGS, () => "e1").info.slice(-1);
      return [info.severity, info.urgency, info.responseType.join("+"), info.instruction].join(" ");
    };
    assert.equal(said("clear", 2, 2), "Minor Past AllClear No special measures are needed.");
    for (const peak of [3, 4] as const) {
      assert.match(said("clear", peak, peak), /^Minor Past Monitor\+Assess The road is opened by the duty officer/);
      assert.match(said("clear", 1, peak), /^Minor Past Monitor\+Assess The road is opened by the duty officer/);
      assert.match(said("raise", 1, peak), /Monitor The road is opened by the duty officer/);
      assert.equal(said("reset", 0, peak), "Minor Past AllClear No special measures are needed.");
    }
  });

  it("chains: Alert, Updates that name all that are in force, AllClear; the same bytes every time", () => {
    const story = [transition(1, "raise", 1), transition(3, "escalate", 2), transition(6, "clear", 2)];
    const chain = story.map((t, i) => capOf(t, story.slice(0, i), PLACE, SETTINGS, () => "e1"));
    assert.deepEqual(
      chain.map((m) => m.msgType),
      ["Alert", "Update", "Update"],
    );
    assert.deepEqual(chain[2].references, [
      `${SETTINGS.sender},aryk-e1-7-1,${chain[0].sent}`,
      `${SETTINGS.sender},aryk-e1-7-3,${chain[1].sent}`,
    ]);
    assert.deepEqual(chain[2].info[0].responseType, ["AllClear"]);
    assert.equal(new Set(chain.map((m) => m.incidents)).size, 1);
    assert.equal(toXml(chain[2]), toXml(capOf(story[2], story.slice(0, 2), PLACE, SETTINGS, () => "e1")));
  });

  it("keeps the chain whole when every earlier message has expired", () => {
    const late = transition(900, "clear", 3);
    const message = capOf(late, [transition(1, "raise", 2), transition(3, "escalate", 3)], PLACE, SETTINGS, () => "e1");
    assert.deepEqual(
      message.references.map((r) => r.split(",")[1]),
      ["aryk-e1-7-3"],
    );
  });

  it("says which rule a message breaks", () => {
    const good = () => capOf(transition(1, "raise", 3), [], PLACE, SETTINGS, () => "e1");
    const broken = (change: (m: ReturnType<typeof good>) => void): string => {
      const message = good();
      change(message);
      return problemsOf(message, KAZAKHSTAN).join("; ");
    };
    assert.equal(
      broken(() => {}),
      "",
    );
    assert.match(
      broken((m) => (m.identifier = "a b")),
      /identifier/,
    );
    assert.match(
      broken((m) => delete m.restriction),
      /restriction/,
    );
    assert.match(
      broken((m) => (m.scope = "Private")),
      /addresses/,
    );
    assert.match(
      broken((m) => (m.msgType = "Cancel")),
      /note|refer/,
    );
    assert.match(
      broken((m) => (m.references = [`${m.sender},${m.identifier},${m.sent}`])),
      /itself/,
    );
    assert.match(
      broken((m) => (m.references = [`a,b,${capTime(AT + 9e7)}`])),
      /later/,
    );
    assert.match(
      broken((m) => (m.references = ["a,b"])),
      /not sender,identifier,sent/,
    );
    assert.match(
      broken((m) => (m.info[0].expires = m.info[0].effective)),
      /expires/,
    );
    assert.match(
      broken((m) => (m.info[1].category = ["Fire"])),
      /category/,
    );
    assert.match(
      broken((m) => (m.info[1].eventCode = [])),
      /event codes/,
    );
    assert.match(
      broken((m) => (m.info[0].area[0].circle = ["76.892,43.23 1"])),
      /latitude comes first/,
    );
    assert.match(
      broken((m) => (m.info[0].area[0].circle = ["43.23,76.892 0"])),
      /radius/,
    );
    assert.match(
      broken((m) => (m.info[0].area[0].polygon = ["43,76 44,77 43,77 44,76 43,76"])),
      /crosses/,
    );
    assert.match(
      broken((m) => (m.info[0].area[0].ceiling = "100")),
      /altitude/,
    );
  });
});

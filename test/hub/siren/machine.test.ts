import assert from "node:assert/strict";
import {
  outputsOf,
  SIREN_LIMITS,
  stepSiren,
  unknownSiren,
  type Siren,
  type SirenInput,
} from "../../../hub/siren/machine.js";

const T = 1_800_000_000_000;

/** A siren that is told one thing after another; a contact that follows the relay unless it is said not to. */
function siren() {
  let now = T;
  let it: Siren = unknownSiren(now);
  const tell = (input: SirenInput): string => {
    const result = stepSiren(it, input, now);
    if (!result.ok) return result.refusal;
    it = result.siren;
    return it.state;
  };
  let armings = 0;
  return {
    tell,
    /** The orders of somebody who looks at it: firing follows the arming that stands. */
    by(type: "arm" | "fire" | "silence") {
      if (type === "silence") return tell({ type, person: "Aliya" });
      return tell({ type, person: "Aliya", arming: type === "arm" ? `a${++armings}` : (it.arming ?? "a0") });
    },
    fire: (arming: string) => tell({ type: "fire", person: "Aliya", arming }),
    contact: (closed: boolean) => tell({ type: "feedback", closed }),
    later(ms: number) {
      now += ms;
      return tell({ type: "tick" });
    },
    it: () => it,
    outputs: () => outputsOf(it),
  };
}

function armed() {
  const s = siren();
  s.tell({ type: "link", up: true });
  assert.equal(s.by("arm"), "armed");
  return s;
}

function firing() {
  const s = armed();
  assert.equal(s.by("fire"), "firing");
  s.contact(true);
  return s;
}

describe("a siren", () => {
  it("sounds only after two steps, and is never armed or fired by an old one", () => {
    const s = siren();
    assert.equal(s.by("arm"), "away");
    assert.equal(s.tell({ type: "link", up: true }), "safe");
    assert.equal(s.by("fire"), "not-armed");
    assert.equal(s.by("arm"), "armed");
    assert.deepEqual(s.outputs(), { beacon: true, siren: false });
    assert.equal(s.later(SIREN_LIMITS.armedMs), "safe");
    assert.equal(s.by("fire"), "not-armed");
    assert.equal(s.by("arm"), "armed");
    assert.equal(s.by("fire"), "firing");
    assert.deepEqual(s.outputs(), { beacon: true, siren: true });
    assert.equal(s.by("arm"), "sounding");
  });

  it("sounds by no order that comes late, or follows another arming than the one that stands", () => {
    const s = armed();
    const first = s.it().arming ?? "";
    s.later(1000);
    assert.equal(s.by("arm"), "armed");
    assert.equal(s.fire(first), "armed-anew");
    assert.deepEqual(s.outputs(), { beacon: true, siren: false });
    const second = s.it().arming ?? "";
    assert.equal(s.fire(second), "firing");
    s.contact(true);
    const { until } = s.it();
    s.later(1000);
    assert.equal(s.fire(second), "firing", "the same order once more");
    assert.equal(s.it().until, until, "lasts no longer for it");
    assert.equal(s.fire(first), "sounding");
    assert.equal(s.by("silence"), "safe");
    s.contact(false);
    assert.equal(s.fire(second), "not-armed");
    assert.equal(s.by("arm"), "armed");
    assert.equal(s.fire(second), "armed-anew");
  });

  it("is off when the hub stops, and a fault stays one", () => {
    for (const s of [armed(), firing()]) {
      assert.equal(s.tell({ type: "stop" }), "safe");
      assert.equal(s.it().why, "stop");
    }
    const broken = firing();
    assert.equal(broken.later(SIREN_LIMITS.feedbackMs), "firing");
    assert.equal(broken.contact(false), "fault");
    assert.equal(broken.tell({ type: "stop" }), "fault");
  });

  it("ends by itself, or by a person", () => {
    const timed = firing();
    assert.equal(timed.later(SIREN_LIMITS.firingMs - 1), "firing");
    assert.equal(timed.later(1), "safe");
    assert.deepEqual([timed.it().by, timed.it().why], ["hub", "time-over"]);
    const told = firing();
    assert.equal(told.by("silence"), "safe");
    assert.deepEqual(told.outputs(), { beacon: false, siren: false });
  });

  it("is out of order when its contact does not follow, or sticks, until a person resets it", () => {
    const dead = armed();
    dead.by("fire");
    assert.equal(dead.later(SIREN_LIMITS.feedbackMs - 1), "firing");
    assert.equal(dead.later(1), "fault");
    assert.equal(dead.it().why, "no-feedback");
    assert.deepEqual(dead.outputs(), { beacon: false, siren: false });
    assert.equal(dead.by("arm"), "fault");
    assert.equal(dead.by("silence"), "safe");

    const stuck = firing();
    stuck.by("silence");
    assert.equal(stuck.later(SIREN_LIMITS.feedbackMs), "fault");
    assert.equal(stuck.it().why, "stuck");
    assert.equal(stuck.contact(false), "fault");
    assert.equal(stuck.by("silence"), "safe");
    assert.equal(stuck.later(SIREN_LIMITS.feedbackMs), "safe");
  });

  it("sounds without an order: that is a fault, too", () => {
    const s = siren();
    s.tell({ type: "link", up: true });
    s.later(SIREN_LIMITS.feedbackMs);
    assert.equal(s.contact(true), "fault");
  });

  it("knows nothing while its link is away, and resumes nothing when it is back", () => {
    const s = firing();
    assert.equal(s.tell({ type: "link", up: false }), "unknown");
    assert.deepEqual(s.outputs(), { beacon: false, siren: false });
    assert.equal(s.by("silence"), "away");
    s.contact(false);
    assert.equal(s.tell({ type: "link", up: true }), "safe");
    assert.equal(s.later(SIREN_LIMITS.feedbackMs), "safe");
  });
});

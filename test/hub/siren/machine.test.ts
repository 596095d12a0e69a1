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
    if (!result.ok) return result.why;
    it = result.siren;
    return it.state;
  };
  return {
    tell,
    by: (type: "arm" | "fire" | "silence") => tell({ type, person: "Aliya" }),
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
    assert.equal(s.by("arm"), "its relays do not answer");
    assert.equal(s.tell({ type: "link", up: true }), "safe");
    assert.equal(s.by("fire"), "it must be armed first");
    assert.equal(s.by("arm"), "armed");
    assert.deepEqual(s.outputs(), { beacon: true, siren: false });
    assert.equal(s.later(SIREN_LIMITS.armedMs), "safe");
    assert.equal(s.by("fire"), "it must be armed first");
    assert.equal(s.by("arm"), "armed");
    assert.equal(s.by("fire"), "firing");
    assert.deepEqual(s.outputs(), { beacon: true, siren: true });
    assert.equal(s.by("arm"), "it is sounding");
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
    assert.equal(dead.by("arm"), "it is out of order until it is reset");
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
    assert.equal(s.by("silence"), "its relays do not answer");
    s.contact(false);
    assert.equal(s.tell({ type: "link", up: true }), "safe");
    assert.equal(s.later(SIREN_LIMITS.feedbackMs), "safe");
  });
});

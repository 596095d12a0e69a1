/** A register with one underpass in it, and those who are told of its closure: for the tests of closures. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CapAlert } from "../../../hub/alerts/cap/model.js";
import { openCapReader, type CapReader } from "../../../hub/alerts/cap/read.js";
import { createCompose } from "../../../hub/alerts/compose.js";
import type { Act, Notice } from "../../../hub/alerts/protocol.js";
import { Register } from "../../../hub/alerts/register.js";
import type { NoticeRequest } from "../../../hub/alerts/register.js";
import type { Level } from "../../../hub/alerts/rule.js";
import { SteppedClock } from "../../../hub/clock.js";
import type { SiteId } from "../../../hub/model.js";

const SITE = "underpass-1" as SiteId;
export const START = Date.parse("2026-07-01T13:04:00Z");
export const MINUTE = 60_000;
const PLACE = { names: { kk: "Саин", ru: "ул. Саина", en: "Sain" }, district: "Auezov", lat: 43.2, lon: 76.8 };
export const ask = (to: string, more: Partial<NoticeRequest> = {}): NoticeRequest => ({
  ...{ site: SITE, kind: "flood", channel: "log", to, language: "en", minLevel: 2 },
  ...more,
});

/** Registers the hooks of the suite that calls it. */
export function closureRig() {
  let dir: string;
  let clock: SteppedClock;
  let wall: number;
  let register: Register;
  let reader: CapReader;
  let fence: number;
  let id: number;
  let got: { to: string; text: string; cap: CapAlert; notice: Notice }[];

  before(() => void (reader = openCapReader()));
  after(() => reader.close());
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-closure-"));
    clock = new SteppedClock(START);
    wall = START;
    open();
    takeFence();
    id = 0;
    got = [];
  });
  afterEach(() => {
    register.close();
    rmSync(dir, { recursive: true });
  });

  function open(): void {
    register = Register.open(join(dir, "register.sqlite"), clock, () => wall);
  }
  function takeFence(): void {
    fence = register.takeFence("test");
  }
  function later(ms: number): void {
    clock.advance(ms);
    wall += ms;
  }
  /** Somebody sets the clock: the hub's watch tells the register. While the hub is off nobody does. */
  function clockSet(byMs: number, on: "running" | "off" = "running"): void {
    clock.step(byMs);
    if (on === "running") register.clockStepped(byMs);
  }
  function commit(event: [action: "raise" | "clear", level: Level] | null, notices: NoticeRequest[] = []): void {
    const expectedRevision = register.states()[0]?.revision ?? 0;
    const events = (event === null ? [] : [event]).map(([action, level]) => ({
      ...{ kind: "flood" as const, action, level, reason: "test", time: clock.now(), entry: null },
      figures: { depthMm: 160, belowMm: 50 },
    }));
    const evaluation = { site: SITE, rule: "flood", expectedRevision, state: { n: ++id }, events };
    const evaluations = event === null ? [] : [evaluation];
    register.commit({ fence, cursor: { epoch: "e", id }, now: clock.now(), evaluations, notices });
  }
  const alarm = () => register.alarms({ site: SITE })[0];
  const act = (type: Act["type"], more: Partial<Act> = {}) =>
    register.act(alarm().id, { type, person: "Aliya", expectedRevision: alarm().revision, ...more });

  /** Hands over what is due. Returns who got what, in the order of the notices. */
  function deliver(): string[] {
    const compose = createCompose({
      ...{ register, place: () => PLACE, reader },
      cap: { sender: "aryk@example.kz", status: "Exercise", contact: "112" },
    });
    const notices = register.claim("log", 100, 60_000).sort((a, b) => a.id - b.id);
    return notices.map((notice) => {
      const { text, cap } = compose(notice);
      const read = reader.read(cap().xml);
      assert.ok(read.ok);
      register.done(notice.id, notice.lease!, { state: "delivered" });
      got.push({ to: notice.to, text, cap: read.message, notice });
      return `${notice.to}: ${text}`;
    });
  }
  const heardBy = (to: string) => got.filter((one) => one.to === to);
  const responses = (to: string) => heardBy(to).map((one) => one.cap.info[0].responseType.join("+"));
  return {
    ...{ open, takeFence, later, clockSet, commit, alarm, act, deliver, heardBy, responses },
    register: () => register,
    now: () => clock.now(),
  };
}

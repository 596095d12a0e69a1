import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Register, RegisterConflict } from "../../../hub/alerts/register.js";
import type { CommitRequest, NoticeRequest } from "../../../hub/alerts/register.js";
import { AGE_LIMIT_MS, RETRY_S } from "../../../hub/alerts/outbox.js";
import type { AlarmKind, Level, RuleEvent } from "../../../hub/alerts/rule.js";
import { SteppedClock } from "../../../hub/clock.js";
import { SetupError } from "../../../hub/errors.js";
import type { SiteId } from "../../../hub/model.js";

const SITE = "underpass-1" as SiteId;
const START = 1_700_000_000_000;
const ask = (minLevel: Level, more: Partial<NoticeRequest> = {}): NoticeRequest => ({
  site: SITE,
  kind: "flood",
  channel: "log",
  to: "duty",
  language: "ru",
  minLevel,
  ...more,
});
const conflict = (code: string) => (error: unknown) => error instanceof RegisterConflict && error.code === code;

describe("register", () => {
  let dir: string;
  let file: string;
  let clock: SteppedClock;
  let wall: number;
  let register: Register;
  let fence: number;
  let revision: number;
  let id: number;

  const open = (): Register => Register.open(file, clock, () => wall);
  const event = (action: "raise" | "clear", level: Level, kind: AlarmKind = "flood"): RuleEvent => ({
    kind,
    action,
    level,
    reason: "test",
    figures: { depthMm: 100 * level },
    time: clock.now(),
    entry: id,
  });
  const request = (events: RuleEvent[], notices: NoticeRequest[] = []): CommitRequest => ({
    fence,
    cursor: { epoch: "e", id: ++id },
    now: clock.now(),
    evaluations: [{ site: SITE, rule: "flood", expectedRevision: revision, state: { n: id }, events }],
    notices,
  });
  const commit = (events: RuleEvent[], notices: NoticeRequest[] = []) => {
    const result = register.commit(request(events, notices));
    revision++;
    return result;
  };
  const later = (ms: number): void => {
    clock.advance(ms);
    wall += ms;
  };
  const alarm = () => register.alarms({ site: SITE })[0];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-register-"));
    file = join(dir, "register.sqlite");
    clock = new SteppedClock(START);
    wall = START;
    register = open();
    fence = register.takeFence("test");
    revision = 0;
    id = 0;
  });
  afterEach(() => {
    register.close();
    rmSync(dir, { recursive: true });
  });

  it("writes cursor, state, transition and notice together, and finds them after a restart", () => {
    commit([event("raise", 2)], [ask(1)]);
    register.close();
    register = open();
    assert.deepEqual(register.cursor(), { epoch: "e", id: 1 });
    assert.deepEqual(register.states(), [{ site: SITE, rule: "flood", revision: 1, state: { n: 1 } }]);
    assert.deepEqual(
      register.transitions().map((t) => [t.step, t.from, t.to, t.level, t.revision, t.who, t.entry]),
      [["raise", "NORM", "UNACK", 2, 1, "rule:flood", 0]],
    );
    assert.deepEqual(
      register.claim("log", 10, 1000).map((n) => [n.key, n.priority, n.language]),
      [["1:1:log:duty", 3, "ru"]],
    );
  });

  it("writes nothing of a commit whose expected revision is stale", () => {
    commit([event("raise", 1)]);
    const stale = { ...request([event("raise", 3)], [ask(1)]) };
    stale.evaluations.unshift({ site: "other" as SiteId, rule: "flood", expectedRevision: 0, state: {}, events: [] });
    stale.evaluations[1].expectedRevision = 0;
    assert.throws(() => register.commit(stale), conflict("STALE_REVISION"));
    assert.equal(register.cursor()?.id, 1);
    assert.equal(register.states().length, 1);
    assert.equal(register.transitions().length, 1);
    assert.equal(register.outbox().list().length, 0);
  });

  it("answers a repeated identical commit with the first result, and writes it once", () => {
    const twice = request([event("raise", 3)], [ask(1)]);
    const first = register.commit(twice);
    assert.deepEqual(register.commit(twice), first);
    register.close();
    register = open();
    assert.deepEqual(register.commit(twice), first);
    assert.equal(register.transitions().length, 1);
    assert.equal(register.outbox().list().length, 1);
  });

  it("shuts out everybody who held an earlier fence", () => {
    const late = request([event("raise", 3)]);
    register.takeFence("hub");
    assert.throws(() => register.commit(late), conflict("FENCED"));
    assert.equal(register.transitions().length, 0);
  });

  it("follows one journal, never backwards, and resumes at the end of a replaced one", () => {
    assert.deepEqual(register.resume({ epoch: "e", id: 9 }), { epoch: "e", id: 0 });
    commit([]);
    const foreign = request([]);
    foreign.cursor.epoch = "f";
    assert.throws(() => register.commit(foreign), conflict("WRONG_JOURNAL"));
    const back = request([]);
    back.cursor.id = 0;
    assert.throws(() => register.commit(back), conflict("STALE_REVISION"));
    assert.deepEqual(register.resume({ epoch: "e", id: 9 }), { epoch: "e", id: 1 });
    assert.deepEqual(register.resume({ epoch: "f", id: 5 }), { epoch: "f", id: 5 });
  });

  it("begins, when it is new, after what was judged before it", () => {
    assert.deepEqual(register.resume({ epoch: "e", id: 9 }, 7), { epoch: "e", id: 7 });
    assert.deepEqual(register.resume({ epoch: "e", id: 9 }, 8), { epoch: "e", id: 7 });
  });

  it("tells of a raise, an escalation and the end, but not of a de-escalation or of what was known", () => {
    const told = (level: Level, action: "raise" | "clear") => {
      commit([event(action, level)], [ask(2)]);
      return register.claim("log", 10, 1000).map((n) => `${n.step} ${n.level}`);
    };
    assert.deepEqual(told(1, "raise"), []);
    assert.deepEqual(told(2, "raise"), ["raise 2".replace("raise", "escalate")]);
    assert.deepEqual(told(2, "raise"), []);
    assert.deepEqual(told(1, "raise"), []);
    assert.deepEqual(told(0, "clear"), ["clear 1"]);
  });

  it("sends one notice about where a whole batch left the alarm", () => {
    commit([event("raise", 1), event("raise", 2), event("raise", 3)], [ask(1), ask(1), ask(1)]);
    assert.deepEqual(
      register.claim("log", 10, 1000).map((n) => n.level),
      [3],
    );
    assert.equal(register.transitions().length, 3);
  });

  it("lets a person act once, by the revision on the screen, with a name and a reason", () => {
    commit([event("raise", 3)]);
    const act = (type: "ack" | "reset", expectedRevision: number, person = "Aliya", reason = "") =>
      register.act(alarm().id, { type, person, reason, expectedRevision });
    assert.throws(() => act("ack", 0), conflict("STALE_REVISION"));
    assert.throws(() => act("ack", 1, " "), conflict("NOT_ALLOWED"));
    assert.throws(() => register.act(99, { type: "ack", person: "A", expectedRevision: 1 }), conflict("UNKNOWN_ALARM"));
    assert.equal(act("ack", 1).to, "ACKED");
    assert.equal(alarm().ackedBy, "Aliya");
    commit([event("clear", 0)]);
    assert.equal(alarm().state, "LATCHED");
    assert.throws(() => act("reset", 3), conflict("NOT_ALLOWED"));
    assert.equal(act("reset", 3, "Aliya", "seen dry").to, "NORM");
    assert.deepEqual(
      register.transitions().map((t) => t.episode),
      [1, 1, 1, 1],
    );
    commit([event("raise", 1)]);
    assert.equal(register.transitions().at(-1)?.episode, 2);
    assert.equal(alarm().ackedBy, null);
  });

  it("holds notices back while an alarm is shelved, and sends them when the shelf ends and it still stands", () => {
    commit([event("raise", 2)]);
    const shelve = {
      type: "shelve",
      person: "A",
      reason: "works",
      untilMs: START + 60_000,
      expectedRevision: 1,
    } as const;
    register.act(alarm().id, shelve);
    commit([event("clear", 0)]);
    commit([event("raise", 2)], [ask(1)]);
    assert.deepEqual(register.claim("log", 10, 1000), []);
    later(60_001);
    commit([]);
    assert.equal(alarm().shelvedUntil, null);
    assert.equal(register.claim("log", 10, 1000).length, 1);
  });

  it("begins a maintenance window where there never was an alarm, and holds back what is raised in it", () => {
    const window = { person: "Aliya", reason: "sensor is cleaned", untilMs: START + 60_000 };
    for (const wrong of [{ person: " " }, { reason: "" }, { untilMs: START }, { untilMs: START + 25 * 3_600_000 }])
      assert.throws(() => register.suppress(SITE, "flood", { ...window, ...wrong }), conflict("NOT_ALLOWED"));
    assert.deepEqual(register.alarms(), []);

    const made = register.suppress(SITE, "flood", window);
    assert.deepEqual([made.step, made.from, made.to, made.revision], ["suppress", "NORM", "NORM", 1]);
    assert.deepEqual(
      register.alarms().map((a) => [a.state, a.suppressedUntil, a.raisedAt]),
      [["NORM", window.untilMs, null]],
    );
    commit([event("raise", 3), event("raise", 1, "suspect")], [ask(1), ask(0, { kind: "suspect" })]);
    assert.deepEqual(
      register.claim("log", 10, 1e9).map((n) => n.kind),
      ["suspect"],
    );
    later(30_000);
    register.suppress(SITE, "flood", { ...window, untilMs: START + 90_000 });
    later(30_001);
    commit([]);
    assert.deepEqual(register.claim("log", 10, 1e9), []);
    later(30_000);
    commit([]);
    assert.deepEqual(
      register.claim("log", 10, 1e9).map((n) => [n.kind, n.level]),
      [["flood", 3]],
    );
    assert.deepEqual(
      register.transitions(0, 100, alarm().id).map((t) => [t.step, t.episode]),
      [
        ["suppress", 0],
        ["raise", 1],
        ["suppress", 1],
        ["unsuppress", 1],
      ],
    );
  });

  it("breaks a shelf by a higher level, at once", () => {
    commit([event("raise", 2)]);
    const shelve = {
      type: "shelve",
      person: "A",
      reason: "works",
      untilMs: START + 60_000,
      expectedRevision: 1,
    } as const;
    register.act(alarm().id, shelve);
    commit([event("raise", 4)], [ask(1)]);
    assert.equal(register.claim("log", 10, 1000)[0].priority, 1);
    assert.equal(alarm().shelvedBy, null);
  });

  it("drops the escalation to the next person once the alarm is acknowledged", () => {
    commit([event("raise", 3)], [ask(1), ask(3, { to: "deputy", afterMs: 180_000, unlessAcked: true })]);
    assert.deepEqual(
      register.claim("log", 10, 1e9).map((n) => n.to),
      ["duty"],
    );
    later(181_000);
    assert.deepEqual(
      register.claim("log", 10, 1e9).map((n) => n.to),
      ["deputy"],
    );
    commit([event("raise", 4)], [ask(3, { to: "chief", afterMs: 180_000, unlessAcked: true })]);
    register.act(alarm().id, { type: "ack", person: "A", expectedRevision: 2 });
    later(181_000);
    assert.deepEqual(register.claim("log", 10, 1000), []);
  });

  it("tries again by the schedule, gives a lost lease to the next, and calls what is too old missed", () => {
    commit([event("raise", 3)], [ask(1)]);
    for (const wait of RETRY_S.slice(1, 4)) {
      const [notice] = register.claim("log", 1, 60_000);
      register.failed(notice.id, notice.lease!, "no route");
      assert.throws(() => register.done(notice.id, notice.lease!, { state: "sent" }), conflict("LEASE_LOST"));
      later(wait * 1000 - 1);
      assert.deepEqual(register.claim("log", 1, 60_000), []);
      later(1);
    }
    const [lost] = register.claim("log", 1, 60_000);
    later(60_000);
    const [again] = register.claim("log", 1, 60_000);
    assert.equal(again.id, lost.id);
    assert.throws(() => register.done(lost.id, lost.lease!, { state: "sent" }), conflict("LEASE_LOST"));
    register.failed(again.id, again.lease!, "no route");
    later(AGE_LIMIT_MS);
    assert.deepEqual(register.claim("log", 1, 60_000), []);
    assert.deepEqual(
      register
        .outbox()
        .list({ state: "expired" })
        .map((n) => n.id),
      [lost.id],
    );
  });

  it("keeps receipts in order: a late `delivered` does not undo `read`", () => {
    commit([event("raise", 3)], [ask(1)]);
    const [notice] = register.claim("log", 1, 1000);
    register.done(notice.id, notice.lease!, { state: "sent", providerId: "p1" });
    register.outbox().receipt(notice.id, { state: "read" });
    register.outbox().receipt(notice.id, { state: "delivered" });
    assert.deepEqual(
      register
        .outbox()
        .list()
        .map((n) => [n.state, n.providerId]),
      [["read", "p1"]],
    );
  });

  it("refuses to change or delete history", () => {
    commit([event("raise", 1)]);
    const db = new Database(file);
    assert.throws(() => db.exec("UPDATE transitions SET level = 0"), /append-only/);
    assert.throws(() => db.exec("DELETE FROM transitions"), /append-only/);
    db.close();
  });

  it("refuses a file of another version instead of guessing", () => {
    register.close();
    const db = new Database(file);
    db.pragma("user_version = 99");
    db.close();
    assert.throws(open, (e: unknown) => e instanceof SetupError && e.code === "REGISTER_NEWER");
    rmSync(file);
    register = open();
  });
});

/** Taking a person out of what the hub keeps. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Register } from "../../../hub/alerts/register.js";
import { REGISTER } from "../../../hub/alerts/register-schema.js";
import type { Level, RuleEvent } from "../../../hub/alerts/rule.js";
import { Access, PEOPLE } from "../../../hub/api/auth.js";
import { SteppedClock } from "../../../hub/clock.js";
import type { SiteId } from "../../../hub/model.js";
import { forgetPerson } from "../../../hub/store/forget.js";
import { alteredTables } from "../../../hub/store/salvage.js";

const NAME = "Aigerim Testova";
const PHONE = "+77010000001";
const ACT = { site: "u1", at: 7, who: NAME, act: "fire", result: "refused", state: "safe", why: "not-armed" } as const;

describe("forgetting a person", () => {
  let dir: string;
  let access: Access;
  let register: Register;
  let fence: number;
  let revision = 0;
  const clock = new SteppedClock(1_800_000_000_000);
  const commit = (action: RuleEvent["action"], level: Level, notices: string[]): void => {
    const event = { kind: "flood", action, level, reason: "depth-2-of-3", figures: {}, time: clock.now(), entry: 1 };
    register.commit({
      ...{ fence, cursor: { epoch: "j", id: revision + 1 }, now: clock.now() },
      evaluations: [
        { site: "u1" as SiteId, rule: "flood", expectedRevision: revision++, state: {}, events: [event as RuleEvent] },
      ],
      notices: notices.map((to) => ({
        site: "u1" as SiteId,
        kind: "flood",
        channel: "sms",
        to,
        language: "ru",
        minLevel: 1,
      })),
    });
  };
  const sendAll = (): void => {
    for (const notice of register.claim("sms", 100, 1000))
      register.done(notice.id, notice.lease!, { state: "sent", providerId: `id-${notice.to}` });
  };
  /** Everything in the folder, as bytes: what is free in a file, and the logs beside it, too. */
  const kept = (): string =>
    readdirSync(dir)
      .map((name) => (name.includes("sqlite") ? readFileSync(join(dir, name), "latin1") : ""))
      .join("\n");

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-forget-"));
    revision = 0;
    ({ access } = await Access.open(join(dir, "people.sqlite"), { cost: { N: 1024, r: 8, p: 1 } }));
    await access.add(NAME, "operator", "a long password");
    assert.ok((await access.login(NAME, "a long password", "10.0.0.1")).ok);
    access.seen.note(NAME, "10.0.0.1", "alarms");
    register = Register.open(join(dir, "register.sqlite"), clock, () => clock.now());
    fence = register.takeFence("flows");
  });
  afterEach(() => {
    access.close();
    register.close();
    rmSync(dir, { recursive: true });
  });

  it("leaves no trace of the name or the address in the files, and every act, time and notice where it was", () => {
    commit("raise", 2, [PHONE, PHONE + "9", ""]);
    const alarm = register.alarms()[0]!;
    register.act(alarm.id, { type: "ack", person: NAME, expectedRevision: alarm.revision });
    register.sirens().note(ACT);
    commit("clear", 0, [PHONE, PHONE + "9", ""]);
    sendAll();
    assert.equal(register.alarms()[0]?.state, "NORM");
    const before = { transitions: register.transitions(), notices: register.outbox().list() };
    assert.ok(kept().includes(NAME) && kept().includes(PHONE));

    const found = forgetPerson(dir, NAME, [PHONE, PHONE + "9"], "root");
    assert.ok(!kept().includes(NAME), "the name is gone from the very bytes");
    assert.ok(!kept().includes(PHONE), "the address is gone from the very bytes");
    assert.match(found.as, /^former-[0-9a-f]{8}$/);
    assert.deepEqual([found.acts, found.notices, found.waiting], [3, 4, 0]);
    assert.deepEqual(register.sirens().list(), [{ id: 1, ...ACT, who: found.as }]);
    assert.deepEqual(
      register.transitions(),
      before.transitions.map((one) => ({ ...one, who: one.who === NAME ? found.as : one.who })),
    );
    const strip = ({ id, alarm, revision: r, state, channel, created }: (typeof before.notices)[number]) =>
      [id, alarm, r, state, channel, created].join();
    assert.deepEqual(register.outbox().list().map(strip), before.notices.map(strip));
    assert.deepEqual(access.people(), [{ name: "admin", role: "admin" }]);
    assert.deepEqual(
      access.seen.list().map(({ who, what }) => `${who} ${what}`),
      ["root forgot", `${found.as} alarms`],
    );
  });

  it("says where somebody who reads keeps the former pages in the log, and empties it when it is run again", () => {
    commit("raise", 2, []);
    const alarm = register.alarms()[0]!;
    register.act(alarm.id, { type: "ack", person: NAME, expectedRevision: alarm.revision });
    const backup = new Database(join(dir, REGISTER.fileName), { readonly: true });
    const rows = backup.prepare("SELECT * FROM transitions").iterate();
    rows.next();
    assert.deepEqual(forgetPerson(dir, NAME, [], "root").held, [REGISTER.fileName]);
    assert.ok(kept().includes(NAME));
    rows.return?.();
    backup.close();
    assert.deepEqual(forgetPerson(dir, NAME, [], "root").held, []);
    assert.ok(!kept().includes(NAME));
  });

  it("leaves the address where somebody must still be told, and says so", () => {
    commit("raise", 3, [PHONE]);
    const found = forgetPerson(dir, NAME, [PHONE], "root");
    assert.deepEqual([found.notices, found.waiting], [0, 1]);
    assert.equal(register.claim("sms", 10, 1000)[0]?.to, PHONE);
  });

  it("leaves the records guarded as they were", () => {
    commit("raise", 2, [PHONE]);
    register.sirens().note(ACT);
    forgetPerson(dir, NAME, [PHONE], "root");
    for (const [kind, table] of [
      [PEOPLE, "seen"],
      [REGISTER, "transitions"],
      [REGISTER, "siren_acts"],
    ] as const) {
      const db = new Database(join(dir, kind.fileName));
      assert.throws(() => db.exec(`UPDATE ${table} SET who = 'x'`), /append-only|stands/);
      assert.throws(() => db.exec(`DELETE FROM ${table}`), /append-only|stands/);
      const fresh = new Database(":memory:");
      kind.create(fresh);
      assert.deepEqual(alteredTables(db, fresh), []);
      assert.deepEqual(kind.check?.(db), []);
      fresh.close();
      db.close();
    }
  });

  it("keeps the last admin, touches neither the hub's nor a rule's own acts, and names the copies it does not reach", () => {
    assert.throws(() => forgetPerson(dir, "admin", [], "root"), { code: "LAST_ADMIN" });
    for (const name of ["hub", "rule:flood", ""])
      assert.throws(() => forgetPerson(dir, name, [], "root"), { code: "FORGET_WHO" });
    assert.deepEqual(access.seen.list().length, 1);
    mkdirSync(join(dir, "damaged-2026"));
    assert.deepEqual(forgetPerson(dir, NAME, [""], "root").copies, ["damaged-2026"]);
  });
});

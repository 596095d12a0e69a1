/** A closure from its first level to the person who ends it, as those hear it who are told. */
import assert from "node:assert/strict";
import { RegisterConflict } from "../../../hub/alerts/register.js";
import { ask, closureRig, MINUTE } from "./closure-rig.js";

describe("a closure", () => {
  const { open, later, clockSet, commit, alarm, act, deliver, heardBy, responses, register, now, takeFence } =
    closureRig();

  for (const order of ["acknowledged before the water is gone", "acknowledged after it"])
    it(`is ended for all who were told by a person only, if ${order}`, () => {
      commit(["raise", 2], [ask("crew"), ask("112", { language: "ru", minLevel: 3 })]);
      deliver();
      commit(["raise", 3], [ask("crew"), ask("112", { language: "ru", minLevel: 3 })]);
      deliver();
      if (order.endsWith("gone")) act("ack");
      commit(["clear", 0], [ask("crew"), ask("112", { language: "ru", minLevel: 3 })]);
      if (!order.endsWith("gone")) act("ack");
      assert.deepEqual(deliver(), [
        "crew: Sain: water below 5 cm. The road stays closed until a person has looked.",
        "112: ул. Саина: вода ниже 5 см. Проезд закрыт до осмотра дежурным.",
      ]);
      assert.equal(alarm().state, "LATCHED");
      assert.ok(![...responses("crew"), ...responses("112")].includes("AllClear"));

      later(3 * 60 * MINUTE);
      const before = register().transitions().length;
      assert.throws(
        () => act("reset"),
        (e: unknown) => e instanceof RegisterConflict,
      );
      assert.deepEqual(deliver(), []);
      act("reset", { reason: "seen dry" });
      assert.equal(register().transitions().length, before + 1);
      assert.deepEqual(deliver(), [
        "crew: Sain: all clear. A person has looked, the road may be opened.",
        "112: ул. Саина: опасность миновала. Место осмотрено, проезд можно открыть.",
      ]);
      assert.deepEqual(responses("112"), ["Avoid", "Monitor+Assess", "AllClear"]);
      const { cap, notice } = heardBy("112").at(-1)!;
      assert.equal(cap.msgType, "Update");
      // The message that the road stays closed is the one in force.
      assert.deepEqual(
        cap.references.map((r) => r.split(",")[1]),
        [heardBy("112")[1].cap.identifier],
      );
      assert.equal(cap.source, "Aliya");
      assert.match(cap.note ?? "", /seen dry/);
      assert.deepEqual([notice.step, notice.priority], ["reset", 3]);
    });

  it("tells of a reset once: a second one is refused, and a restart repeats nothing", () => {
    commit(["raise", 3], [ask("crew")]);
    act("ack");
    commit(["clear", 0], [ask("crew")]);
    const { revision } = alarm();
    act("reset", { reason: "seen dry" });
    for (const expectedRevision of [revision, revision + 1])
      assert.throws(
        () => act("reset", { reason: "seen dry", expectedRevision }),
        (e: unknown) => e instanceof RegisterConflict,
      );
    register().close();
    open();
    deliver();
    assert.deepEqual(responses("crew"), ["Avoid", "Monitor+Assess", "AllClear"]);
    assert.deepEqual(
      register()
        .transitions()
        .map((t) => t.step)
        .filter((step) => step === "reset"),
      ["reset"],
    );
  });

  it("tells of a reset neither those of an earlier episode nor those who never heard of this one", () => {
    commit(["raise", 1], [ask("earlier", { minLevel: 1 })]);
    act("ack");
    commit(["clear", 0]);
    commit(["raise", 3], [ask("crew"), ask("deputy", { afterMs: 3 * MINUTE, unlessAcked: true })]);
    act("ack");
    commit(["clear", 0]);
    act("reset", { reason: "seen dry" });
    deliver();
    assert.deepEqual(responses("earlier"), ["Monitor"]);
    assert.deepEqual(responses("crew"), ["Avoid", "AllClear"]);
    later(10 * MINUTE);
    deliver();
    assert.deepEqual(responses("deputy"), []);
  });

  it("tells of a reset in spite of a shelf, in the language of the last notice, and never before the closure itself", () => {
    commit(["raise", 3], [ask("crew"), ask("late", { afterMs: 10 * MINUTE })]);
    commit(["raise", 4], [ask("crew", { language: "ru" })]);
    act("ack");
    act("shelve", { reason: "works", untilMs: now() + 30 * MINUTE });
    commit(["clear", 0], [ask("crew")]);
    act("reset", { reason: "seen dry" });
    deliver();
    assert.deepEqual(responses("crew"), ["Avoid", "Avoid", "AllClear"]);
    assert.match(heardBy("crew")[2].text, /можно открыть/);
    assert.deepEqual(responses("late"), []);
    later(10 * MINUTE);
    deliver();
    assert.deepEqual(responses("late"), ["Avoid", "AllClear"]);
  });

  describe("that stands", () => {
    const renewals = (to: string) => heardBy(to).filter((one) => one.notice.renewal > 0);

    it("is renewed before its message expires, for those who were told of it, until the water has gone", () => {
      commit(["raise", 2], [ask("crew"), ask("112", { minLevel: 3 }), ask("level 2 only")]);
      commit(["raise", 3], [ask("crew"), ask("112", { minLevel: 3 }), ask("chief", { minLevel: 4 })]);
      deliver();
      act("ack");
      for (let minute = 0; minute < 120; minute += 5) {
        later(5 * MINUTE);
        commit(null);
        for (const said of deliver()) assert.match(said, /KEEP THE ROAD CLOSED, flooded since 18:04/);
      }
      assert.deepEqual(
        [renewals("crew").length, renewals("112").length, renewals("level 2 only").length, heardBy("chief").length],
        [2, 2, 0, 0],
      );
      const chain = heardBy("112").map((one) => one.cap);
      for (const [i, message] of chain.entries()) {
        if (i === 0) continue;
        const [info] = message.info;
        assert.ok(Date.parse(message.sent) < Date.parse(chain[i - 1].info[0].expires!), "nothing had lapsed");
        assert.equal(Date.parse(info.expires!) - Date.parse(message.sent), 60 * MINUTE);
        assert.equal(message.msgType, "Update");
        assert.deepEqual([info.severity, info.urgency, info.certainty], ["Severe", "Immediate", "Likely"]);
        assert.deepEqual(
          message.references.map((r) => r.split(",")[1]),
          [chain[i - 1].identifier],
        );
      }
      assert.equal(new Set(chain.map((message) => message.identifier)).size, 3);
      assert.equal(renewals("112")[0].notice.priority, 3);
      assert.deepEqual(
        register()
          .transitions()
          .map((t) => t.step),
        ["raise", "escalate", "ack"],
      );

      commit(["clear", 0], [ask("crew"), ask("112", { minLevel: 3 })]);
      deliver();
      assert.deepEqual(
        heardBy("112")
          .at(-1)
          ?.cap.references.map((r) => r.split(",")[1]),
        [chain[2].identifier],
      );
      later(300 * MINUTE);
      commit(null);
      assert.deepEqual(deliver(), []);
    });

    it("is renewed once for the time that the hub was away, and from the register alone", () => {
      commit(["raise", 4], [ask("crew")]);
      deliver();
      register().close();
      later(170 * MINUTE);
      open();
      takeFence();
      for (let i = 0; i < 3; i++) commit(null);
      assert.deepEqual(deliver(), ["crew: Sain: STILL DANGER TO LIFE, flooded since 18:04. Do not enter."]);
      later(50 * MINUTE);
      commit(null);
      assert.deepEqual(deliver().length, 1);
      assert.deepEqual(
        heardBy("crew").map((one) => one.notice.key),
        ["1:1:log:crew", "1:1.1:log:crew", "1:1.2:log:crew"],
      );
    });

    it("counts anew from a higher level, and drops a renewal that the end has overtaken", () => {
      commit(["raise", 3], [ask("crew")]);
      deliver();
      later(40 * MINUTE);
      commit(["raise", 4], [ask("crew")]);
      deliver();
      later(20 * MINUTE);
      commit(null);
      assert.deepEqual(deliver(), []);
      later(30 * MINUTE);
      commit(null);
      commit(["clear", 0], [ask("crew")]);
      assert.match(deliver().join(), /^crew: Sain: water below 5 cm/);
      assert.equal(register().outbox().counts().dropped, 1);
    });

    it("is renewed in spite of a shelf, and one told of late is not renewed before", () => {
      commit(["raise", 1]);
      act("suppress", { reason: "works", untilMs: now() + 90 * MINUTE });
      commit(["raise", 3], [ask("crew")]);
      later(60 * MINUTE);
      commit(null);
      assert.deepEqual(deliver(), []);
      later(31 * MINUTE);
      commit(null);
      // What was held back is an hour and a half old, so its renewal goes with it.
      assert.match(deliver().join("; "), /CLOSE THE ROAD.*; .*KEEP THE ROAD CLOSED/);
      commit(null);
      assert.deepEqual(deliver(), []);
      act("shelve", { reason: "crew is there", untilMs: now() + 60 * MINUTE });
      later(50 * MINUTE);
      commit(null);
      assert.equal(deliver().length, 1);
    });
  });

  it("is told on after the hub's clock was set back: no message is dated before those that it refers to", () => {
    commit(["raise", 2], [ask("crew")]);
    deliver();
    later(MINUTE);
    commit(["raise", 3], [ask("crew")]);
    clockSet(-60 * MINUTE);
    // What is due at once does not wait until that clock has come so far again.
    assert.equal(deliver().length, 1);
    commit(["raise", 4], [ask("crew")]);
    later(MINUTE);
    commit(["clear", 0], [ask("crew")]);
    deliver();
    const told = heardBy("crew").map(({ cap }) => cap);
    const first = Date.parse(told[0].sent);
    assert.deepEqual(
      told.map(({ sent }) => Date.parse(sent) - first),
      [0, MINUTE, MINUTE, MINUTE],
    );
    for (const [i, { references, info }] of told.entries()) {
      const named = references.map((reference) => reference.split(","));
      for (const [, identifier, sent] of named)
        assert.equal(sent, told.find((one) => one.identifier === identifier)?.sent);
      if (i > 0) assert.ok(named.some(([, identifier]) => identifier === told[i - 1].identifier));
      assert.ok(Date.parse(info[0].expires!) > Date.parse(told[i].sent));
    }
  });

  it("of a lower level is over when the water has gone", () => {
    commit(["raise", 2], [ask("crew")]);
    act("ack");
    commit(["clear", 0], [ask("crew")]);
    deliver();
    assert.equal(alarm().state, "NORM");
    assert.deepEqual(responses("crew"), ["Avoid", "AllClear"]);
  });
});

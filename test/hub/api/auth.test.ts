import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Access, AccessError } from "../../../hub/api/auth.js";
import { hashPassword, makePassword, verifyPassword } from "../../../hub/api/password.js";

/** Hashing at full cost is tried once below. */
const QUICK = { N: 1024, r: 8, p: 1 };

describe("people and sessions", () => {
  let dir: string;
  let now = 1_800_000_000_000;
  let access: Access;
  let adminPassword: string | null;
  const file = (): string => join(dir, "access.sqlite");

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "aryk-access-"));
    ({ access, adminPassword } = await Access.open(file(), { now: () => now, cost: QUICK }));
  });
  after(() => {
    access.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("makes an admin at the first start, in a file that nobody else can read, without the password in it", async () => {
    assert.match(adminPassword ?? "", /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    assert.deepEqual(access.people(), [{ name: "admin", role: "admin" }]);
    for (const name of [file(), `${file()}-wal`]) {
      assert.equal(statSync(name).mode & 0o077, 0, name);
      assert.equal(readFileSync(name).includes(adminPassword ?? ""), false, name);
    }
    const again = await Access.open(file(), { now: () => now, cost: QUICK });
    assert.equal(again.adminPassword, null);
    again.access.close();
  });

  it("lets in whoever knows the password, and nobody else", async () => {
    const wrong = await access.login("admin", "not it at all", "10.0.0.1");
    const nobody = await access.login("nobody", adminPassword ?? "", "10.0.0.1");
    assert.deepEqual(
      [wrong, nobody],
      [
        { ok: false, fault: "wrong" },
        { ok: false, fault: "wrong" },
      ],
    );
    const right = await access.login("admin", adminPassword ?? "", "10.0.0.1");
    assert.ok(right.ok);
    assert.equal(access.session(right.secret)?.name, "admin");
    assert.equal(access.session(right.secret.slice(0, -1) + "_"), null);
    assert.equal(access.session(undefined), null);
    assert.equal(readFileSync(`${file()}-wal`).includes(right.secret), false, "the cookie's secret must not be stored");
  });

  it("keeps a session over a restart, ends it at logout, after 12 idle hours and after 7 days", async () => {
    const first = await access.login("admin", adminPassword ?? "", "10.0.0.1");
    const second = await access.login("admin", adminPassword ?? "", "10.0.0.1");
    assert.ok(first.ok && second.ok);
    access.close();
    ({ access } = await Access.open(file(), { now: () => now, cost: QUICK }));
    assert.ok(access.session(first.secret));
    access.logout(first.session.id);
    assert.equal(access.session(first.secret), null);
    for (let hours = 0; hours < 7 * 24; hours += 11) {
      assert.ok(access.session(second.secret), `after ${hours} h of use`);
      now += 11 * 3_600_000;
    }
    assert.equal(access.session(second.secret), null, "after 7 days");
    const third = await access.login("admin", adminPassword ?? "", "10.0.0.1");
    assert.ok(third.ok);
    now += 12 * 3_600_000 + 1;
    assert.equal(access.holds(third.session.id), false, "after 12 idle hours");
  });

  it("slows down whoever guesses: by name and address, by address, and lets the owner in from elsewhere", async () => {
    const guess = (name: string, address: string) => access.login(name, "a wrong guess", address);
    for (let i = 0; i < 5; i++) assert.equal((await guess("admin", "10.6.6.6")).ok, false);
    const sixth = await access.login("admin", adminPassword ?? "", "10.6.6.6");
    assert.ok(!sixth.ok && sixth.fault === "wait" && sixth.waitS > 800 && sixth.waitS <= 900);
    assert.ok((await access.login("admin", adminPassword ?? "", "10.0.0.1")).ok);
    now += 15 * 60_000 + 1;
    assert.ok((await access.login("admin", adminPassword ?? "", "10.6.6.6")).ok);
  });

  it("changes a password, which ends the sessions of that person", async () => {
    await access.add("Айгүл", "operator", "first password");
    const before = await access.login("Айгүл", "first password", "10.0.0.2");
    assert.ok(before.ok);
    await access.setPassword("Айгүл", "second password");
    assert.equal(access.session(before.secret), null);
    assert.equal((await access.login("Айгүл", "first password", "10.0.0.2")).ok, false);
    assert.ok((await access.login("Айгүл", "second password", "10.0.0.2")).ok);
  });

  it("refuses short passwords, odd names, names that are taken, and to remove the last admin", async () => {
    const code = (wanted: AccessError["code"]) => (error: unknown) =>
      error instanceof AccessError && error.code === wanted;
    await assert.rejects(access.add("b", "viewer", "short"), code("PASSWORD_TOO_SHORT"));
    await assert.rejects(access.add("b", "viewer", "x".repeat(201)), code("PASSWORD_TOO_LONG"));
    await assert.rejects(access.add("<b>", "viewer", "long enough it is"), code("BAD_NAME"));
    await assert.rejects(access.add("admin", "viewer", "long enough it is"), code("NAME_TAKEN"));
    assert.throws(() => access.remove("admin"), code("LAST_ADMIN"));
  });

  it("hashes the same password differently each time, and tells right from wrong", async () => {
    const [one, two] = await Promise.all([hashPassword("құпиясөз жүз"), hashPassword("құпиясөз жүз")]);
    assert.notEqual(one, two);
    assert.equal(await verifyPassword("құпиясөз жүз", one), true);
    assert.equal(await verifyPassword("құпиясөз жүс", one), false);
    assert.notEqual(makePassword(), makePassword());
  });
});

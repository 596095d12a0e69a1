import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { mendRegister } from "../../../hub/alerts/register-mend.js";
import { openTables } from "../../../hub/alerts/register-schema.js";
import type { SirenAct } from "../../../hub/alerts/siren-acts.js";
import { sirenBook } from "../../../hub/alerts/siren-acts.js";

describe("the record of what was done to sirens", () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "aryk-siren-acts-"));
    file = join(dir, "register.sqlite");
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const act = (site: string, state: string): Omit<SirenAct, "id"> => ({
    ...{ site, at: 1_800_000_000_000, who: "Aliya", act: "arm", result: "done", state, why: "ordered" },
  });

  it("is read page by page, the newest first, and knows each siren's last state", () => {
    const db = openTables(file);
    const book = sirenBook(db);
    assert.equal(book.lastState("u1"), null);
    for (const [site, state] of [
      ["u1", "armed"],
      ["u2", "armed"],
      ["u1", "safe"],
    ])
      book.note(act(site, state));
    const ids = (rows: SirenAct[]): number[] => rows.map(({ id }) => id);
    assert.deepEqual(ids(book.list()), [3, 2, 1]);
    assert.deepEqual(ids(book.list(undefined, 2)), [3, 2]);
    assert.deepEqual(ids(book.list(2, 2)), [1]);
    assert.deepEqual([book.lastState("u1"), book.lastState("u2")], ["safe", "armed"]);
    db.close();
  });

  it("is taken over from a damaged register, and what is missing of it is named", () => {
    const old = openTables(file);
    for (const site of ["u1", "u2", "u3"]) sirenBook(old).note(act(site, "armed"));
    old.exec("DROP TRIGGER siren_acts_kept; DELETE FROM siren_acts WHERE id = 2; VACUUM");
    old.close();
    const db = openTables(join(dir, "mended.sqlite"));
    const { missing } = mendRegister(file, db, [], 1_800_000_000_000);
    assert.deepEqual(missing, ["acts on sirens: 1"]);
    const book = sirenBook(db);
    assert.deepEqual(
      book.list().map(({ site }) => site),
      ["u3", "u1"],
    );
    book.note(act("u4", "armed"));
    assert.equal(book.list()[0]?.id, 4);
    db.close();
    const again = new Database(join(dir, "mended.sqlite"));
    assert.throws(() => again.exec("UPDATE siren_acts SET who = 'x'"), /append-only/);
    again.close();
  });
});

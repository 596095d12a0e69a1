import assert from "node:assert/strict";
import { problem, registryRig } from "./rig.js";

const EUI = "0004a30b001a2b3c";

describe("the registry's radio modules", () => {
  const t = registryRig();
  const radio = (board: string, devEui: string | null): void =>
    t.registry.add([{ kind: "radio", board, devEui }], "anna");

  beforeEach(() => {
    t.registry.addBoard("b1", "anna");
    t.registry.addBoard("b2", "anna");
  });

  it("belong to one board each, until another module takes their place", () => {
    radio("b1", EUI);
    t.reopen();
    assert.equal(t.registry.boardOfRadio(EUI), "b1");
    assert.match(
      problem(() => radio("b2", EUI)),
      /devEui: is that of b1/,
    );
    radio("b1", "0004a30b00ffffff");
    assert.equal(t.registry.boardOfRadio(EUI), undefined);
    assert.equal(t.registry.boardOfRadio("0004a30b00ffffff"), "b1");
    radio("b2", EUI);
    radio("b1", null);
    assert.deepEqual(
      t.registry.boards().map(({ board, radio }) => [board, radio]),
      [
        ["b1", null],
        ["b2", EUI],
      ],
    );
  });

  it("are refused where they are none, and for boards that nobody knows", () => {
    assert.match(
      problem(() => radio("b1", EUI.toUpperCase())),
      /devEui: must be 16 hexadecimal digits/,
    );
    assert.match(
      problem(() => radio("b9", EUI)),
      /no board b9/,
    );
  });

  it("go out and come in with the registry", () => {
    radio("b1", EUI);
    const document = t.registry.export();
    assert.deepEqual(
      document.boards?.map(({ board, radio }) => [board, radio]),
      [
        ["b1", EUI],
        ["b2", undefined],
      ],
    );
    assert.equal(t.registry.import(document, "boris"), 0);
    radio("b1", null);
    assert.equal(t.registry.import(document, "boris"), 1);
    assert.equal(t.registry.boardOfRadio(EUI), "b1");
  });
});

import assert from "node:assert/strict";
import { mountOf } from "../../hardware/mounts/index.js";
import { WIRE_NOTES } from "../../hardware/parts/sensors.js";
import { netsOf } from "../../hardware/sheets/circuit.js";
import { hubEndOf } from "../../hardware/sheets/hub-end.js";
import { postsOf } from "../../hardware/sheets/of-build.js";
import { partsList } from "../../hardware/sheets/parts-list.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import { isSaid, said } from "../../hardware/words/said.js";

describe("words for what parts say of themselves in English", () => {
  it("are there for every note, fault and wire of an underpass, an air post, a container with a modem, an intake, in letters of each language", async () => {
    const sentences = new Set<string>();
    const told = SITE_TYPES.filter(
      ({ name, kind }) => kind === "flood" || kind === "air" || name === "mesh-container" || name === "water-intake",
    );
    for (const type of told)
      for (const post of await postsOf(type)) {
        const mount = mountOf(type.name);
        assert.ok(mount);
        for (const { note } of partsList(post, mount)) if (note !== undefined) sentences.add(note);
        for (const { facts } of post.fitted) {
          sentences.add(facts.life.note);
          for (const { looksLike, cause, carry } of facts.faults)
            for (const one of [looksLike, cause, carry]) sentences.add(one);
        }
        for (const circuit of [post.circuit, hubEndOf(post) ?? { blocks: [] }])
          for (const ends of netsOf(circuit).values())
            for (const { block, terminal } of ends) {
              const note = WIRE_NOTES[`${block.part} ${terminal.pin}`] ?? terminal.note;
              if (note !== undefined) sentences.add(note);
            }
      }
    assert.ok(sentences.size > 100, String(sentences.size));
    for (const sentence of sentences) {
      assert.ok(isSaid(sentence), `no words for "${sentence}": see hardware/words`);
      const [ru, kk] = [said(sentence, "ru"), said(sentence, "kk")];
      assert.equal(said(sentence, "en"), sentence);
      // Figures and names of parts look alike in all of them.
      assert.match(ru + kk, /[а-яё]|^[\d,. –мАВ]+$/i, sentence);
      assert.doesNotMatch(ru, /[әғқңөұүһі]/i, sentence);
      assert.notEqual(ru, sentence);
      assert.notEqual(kk, sentence);
      for (const one of [ru, kk]) assert.doesNotMatch(one, /\s$|^\s|!| {2}/, sentence);
    }
  });

  it("leave a sentence English that nobody has put into words", () => {
    assert.equal(isSaid("nobody ever said this"), false);
    assert.equal(said("nobody ever said this", "kk"), "nobody ever said this");
  });
});

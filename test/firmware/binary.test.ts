import assert from "node:assert/strict";
import fc from "fast-check";
import { binaryForm, onAir } from "../../firmware/node/form-binary.js";
import { openOutbox } from "../../firmware/node/outbox.js";
import { binaryHello, binaryWord, KIND_PIECE, numbersOf, orderIn, RADIO_MAX } from "../../firmware/wire/binary.js";
import { readArray, writeArray } from "../../firmware/wire/binary.js";
import { escapePiece, unescapePiece, wantBody } from "../../firmware/wire/image.js";
import { FAULTS, packBody } from "../../firmware/wire/pack.js";
import type { Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { imageName } from "../../hardware/image.js";
import { SITE_TYPES } from "../../hardware/sites.js";
import { ackOf, commandOf, readMessage } from "../../hub/inputs/lora/message.js";
import { tagWith } from "../../hub/pipeline/tag.js";
import { flashHal } from "../rig/vm-hal.js";
import { PowerCut, VmStorage } from "../rig/vm-storage.js";

const IDENTITY = { epoch: "fe5c951e", boot: 4000000000 };
const form = binaryForm(IDENTITY);
const SENT = PROPERTIES.filter((property) => property.from === "node");
const air = (record: string): Buffer => Buffer.from(onAir(record), "latin1");
const bodyOf = (record: string): string => {
  const message = readMessage("post-1", air(record));
  assert.ok(message.ok, JSON.stringify(message));
  return message.line.split(" ")[6];
};

const reading = fc
  .record({
    property: fc.constantFrom(...SENT),
    value: fc.oneof(fc.double({ min: -20000, max: 20000, noNaN: true }), fc.integer({ min: -40000, max: 40000 })),
    fault: fc.option(fc.constantFrom(...FAULTS), { freq: 4 }),
  })
  .map(({ property, value, fault }): Reading =>
    fault === null ? { property, ok: true, value } : { property, ok: false, fault },
  );

describe("the binary form", () => {
  it("is CBOR in its shortest encoding", () => {
    // RFC 8949, appendix A.
    for (const [value, hex] of [
      [[0], "8100"],
      [[23], "8117"],
      [[24], "811818"],
      [[100], "811864"],
      [[1000], "811903e8"],
      [[1000000], "811a000f4240"],
      [[-1], "8120"],
      [[-10], "8129"],
      [[-100], "813863"],
      [[-1000], "813903e7"],
      [["IETF"], "816449455446"],
      [[1, 2, 3], "83010203"],
      [[4294967295], "811affffffff"],
    ] as const)
      assert.equal(Buffer.from(writeArray([...value]), "latin1").toString("hex"), hex);
  });

  it("takes in no other encoding, no rest, nothing cut short, and no other kinds", () => {
    for (const hex of [
      "811801",
      "81190001",
      "811a00000001",
      "8100ff",
      "82",
      "8200",
      "1801",
      "81f6",
      "8181",
      "81",
      "9f00ff",
    ])
      assert.equal(readArray(Buffer.from(hex, "hex").toString("latin1")), null, hex);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const text = Buffer.from(bytes).toString("latin1");
        const items = readArray(text);
        assert.ok(items === null || writeArray(items) === text);
      }),
    );
  });

  it("says of a pack exactly what the line says", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(reading, { minLength: 1, maxLength: 12, selector: (r) => r.property.name }),
        (list) => {
          assert.equal(bodyOf(form.pack(77, 123_456, form.parts(list))), packBody(list));
        },
      ),
    );
  });

  it("keeps number and uptime, to the second", () => {
    const message = readMessage("post-1", air(form.pack(4294967295, 4_000_000_999, form.parts([]))));
    assert.ok(!message.ok, "a pack without records is none");
    const whole = readMessage(
      "post-1",
      air(form.pack(70000, 4_000_000_999, form.parts([{ property: SENT[0], ok: true, value: 1 }]))),
    );
    assert.ok(whole.ok);
    assert.deepEqual(whole.by, { ...IDENTITY, seq: 70000 });
    assert.match(whole.line, /^aryk1 pack post-1 fe5c951e\.4000000000\.70000 4000000000 - \[/);
    assert.deepEqual(numbersOf(onAir(form.pack(70000, 0, [])))?.by, whole.by);
  });

  it("makes a fault of a value that does not fit", () => {
    const huge: Reading = { property: SENT[0], ok: true, value: 5e9 };
    assert.equal(bodyOf(form.pack(1, 0, form.parts([huge]))), `[{"n":"${SENT[0].name}","vs":"!range"}]`);
  });

  it("names what was dropped in a gap that fits every data rate", () => {
    const dropped: [string, number, number][] = [["ffffffff.4294967295", 4294967294, 4294967295]];
    const record = form.gap(4294967295, 4294967295000, { dropped });
    assert.ok(air(record).length <= RADIO_MAX, `${air(record).length} bytes`);
    assert.equal(bodyOf(record), JSON.stringify({ dropped }));
    assert.deepEqual(form.rangesOf(record), [dropped[0], ["fe5c951e.4000000000", 4294967295, 4294967295]]);
  });

  it("leaves out of a hello what need not be said before it grows too long", () => {
    const by = { ...IDENTITY, seq: 0 };
    const hello = { image: "underground-container", version: "0.12.3", reset: "watchdog", waiting: 3000 };
    const old = { epoch: "ffffffff", boot: 60_000, seq: 0 };
    const longest = binaryHello(old, 4e11, { ...hello, period: 14400, wear: 12, refused: "wetMm" } as typeof hello);
    assert.ok(longest.length <= RADIO_MAX, `${longest.length} bytes`);
    const short = { image: "underpass", version: "0.2.0", reset: "power", waiting: 3 };
    const message = readMessage(
      "post-1",
      Buffer.from(binaryHello(by, 1000, { ...short, period: 300, set: 7 } as typeof short), "latin1"),
    );
    assert.ok(message.ok);
    assert.deepEqual(JSON.parse(message.line.split(" ")[6]), { ...short, period: 300, set: 7 });
  });

  it("is refused by name where it is none, or says what no line could", () => {
    const fault = (items: (number | string)[]): string => {
      const message = readMessage("post-1", Buffer.from(writeArray(items), "latin1"));
      return message.ok ? "taken" : message.fault;
    };
    assert.equal(fault([2, 1, 1, 1, 1, 1, 5]), "taken");
    assert.equal(fault([2, 1, 1, 1]), "radio:malformed");
    assert.equal(fault([2, 1, 1, 1, 1, 1]), "radio:malformed");
    assert.equal(fault([2, 1, 1, 1, 1, -2, 99]), "radio:malformed");
    assert.equal(fault([2, -1, 1, 1, 1, 1, 5]), "radio:malformed");
    assert.equal(fault([2, 1, 1, 1, 1, "x", 5]), "radio:malformed");
    assert.equal(fault([1, 1, 1, 0, 1, "two words", "1", "power", 0]), "radio:malformed");
    assert.equal(fault([9, 1, 1, 1, 1, 1, 5]), "radio:unknown-kind");
    assert.equal(
      fault([2, 1, 1, 1, 1, ...Array.from({ length: 80 }, (_, i) => [i + 1, 1e9]).flat()]),
      "radio:too-long",
    );
  });

  it("answers with what is on disk around the number that asked", () => {
    const stored = new Set([1, 2, 4, 5, 9]);
    const items = readArray(ackOf({ epoch: "000000ab", boot: 3, seq: 5 }, (seq) => stored.has(seq)).toString("latin1"));
    assert.deepEqual(items, [3, 0xab, 3, 5, 0b1101, 0b1000]);
  });
});

describe("what the hub asks over a narrow radio", () => {
  const KEY = Buffer.alloc(32, 7);
  const by = { epoch: IDENTITY.epoch, boot: 60_000, seq: 9 };
  const mac = tagWith(KEY);
  const heard = (message: Buffer, board = "post-1"): string => {
    const items = readArray(message.toString("latin1"));
    assert.ok(items);
    return orderIn(items, board, by.epoch, mac);
  };
  const command = (body: string, dataRate = 0): Buffer | undefined => commandOf(by, "post-1", body, dataRate, KEY);

  it("is heard as it was said, by the board that it is sealed for", () => {
    const offer = wantBody({ id: "3fa95c1e", bytes: 41_273, crc: "00000001", chain: "ffffffff0a0b0c0d" });
    for (const body of [
      offer,
      "go,3fa95c1e",
      "back",
      "set,99999,dryAfterSeconds=86400",
      "test,01234567",
      "a,,12345678",
    ]) {
      const message = command(body);
      assert.ok(message !== undefined && message.length <= RADIO_MAX, body);
      assert.equal(heard(message), body);
      assert.equal(heard(message, "post-2"), "");
      for (let at = 0; at < message.length; at++) {
        const bent = Buffer.from(message);
        bent[at] ^= 4;
        const items = readArray(bent.toString("latin1"));
        // The stamp is the sender's to look at, and what is no command is nothing here.
        if (items !== null && items[1] === readArray(message.toString("latin1"))![1])
          assert.ok(orderIn(items, "post-1", by.epoch, mac) === "" || items[0] === KIND_PIECE, `${body}: byte ${at}`);
      }
    }
    assert.equal(command("set,1," + "x=1,".repeat(20)), undefined);
  });

  it("cuts a piece of an image to the data rate, and brings it as it is", () => {
    const text = 'a=1;~ b,3fa95c1e,\n"'.repeat(30);
    for (const [dataRate, most] of [
      [0, 51],
      [2, 51],
      [3, 115],
      [5, 222],
    ]) {
      const message = command(`piece,3fa95c1e,33324,${escapePiece(text)}`, dataRate);
      assert.ok(message !== undefined && message.length <= most && message.length > most - 2, `${message?.length}`);
      const body = heard(message);
      const words = body.split(",");
      assert.deepEqual(words.slice(0, 3), ["piece", "3fa95c1e", "33324"]);
      assert.ok(text.startsWith(unescapePiece(body.slice(words.slice(0, 3).join().length + 1))));
    }
  });

  it("is asked for by words that fit every data rate", () => {
    const words = [
      { verb: "piece", to: "3fa95c1e", at: 65_000 },
      { verb: "refused", to: "00000001", why: "no-slots" },
      { verb: "refused", to: "", why: "no-other" },
      { verb: "slots", to: "3fa95c1e", slot: 1, back: "bad-crc", has: "12345678" },
    ];
    for (const word of words) {
      const bytes = binaryWord({ ...by, seq: 0 }, 4e9, word);
      assert.ok(bytes.length <= RADIO_MAX, `${bytes.length} bytes`);
      const message = readMessage("post-1", Buffer.from(bytes, "latin1"));
      assert.ok(message.ok);
      const [, type, , id, , , body] = message.line.split(" ");
      assert.equal(type, "reply");
      assert.match(id, /\.60000\.0$/);
      assert.deepEqual(JSON.parse(body), word);
    }
    for (const items of [
      [8, 1, 1, 0, 1],
      [8, 1, 1, 0, 1, "piece"],
      [8, 1, 1, 0, 1, "piece", 5, 0],
      [8, 1, 1, 0, 1, 5, 5],
    ]) {
      const message = readMessage("post-1", Buffer.from(writeArray(items), "latin1"));
      assert.equal(message.ok ? "taken" : message.fault, "radio:malformed");
    }
  });

  it("answers an order at every uptime and number, and says of the rest what fits", () => {
    const test = {
      ...{ verb: "test", to: "3fa95c1e", uptimeS: 4e9, heap: [5000, 14000], flash: "ok", storage: [65536, 131072] },
      ...{ waiting: 3, signalDbm: null, snrDb: -20, readings: { distance: 1400 } },
    };
    const answer = (from: typeof form, seq: number, uptimeMs: number, body: object): unknown => {
      const bytes = onAir(from.reply(seq, uptimeMs, JSON.stringify(body)));
      assert.ok(bytes.length <= RADIO_MAX, `${bytes.length} bytes`);
      const message = readMessage("post-1", Buffer.from(bytes, "latin1"));
      assert.ok(message.ok, JSON.stringify(message));
      return JSON.parse(message.line.split(" ")[6]);
    };
    const reboot = { verb: "reboot", to: "0000000a" };
    for (const uptimeMs of [0, 70_000_000, 4e12]) assert.deepEqual(answer(form, 4e9, uptimeMs, reboot), reboot);
    const said = { verb: "test", to: "3fa95c1e", flash: "ok", heap: [35, 100], storage: [50, 100], waiting: 3 };
    // The noise alone comes from such a link; and all of it fits at the largest numbers.
    assert.deepEqual(answer(form, 4e9, 4e12, { ...test, waiting: 255 }), { ...said, waiting: 255, snrDb: -20 });
    assert.deepEqual(answer(form, 4e9, 4e12, { ...test, signalDbm: -110, snrDb: null }), { ...said, signalDbm: -110 });
    const young = binaryForm({ epoch: "fe5c951e", boot: 3 });
    assert.deepEqual(answer(young, 300, 4e8, { ...test, snrDb: null }), said);
    assert.deepEqual(answer(young, 3, 4e8, { ...reboot, to: "strange" }), { ...reboot, to: "strange" });
  });

  it("refuses a reply without verb, number or a field's value", () => {
    for (const rest of [[], ["test"], [7, "test"], [7, 8], ["test", 7, 8], ["test", 7, 8, "ok", 9]]) {
      const message = readMessage("post-1", Buffer.from(writeArray([6, 1, 1, 5, 1, ...rest]), "latin1"));
      assert.equal(message.ok ? "taken" : message.fault, "radio:malformed");
    }
  });

  it("says by every radio image's name to which revision of settings it has come", () => {
    const old = binaryForm({ epoch: "fe5c951e", boot: 65535 });
    const names = SITE_TYPES.flatMap((type) =>
      type.builds.filter(({ uplink }) => uplink === "lora").map((build) => imageName(type, build)),
    );
    assert.ok(names.length > 5);
    for (const image of names) {
      const hello = { image, version: "9.9.9", reset: "power", waiting: 60000, period: 14400, set: 65535, wear: 900 };
      const bytes = old.hello(4e12, hello);
      assert.ok(bytes.length <= RADIO_MAX, `${image}: ${bytes.length} bytes`);
      const message = readMessage("post-1", Buffer.from(bytes, "latin1"));
      assert.ok(message.ok);
      const said = JSON.parse(message.line.split(" ")[6]) as typeof hello;
      assert.deepEqual([said.image, said.set], [image, 65535]);
      assert.equal(said.waiting, 255);
    }
  });
});

describe("the outbox with records in binary form", () => {
  it("has the same records after a power cut at any place, those included that end in FF", () => {
    const record = (seq: number): string =>
      form.pack(seq, 1000 * seq, form.parts([{ property: SENT[0], ok: true, value: seq % 2 === 0 ? 255 : 65535 }]));
    assert.equal(onAir(record(2)).charCodeAt(onAir(record(2)).length - 1), 255);
    for (let cut = 60; cut < 1500; cut += 11) {
      const storage = new VmStorage(64 * 1024);
      const open = () => openOutbox(flashHal(storage), 4, () => "", form);
      const kept: string[] = [];
      storage.cutAfter(cut);
      try {
        const outbox = open();
        for (let seq = 1; seq < 40; seq++) if (outbox.add(record(seq))) kept.push(record(seq));
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      storage.cutAfter(Infinity);
      const outbox = open();
      outbox.add(record(99));
      const found: string[] = [];
      for (let ref = outbox.newest(); ref !== null; ref = outbox.newest()) {
        found.push(outbox.line(ref) ?? "unreadable");
        outbox.settle(ref);
      }
      // The one whose last byte took the supply along may be whole.
      if (found.length > kept.length + 1) kept.push(record(kept.length + 1));
      assert.deepEqual(found, [record(99), ...kept.toReversed()]);
    }
  });

  it("passes over records that are out already", () => {
    const outbox = openOutbox(flashHal(new VmStorage(64 * 1024)), 6, () => "", form);
    const record = (seq: number): string =>
      form.pack(seq, 0, form.parts([{ property: SENT[0], ok: true, value: seq }]));
    for (let seq = 1; seq <= 300; seq++) outbox.add(record(seq));
    const out = new Set<string>();
    for (let seq = 300; seq > 0; seq--) {
      const ref = outbox.newest((slot, serial, at) => out.has(`${slot}/${serial}/${at}`));
      assert.ok(ref);
      assert.equal(outbox.line(ref), record(seq));
      out.add(`${ref.slot}/${ref.serial}/${ref.at}`);
    }
    assert.equal(
      outbox.newest((slot, serial, at) => out.has(`${slot}/${serial}/${at}`)),
      null,
    );
    assert.equal(outbox.waiting(), 300);
  });
});

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { crc16, crc16Hex } from "../../firmware/wire/crc16.js";
import { parseLine, parseTime, seal, toSerial, unsealed, UPLINK_MAX } from "../../firmware/wire/line.js";
import type { LineFault } from "../../firmware/wire/line.js";
import { decimal, FAULTS, packBody } from "../../firmware/wire/pack.js";
import { DISTANCE, PROPERTIES, TEMPERATURE } from "../../firmware/wire/properties.js";
import { sameTag, tagOf } from "../../firmware/wire/seal.js";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const KEY = Buffer.alloc(32, 3);
const mac = (text: string): string => tagOf(sha256, KEY, text);
const ID = "0a1b2c3d.4.5";
const LINE = seal(
  unsealed("pack", "post-1", ID, 6000, "1790000000000/h12", '[{"n":"distance","u":"mm","v":7}]'),
  "k1",
  mac,
);

function faultOf(text: string, withCrc = false): LineFault | "none" {
  const parsed = parseLine(text, withCrc, UPLINK_MAX);
  return parsed.ok ? "none" : parsed.fault;
}

/** The line with one of its fields replaced. */
function withField(index: number, value: string): string {
  const fields = LINE.split(" ");
  fields[index] = value;
  return fields.join(" ");
}

describe("the CRC", () => {
  it("has the check value of CRC-16/CCITT-FALSE", () => {
    assert.equal(crc16("123456789"), 0x29b1);
    assert.equal(crc16Hex(""), "FFFF");
  });

  it("changes with every single flipped bit", () => {
    const right = crc16(LINE);
    for (let i = 0; i < LINE.length; i++)
      for (let bit = 0; bit < 8; bit++) {
        const hurt = LINE.slice(0, i) + String.fromCharCode(LINE.charCodeAt(i) ^ (1 << bit)) + LINE.slice(i + 1);
        assert.notEqual(crc16(hurt), right);
      }
  });
});

describe("the seal", () => {
  it("is HMAC-SHA256, cut to its first half (RFC 4231, test cases 1 and 2)", () => {
    assert.equal(tagOf(sha256, Buffer.alloc(20, 0x0b), "Hi There"), "b0344c61d8db38535ca8afceaf0bf12b");
    const jefe = Buffer.from("Jefe");
    assert.equal(tagOf(sha256, jefe, "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7");
  });

  it("is Node's for any key of up to 64 bytes and any text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.string({ maxLength: 300 }), (key, text) => {
        const bytes = Buffer.from(text, "latin1");
        const expected = createHmac("sha256", key).update(bytes).digest("hex").slice(0, 32);
        assert.equal(tagOf(sha256, key, bytes.toString("latin1")), expected);
      }),
      { numRuns: 100 },
    );
  });

  it("is compared to the last digit", () => {
    assert.ok(sameTag("abcd", "abcd"));
    for (const other of ["abce", "bbcd", "abc", "abcde", ""]) assert.ok(!sameTag("abcd", other));
  });
});

describe("a value on the wire", () => {
  it("is the nearest decimal, half away from zero, never with an exponent", () => {
    assert.equal(decimal(1.005, 2), "1.00"); // 1.005 is 1.00499… as a double
    assert.equal(decimal(0.5, 0), "1");
    assert.equal(decimal(-2.5, 0), "-3");
    assert.equal(decimal(99.95, 1), "100.0");
    assert.equal(decimal(1.997, 2), "2.00");
    assert.equal(decimal(1e9, 4), "1000000000.0000");
  });

  it("is never minus nothing", () => {
    for (const d of [0, 1, 2, 4]) assert.doesNotMatch(decimal(-0.000001, d), /-/);
    assert.equal(decimal(-0.05, 1), "-0.1");
  });

  it("reads back within half a unit of its last decimal", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e7, max: 1e7, noNaN: true }),
        fc.integer({ min: 0, max: 4 }),
        (value, decimals) => {
          const text = decimal(value, decimals);
          assert.match(text, decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
          assert.ok(Math.abs(Number(text) - value) <= 0.5 / 10 ** decimals + 1e-9 * Math.abs(value));
        },
      ),
    );
  });
});

describe("the body of a pack", () => {
  it("is SenML: a value with its unit, or the fault that stands in its place", () => {
    const body = packBody([
      { property: DISTANCE, ok: true, value: 1234.4 },
      { property: TEMPERATURE, ok: false, fault: "bus" },
    ]);
    assert.equal(body, '[{"n":"distance","u":"mm","v":1234},{"n":"temperature","vs":"!bus"}]');
    assert.deepEqual(JSON.parse(body)[0], { n: "distance", u: "mm", v: 1234 });
  });

  it("knows every property by one name and one code, and every fault by one word", () => {
    assert.equal(new Set(PROPERTIES.map((p) => p.name)).size, PROPERTIES.length);
    assert.equal(new Set(PROPERTIES.map((p) => p.code)).size, PROPERTIES.length);
    for (const name of PROPERTIES.map((p) => p.name)) assert.match(name, /^[a-z][a-z0-9-]*$/);
    assert.equal(new Set(FAULTS).size, FAULTS.length);
  });
});

describe("a line", () => {
  it("reads back as it was written, over MQTT and over a serial line behind noise", () => {
    const plain = parseLine(LINE, false, UPLINK_MAX);
    assert.ok(plain.ok);
    const { sealed, tag, ...fields } = plain.line;
    assert.equal(`${sealed}.${tag}`, LINE);
    assert.ok(sameTag(mac(sealed), tag));
    assert.deepEqual(fields, {
      type: "pack",
      board: "post-1",
      epoch: "0a1b2c3d",
      boot: 4,
      seq: 5,
      uptimeMs: 6000,
      time: "1790000000000/h12",
      body: '[{"n":"distance","u":"mm","v":7}]',
      keyId: "k1",
    });
    assert.deepEqual(parseLine("\xffaryk1 pac" + toSerial(LINE).trimEnd(), true, UPLINK_MAX), plain);
  });

  const FAULTY: [string, string, LineFault][] = [
    ["too long", LINE.replace("distance", "d".repeat(1000)), "too-long"],
    ["with other than printable ASCII", LINE.replace("mm", "m\x07"), "not-ascii"],
    ["of another version", LINE.replace("aryk1", "aryk2"), "not-a-line"],
    ["with a field missing", LINE.replace(" 6000", ""), "bad-fields"],
    ["with a field too many", LINE.replace(" 6000", " 6000 7"), "bad-fields"],
    ["with an empty body", withField(6, ""), "bad-fields"],
    ["of unknown type", withField(1, "packet"), "unknown-type"],
    ["of a board with a capital", withField(2, "Post-1"), "bad-board"],
    ["with a short epoch", withField(3, "0a1b2c3.4.5"), "bad-number"],
    ["with a sign", withField(3, "0a1b2c3d.4.-5"), "bad-number"],
    ["with a leading zero", withField(4, "06000"), "bad-number"],
    ["with a number beyond 32 bits", withField(3, "0a1b2c3d.4.4294967296"), "bad-number"],
    ["with half a time", withField(5, "1790000000000"), "bad-time"],
    ["with a time from nowhere", withField(5, "1790000000000/x1"), "bad-time"],
    ["without a key's name", withField(7, "." + "0".repeat(32)), "bad-seal"],
    ["with half a tag", LINE.slice(0, -16), "bad-seal"],
  ];
  for (const [what, text, fault] of FAULTY)
    it(`${what} is refused as ${fault}`, () => {
      assert.equal(faultOf(text), fault);
    });

  it("over a serial line is refused for any damaged character", () => {
    const serial = toSerial(LINE).trimEnd();
    for (let i = 0; i < serial.length; i++) {
      const hurt = serial.slice(0, i) + (serial[i] === "x" ? "y" : "x") + serial.slice(i + 1);
      assert.notEqual(faultOf(hurt, true), "none", `at ${i}`);
    }
    assert.equal(faultOf("", true), "not-a-line");
  });

  it("is refused, never thrown at, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.boolean(), (text, withCrc) => {
        faultOf(text, withCrc);
        faultOf("aryk1 " + text, withCrc);
      }),
    );
  });

  it("knows the sender's clock, where it had it from and how long ago", () => {
    assert.deepEqual(parseTime("1790000000000/g7"), { unixMs: 1790000000000, source: "g", ageS: 7 });
    assert.equal(parseTime("-"), null);
    for (const bad of ["", "/", "1/h", "/h1", "1h1", "1/hh1", "01/h1", "1/h-1"])
      assert.equal(parseTime(bad), undefined);
  });
});

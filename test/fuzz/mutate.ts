/** How good input is spoilt: bytes, texts and JSON values. */
import type { Random } from "./random.js";

/** Numbers, words and marks at which readers have been seen to stumble. */
export const NASTY = [
  ...["0", "-0", "-1", "1e999", "-1e999", "1e308", "5e-324", "NaN", "Infinity", "0x10", "1_000", "01", "1.", ".5"],
  ...["4294967295", "4294967296", "9007199254740993", "999999999999999", "9".repeat(400), "0." + "3".repeat(400)],
  ...["null", "true", "[]", "{}", '""', '"', "'", "\\", "\\u0000", "\\ud800", "\0", "\x7f", "\xff", "\r\n", "\t", " "],
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length", "${PATH}", "${}", "%s%n", "%00"],
  ...["../../../../etc/passwd", "..\\..\\", "<!--", "]]>", "&amp;", "<script>", "';--", "🌊", "Ж", "\u202e", "\ufeff"],
];

const MOST_BYTES = 1 << 16;

/** Text as code units 0–255 and back is exact, so that one set of changes serves bytes and text. */
function once(random: Random, text: string, others: readonly string[], tokens: readonly string[]): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + random.size(text.length));
  const cut = (middle: string, to = end): string => text.slice(0, at) + middle + text.slice(to);
  switch (random.below(10)) {
    case 0: // one bit
      if (at >= text.length) return cut(String.fromCharCode(random.below(256)));
      return cut(String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))), at + 1);
    case 1: // one character
      return cut(String.fromCharCode(random.below(256)), Math.min(text.length, at + 1));
    case 2:
      return cut(random.bytes(1 + random.size(64)).toString("latin1"), at);
    case 3:
      return cut("");
    case 4: // cut short
      return text.slice(0, at);
    case 5: // the same again
      return cut(
        text
          .slice(at, end)
          .repeat(1 + random.size(200))
          .slice(0, MOST_BYTES),
      );
    case 6: // spliced with another
      return text.slice(0, at) + spliced(random, random.pick(others.length > 0 ? others : tokens));
    case 7:
      return cut(random.pick(tokens), at);
    case 8:
      return cut(random.pick(tokens));
    default: {
      // two places change places
      const far = random.below(text.length + 1);
      const [a, b] = at < far ? [at, far] : [far, at];
      const middle = a + random.below(b - a + 1);
      return text.slice(0, a) + text.slice(middle, b) + text.slice(a, middle) + text.slice(b);
    }
  }
}

function spliced(random: Random, other: string): string {
  return other.slice(random.below(other.length + 1));
}

/** One to a few changes. `others` are further good inputs; `tokens` what the format is made of. */
export function mutated(
  random: Random,
  text: string,
  others: readonly string[],
  tokens: readonly string[] = NASTY,
): string {
  let out = text;
  for (let times = 1 + random.size(6); times > 0; times--) out = once(random, out, others, tokens).slice(0, MOST_BYTES);
  return out;
}

/** The same for bytes. */
export function mutatedBytes(random: Random, bytes: Buffer, others: readonly Buffer[]): Buffer {
  const text = mutated(
    random,
    bytes.toString("latin1"),
    others.map((other) => other.toString("latin1")),
  );
  return Buffer.from(text, "latin1");
}

/** A value that does not belong where it is put. */
export function nastyValue(random: Random): unknown {
  switch (random.below(12)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick([0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 32, NaN, Infinity, 1e15, 8.65e15]);
    case 3:
      return random.pick(NASTY);
    case 4:
      return "x".repeat(random.pick([65, 201, 1001, 70_000]));
    case 5:
      return [];
    case 6:
      return {};
    case 7:
      return nested(1 + random.size(3000));
    case 8:
      return Object.fromEntries(NASTY.map((key) => [key, 1]));
    case 9:
      return Array.from({ length: random.size(2000) }, () => random.below(10));
    case 10: // as a parser makes it: an own property of that name
      return JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    default:
      return random.word();
  }
}

/** Brackets within brackets, made without recursion. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A JSON value with one to a few places spoilt: exchanged, left out, doubled, renamed. The original is not touched. */
export function mutatedJson(random: Random, value: unknown): unknown {
  let out = value;
  for (let times = 1 + random.size(3); times > 0; times--) out = spoilt(random, out);
  return out;
}

function spoilt(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.05)) return nastyValue(random);
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])];
    const at = random.below(copy.length);
    if (copy.length === 0) copy.push(nastyValue(random));
    else if (random.chance(0.15)) copy.splice(at, 1);
    else if (random.chance(0.15)) copy.splice(at, 0, copy[random.below(copy.length)]);
    else copy[at] = spoilt(random, copy[at]);
    return copy;
  }
  const fields = Object.entries(value);
  const at = random.below(fields.length);
  if (fields.length === 0 || random.chance(0.1)) fields.push([random.pick(NASTY), nastyValue(random)]);
  else if (random.chance(0.1)) fields.splice(at, 1);
  else if (random.chance(0.1)) fields[at] = [random.pick(NASTY), fields[at]![1]];
  else fields[at] = [fields[at]![0], spoilt(random, fields[at]![1])];
  // fromEntries makes "__proto__" an own property, as JSON.parse does.
  return Object.fromEntries(fields);
}

/** Bodies of authentic lines that try what a reader of JSON and SenML can be tripped with. */
import type { LineType } from "../../firmware/wire/line.js";
import { FAULTS } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import { mutated, mutatedJson, NASTY } from "./mutate.js";
import type { Random } from "./random.js";

const HELLO = { image: "underpass", version: "1.0.0", reset: "power", waiting: 3 };
const GAP = { dropped: [["0a0b0c0d.1", 5, 6]] };
/** Numbers as JSON allows them, and as it does not. */
const NUMBERS = [
  "0",
  "-0",
  "1e308",
  "-1e308",
  "5e-324",
  "1e999",
  "-1e999",
  "1E2",
  "0.1",
  "1e-7",
  "123456789012345678901234567890",
];
const NO_NUMBERS = ["NaN", "Infinity", "0x10", "01", "+1", "1.", ".5", "-", "null", '"1"', "true", "[1]", "{}"];
const LABELS = [
  "n",
  "u",
  "v",
  "vs",
  "vb",
  "vd",
  "s",
  "t",
  "ut",
  "bn",
  "bt",
  "bu",
  "bv",
  "bs",
  "bver",
  "ct",
  "blv",
  "must_",
  "x",
];

function record(random: Random): string {
  const property = random.pick(PROPERTIES);
  const name = random.chance(0.9) ? property.name : random.pick(NASTY);
  const unit = random.chance(0.9) ? property.unit : random.pick(["m", "", "Cel", "\u2103", "__proto__"]);
  const value = random.pick(random.chance(0.8) ? NUMBERS : NO_NUMBERS);
  if (random.chance(0.1))
    return `{"n":${JSON.stringify(name)},"vs":${JSON.stringify(random.pick(["!", "!" + random.pick(FAULTS), "x", "!__proto__"]))}}`;
  const extra = random.chance(0.2)
    ? `,${JSON.stringify(random.chance(0.7) ? random.pick(LABELS) : random.pick(NASTY))}:${value}`
    : "";
  return `{"n":${JSON.stringify(name)},"u":${JSON.stringify(unit)},"v":${value}${extra}}`;
}

/** Every character that a line can carry: a body with a space or an umlaut is a malformed line, not a hostile body. */
function onTheWire(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

function pack(random: Random): string {
  switch (random.below(10)) {
    case 0:
      return random.pick(["[", "[[", "{", '"'.repeat(3), "]", "[,]", "[1,]", "nul", "//", "[]", "{}", "1", '"x"', "-"]);
    case 1:
      return "[".repeat(random.below(900)) + random.pick(["", "1"]) + "]".repeat(random.below(900));
    case 2:
      return '{"a":'.repeat(random.below(180)) + "1" + "}".repeat(random.below(180));
    case 3: // many small records: more than may be, and more than fit
      return (
        "[" +
        Array(random.pick([32, 33, 300, 100_000]))
          .fill("{}")
          .join(",") +
        "]"
      );
    case 4: {
      const twice = record(random);
      return `[${twice},${twice}]`;
    }
    case 5:
      return `[{"__proto__":{"n":"distance","u":"mm","v":1}},{"constructor":{"prototype":{"polluted":1}},"n":"distance"}]`;
    case 6:
      return `[{"n":"distance","u":"mm","v":${random.pick(NUMBERS)}},{"n":"distance-spread","u":"mm","v":${"9".repeat(random.below(600))}}]`;
    default:
      return `[${Array.from({ length: 1 + random.size(12) }, () => record(random)).join(",")}]`;
  }
}

function gap(random: Random): string {
  const stream = (): string =>
    `${random.bytes(4).toString("hex")}.${random.chance(0.8) ? random.below(5) : random.word()}`;
  const range = (): unknown[] => [
    stream(),
    1 + random.below(1000),
    random.pick([1000, 4294967295, 4294967296, -1, 1.5]),
  ];
  return JSON.stringify({ dropped: Array.from({ length: random.size(40) }, range) });
}

/** A body for a line of that type: mostly of its kind, so that the seal is not the only thing that is right about it. */
export function hostileBody(random: Random, type: LineType): string {
  const dice = random.below(10);
  let body: string;
  if (dice === 0) body = random.pick(NASTY);
  else if (type === "hello") body = dice < 3 ? JSON.stringify(HELLO) : json(mutatedJson(random, HELLO));
  else if (type === "gap") body = dice < 6 ? gap(random) : json(mutatedJson(random, GAP));
  else body = pack(random);
  if (random.chance(0.1)) body = mutated(random, body, [pack(random), JSON.stringify(HELLO)]);
  body = onTheWire(body);
  return body === "" ? "-" : body;
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}

/** CAP messages from elsewhere: XML that is broken, bent, or a trap. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCapReader, type CapReader } from "../../hub/alerts/cap/read.js";
import { toXml } from "../../hub/alerts/cap/xml.js";
import { projectRoot } from "../../hub/root.js";
import { mutated, NASTY } from "./mutate.js";
import type { Random } from "./random.js";
import type { Report, Running, Target } from "./target.js";

const MESSAGES_A_STEP = 12;
/** Stands in a file that an external entity names. */
const CANARY = "Kanarienvogel7";

const TOKENS = [
  ...[
    "<",
    ">",
    "/>",
    "</",
    "&",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "&#xD800;",
    "&lol;",
    "<![CDATA[",
    "]]>",
    "<?xml ?>",
    "<?x y?>",
  ],
  ...[
    "<!--",
    "-->",
    "<!ENTITY a 'b'>",
    "xmlns=''",
    "xmlns:x='y'",
    "<alert>",
    "</alert>",
    "<info>",
    "<area>",
    "<polygon>1,1",
  ],
  ...["<xi:include href='/etc/passwd' xmlns:xi='http://www.w3.org/2001/XInclude'/>", "\0", "\ud800", "\ufffe", "🌊"],
  ...NASTY,
];

/** Every fault that the reader names; libxml2's own words may follow. A message of its engine's is none of them. */
const NAMED = [
  "longer than any CAP message",
  "carries a document type definition",
  "is no CAP 1.2 alert",
  "is not well-formed XML",
  "is not valid CAP 1.2",
];

function trap(random: Random, good: string, file: string): string {
  const doctype = random.pick(["<!DOCTYPE", "<!doctype", "<!DOCTYPE\n", "<! DOCTYPE", "<!DOC<!---->TYPE"]);
  const inside = good.replace(/<\?xml[^>]*\?>/, "").replace(/<identifier>[^<]*/, "<identifier>&a;");
  const head = random.pick([
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<?xml version="1.1" encoding="UTF-7"?>',
    "",
  ]);
  switch (random.below(8)) {
    case 0:
      return `${head}${doctype} alert [<!ENTITY a SYSTEM "file://${file}">]>${inside}`;
    case 1: {
      const laughs = Array.from(
        { length: 12 },
        (_, i) => `<!ENTITY ${"abcdefghijkl"[i]} "${i === 11 ? "ha" : `&${"bcdefghijkl"[i]};`.repeat(10)}">`,
      );
      return `${head}${doctype} alert [${laughs.join("")}]>${inside}`;
    }
    case 2:
      return good.replace(/<info>/, "<info>".repeat(random.below(100_000)));
    case 3:
      return `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${"<a>".repeat(random.below(50_000))}`;
    case 4:
      return good.replace(
        /<\/alert>/,
        `<note>${random.pick(["x", "&amp;", "🌊", "<![CDATA[x]]>"]).repeat(random.below(100_000))}</note></alert>`,
      );
    case 5:
      return good.replace(
        /<alert/,
        `<alert ${Array.from({ length: random.below(3000) }, (_, i) => `a${i}="x"`).join(" ")}`,
      );
    case 6: // digits upon digits for the schema's patterns
      return good.replace(
        /<sent>[^<]*/,
        `<sent>${random.pick(["9", "2026-01-01T00:00:00+", " ", "-"]).repeat(random.below(5000))}`,
      );
    default:
      return good.replace(/<(\w+)>([^<]*)<\/\1>/, (all: string) => all.repeat(random.below(5000)));
  }
}

function read(report: Report, reader: CapReader, xml: string): void {
  report.feed(xml);
  const found = reader.read(xml);
  if (JSON.stringify(found).includes(CANARY)) report.broken("a file was read", xml);
  if (found.ok) {
    const again = reader.read(toXml(found.message));
    if (!again.ok) report.broken(`what was read cannot be written again: ${again.fault}`, xml);
    return report.fine();
  }
  const named = NAMED.find((name) => found.fault === name || found.fault.startsWith(name + ": "));
  if (named === undefined) report.unnamed(found.fault, xml);
  else report.fault(named);
}

export const cap: Target = {
  name: "cap",
  share: 0.5,
  async start(report, dir): Promise<Running> {
    const file = join(dir, "secret.txt");
    mkdirSync(dir, { recursive: true });
    writeFileSync(file, CANARY);
    const fixtures = join(projectRoot(), "test/fixtures/cap");
    const samples = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".xml"))
      .sort()
      .map((name) => readFileSync(join(fixtures, name), "utf8"))
      .filter((text) => text.length < 50_000);
    const reader = openCapReader();
    const good = samples.filter((text) => reader.read(text).ok);
    return {
      async step(random) {
        for (let i = 0; i < MESSAGES_A_STEP; i++) {
          const sample = random.pick(random.chance(0.8) ? good : samples);
          read(
            report,
            reader,
            random.chance(0.8) ? mutated(random, sample, samples, TOKENS) : trap(random, sample, file),
          );
        }
      },
      async check() {
        for (const text of good) if (!reader.read(text).ok) throw new Error("a good message is refused after the run");
      },
      async stop() {
        reader.close();
      },
    };
  },
};

/** The style sheets' own pairs of colours; what a browser makes of them on the whole page is measured in page.test.ts. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../hub/root.js";
import { contrast, pairsOf } from "./contrast.js";
import type { Colour, Layer } from "./contrast.js";

const LEAST = 4.5;
const CLIENT = join(projectRoot(), "hub", "web", "client");
const CSS = readdirSync(CLIENT)
  .filter((file) => file.endsWith(".css"))
  .map((file) => readFileSync(join(CLIENT, file), "utf8"))
  .join("\n")
  .replace(/\/\*.*?\*\//gs, "");
const OWN = new Map([...CSS.matchAll(/(--[\w-]+):\s*(#[0-9a-f]+);/gi)].map(([, name, value]) => [name, value]));

function hex(text: string): Colour {
  const digits = text.slice(1).length === 3 ? text.slice(1).replace(/./g, "$&$&") : text.slice(1);
  const at = (i: number): number => parseInt(digits.slice(i, i + 2), 16);
  return [at(0), at(2), at(4), 1];
}

/** Colours of a declaration, custom properties resolved; of a gradient all of them. */
function declared(body: string, property: string): Colour[] {
  const value = new RegExp(`(?:^|[;{\\s])${property}:([^;]*)`).exec(body)?.[1] ?? "";
  return [...value.matchAll(/#[0-9a-f]{3,6}|var\((--[\w-]+)\)/gi)].map(([all, name]) =>
    hex(name === undefined ? all : (OWN.get(name) ?? `no ${name}`)),
  );
}

function layer(more: Partial<Layer>): Layer {
  const none = "rgba(0, 0, 0, 0)";
  return {
    color: "rgb(0, 0, 0)",
    backgroundColor: none,
    backgroundImage: "none",
    opacity: "1",
    filter: "none",
    ...more,
  };
}

const ratios = (layers: Layer[]): number[] =>
  pairsOf(layers).map(({ text, ground }) => Math.round(contrast(text, ground) * 100) / 100);

describe("contrast", () => {
  it("is measured as WCAG says", () => {
    assert.equal(contrast([0, 0, 0, 1], [255, 255, 255, 1]), 21);
    assert.equal(contrast(hex("#767676"), hex("#fff")).toFixed(2), "4.54");
    assert.equal(contrast(hex("#777777"), hex("#fff")).toFixed(2), "4.48");
  });

  it("sees through translucent layers to what is behind, and each stripe of a hatched ground", () => {
    const onRed = [layer({ color: "rgb(255, 255, 255)" }), layer({ backgroundColor: "rgb(179, 18, 31)" })];
    assert.deepEqual(ratios(onRed), [6.95]);
    assert.deepEqual(ratios([layer({ opacity: "0.5" }), layer({ backgroundColor: "rgb(255, 255, 255)" })]), [3.98]);
    const hatched = layer({
      backgroundImage: "repeating-linear-gradient(135deg, rgb(0, 0, 0) 0px, rgb(255, 255, 255) 8px)",
    });
    assert.deepEqual(ratios([hatched]), [1, 21]);
  });

  it("is enough in every rule of the style sheets that sets a text's colour or its ground", () => {
    const ink = hex(OWN.get("--ink") ?? "");
    const grounds = ["--paper", "--ground"].map((name) => hex(OWN.get(name) ?? ""));
    let pairs = 0;
    for (const [, selector, body] of CSS.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      const texts = declared(body, "color");
      const own = declared(body, "background");
      if (texts.length + own.length === 0) continue;
      for (const text of texts.length > 0 ? texts : [ink])
        for (const ground of own.length > 0 ? own : grounds) {
          pairs++;
          const ratio = contrast(text, ground);
          assert.ok(ratio >= LEAST, `${selector.trim()}: ${ratio.toFixed(2)}`);
        }
    }
    assert.ok(pairs > 40, `only ${pairs} pairs were found`);
  });
});

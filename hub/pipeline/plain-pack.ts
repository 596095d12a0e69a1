/**
 * Reads the bodies of packs as firmware/wire/pack.ts writes them: `[{"n":"…","u":"…","v":12.34},…]`, without faults. That
 * is nearly all of them, and needs no JSON parser and none of its objects. Anything else (another order, spaces, an
 * exponent, a fault, an unknown name) gives `undefined`: decode.ts then takes the long way, and names what is wrong.
 */
import type { Reading } from "../../firmware/wire/pack.js";
import { PROPERTIES } from "../../firmware/wire/properties.js";
import type { Property } from "../../firmware/wire/properties.js";

/** The properties that posts send, with what stands between name and value. */
const SENT: ReadonlyMap<string, { property: Property; middle: string }> = new Map(
  PROPERTIES.filter((property) => property.from === "node").map((property) => [
    property.name,
    { property, middle: `","u":"${property.unit}","v":` },
  ]),
);
const HEAD = '{"n":"';
/** Digits of which every number, and every power of ten, is exact in a double. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, n) => 10 ** n);
const [MINUS, DOT, ZERO, NINE, COMMA, CLOSE, END] = [..."-.09,}]"].map((c) => c.charCodeAt(0));

/** The readings of such a body; undefined if it is another. `most`: the most records. */
export function readPlainPack(body: string, most: number): Reading[] | undefined {
  if (body[0] !== "[") return undefined;
  const readings: Reading[] = [];
  let at = 1;
  for (;;) {
    if (!body.startsWith(HEAD, at)) return undefined;
    at += HEAD.length;
    const quote = body.indexOf('"', at);
    const sent = SENT.get(body.slice(at, quote));
    if (sent === undefined || readings.length === most || !body.startsWith(sent.middle, quote)) return undefined;
    for (const other of readings) if (other.property === sent.property) return undefined;
    at = quote + sent.middle.length;

    const negative = body.charCodeAt(at) === MINUS;
    if (negative) at++;
    const first = at;
    let units = 0;
    let dot = -1;
    let code = body.charCodeAt(at);
    for (; code !== CLOSE; code = body.charCodeAt(++at)) {
      if (code >= ZERO && code <= NINE) units = units * 10 + (code - ZERO);
      else if (code === DOT && dot < 0 && at > first) dot = at;
      else return undefined;
    }
    const wholeDigits = (dot < 0 ? at : dot) - first;
    const decimals = dot < 0 ? 0 : at - dot - 1;
    if (wholeDigits === 0 || (dot >= 0 && decimals === 0) || wholeDigits + decimals > MOST_DIGITS) return undefined;
    if (wholeDigits > 1 && body.charCodeAt(first) === ZERO) return undefined;
    // Both numbers are exact, so the quotient is the double nearest to the decimal: what any JSON parser gives.
    const size = decimals === 0 ? units : units / POWERS[decimals];
    readings.push({ property: sent.property, ok: true, value: negative ? -size : size });

    code = body.charCodeAt(++at);
    if (code === COMMA) at++;
    else return code === END && at === body.length - 1 ? readings : undefined;
  }
}

/**
 * Single pins for the real interpreter, which has none on Linux: a script for `.boot0` that takes the place of its
 * functions for them, with the levels and voltages that the simulated parts have now.
 */
import type { Board } from "../../hardware/boards.js";
import type { SimPin } from "../../firmware/sensors/sim.js";
import { REFERENCE_V, spiAnswer } from "./vm-pins.js";

/** Clock pulses of an HX711: which gain and channel comes next. */
const PULSES = [25, 26, 27];

/** The script; empty where nothing is played to a pin and nothing is switched. */
export function pinScript(board: Board, pins: Record<string, SimPin>): string {
  const levels: Record<string, number> = {};
  const volts: Record<string, number> = {};
  /** The pin on which the foot of a divider hangs, by the pin that reads its middle. */
  const feet: Record<string, string> = {};
  const lines: string[] = [];
  const names = new Set(Object.values(board.switches).map(({ pin }) => pin));
  for (const [port, part] of Object.entries(pins)) {
    const fact = board.pins[port];
    const name = String(fact.kind === "clocked" ? fact.options.miso : fact.options.pin);
    names.add(name);
    if (fact.options.enable !== undefined) names.add((feet[name] = String(fact.options.enable)));
    levels[name] = (part.level?.() ?? true) ? 1 : 0;
    if (part.millivolts !== undefined) volts[name] = part.millivolts() / (REFERENCE_V * 1000);
    if (fact.kind === "clocked" && part.clockOut !== undefined) {
      const answers = Object.fromEntries(
        PULSES.map((n) => [(2 * n + 7) >> 3, Array.from(spiAnswer(part.clockOut!(n) ?? 0, n))]),
      );
      lines.push(
        // The interpreter's own object cannot be replaced, its functions can.
        `${String(fact.options.device)}.setup=function(){};`,
        `${String(fact.options.device)}.send=function(b){return new Uint8Array(${JSON.stringify(answers)}[b.length]);};`,
      );
    }
  }
  if (names.size === 0) return "";
  return [
    "",
    `(function(){`,
    ...[...names].map((name) => `global.${name}={n:"${name}"};`),
    `var L=${JSON.stringify(levels)},V=${JSON.stringify(volts)},F=${JSON.stringify(feet)},W={};`,
    `global.pinMode=function(){};global.digitalWrite=function(p,v){W[p.n]=v;};global.setWatch=function(){return 1;};`,
    `global.digitalRead=function(p){return L[p.n]===undefined?1:L[p.n];};`,
    `global.analogRead=function(p){return F[p.n]&&W[F[p.n]]!==1?1:V[p.n]||0;};`,
    `E.getAnalogVRef=function(){return ${REFERENCE_V};};`,
    ...lines,
    `})();`,
  ].join("\n");
}

/** What a circuit must not have: ends that lead nowhere, supplies that do not fit, outputs that are too high. */
import type { Circuit, End } from "./circuit.js";
import { netsOf } from "./circuit.js";

const GROUND = "GND";
/** Fed from outside of the post, or by the wall's earth. */
const OPEN_ENDED = ["PE"];

const name = ({ block, terminal }: End): string => `${block.name} ${terminal.pin}`.trim();

function netFaults(net: string, ends: End[]): string[] {
  const faults: string[] = [];
  if (ends.length < 2 && !OPEN_ENDED.includes(net)) faults.push(`${name(ends[0])} is alone on ${net}`);
  const sources = ends.filter(({ terminal }) => terminal.givesV !== undefined);
  const volts = new Set(sources.map(({ terminal }) => terminal.givesV));
  if (volts.size > 1) faults.push(`${net} has ${[...volts].join(" V and ")} V`);
  // Cells in parallel have a diode each: one must not feed the other.
  if (sources.length > 1 && sources.some(({ terminal }) => terminal.inline === undefined))
    faults.push(`${net} is fed by ${sources.map(name).join(" and ")}`);
  const [volt] = volts;
  for (const end of ends) {
    const { needsV } = end.terminal;
    if (needsV === undefined) continue;
    if (volt === undefined) faults.push(`${name(end)} hangs on ${net}, which nothing feeds`);
    else if (volt < needsV[0] || volt > needsV[1])
      faults.push(`${name(end)} bears ${needsV[0]}–${needsV[1]} V, ${net} has ${volt} V`);
  }
  return faults;
}

/** Every fault of a circuit, in words; none when it is sound. */
export function faultsOf(circuit: Circuit): string[] {
  const nets = netsOf(circuit);
  const faults = [...nets].flatMap(([net, ends]) => netFaults(net, ends));
  for (const block of circuit.blocks) {
    const fed = block.terminals.some(({ needsV, net }) => needsV !== undefined && net !== "12V");
    if (fed && !block.terminals.some(({ net }) => net === GROUND)) faults.push(`${block.name} has no ground`);
    const seen = new Set<string>();
    for (const { pin } of block.terminals) {
      if (pin !== "" && seen.has(pin)) faults.push(`${block.name} has two pins ${pin}`);
      seen.add(pin);
    }
  }
  const names = circuit.blocks.map((block) => block.name);
  for (const twice of names.filter((one, i) => names.indexOf(one) !== i)) faults.push(`two blocks are called ${twice}`);
  return faults;
}

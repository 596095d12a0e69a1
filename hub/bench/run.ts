/**
 * A bench test from beginning to end. Nothing is a pass that was not measured: what the rig or the board left unanswered
 * is a step that was not run, and the sheet then is a failed or an incomplete one. Whatever happens, the relays are
 * opened, and the board is asked to have its own settings again.
 */
import { OFF_V } from "../../hardware/bench/plan.js";
import type { Expected, Plan, ReadingStep, Round } from "../../hardware/bench/plan.js";
import type { Clock } from "../clock.js";
import type { Registry } from "../registry.js";
import type { SheetStep } from "../registry/bench.js";
import type { RowOf } from "../registry/rows.js";
import type { Answer, NodeSide, Said } from "./node-side.js";
import { hurry } from "./pace.js";
import { lostText, RigFault, tryDivider } from "./rig.js";
import type { Rig } from "./rig.js";
import { createSheet } from "./sheet.js";
import type { Sheet } from "./sheet.js";

export interface BenchDeps {
  registry: Registry;
  clock: Pick<Clock, "now">;
  node: NodeSide;
  openRig(): Promise<Rig>;
  board: string;
  plan: Plan;
  by: string;
  /** Version of this program. */
  version: string;
  /** How long an answer of the board is waited for. */
  patienceMs: number;
  /** Calls the test off. */
  signal: AbortSignal;
  /** Is told each step as it is found. */
  say(step: SheetStep): void;
  /** Is told what else the technician must know. */
  note(text: string): void;
}

export type SheetBody = RowOf<"bench">;

/** The board fails so that going on would tell nothing, or do harm. */
class Stop extends Error {}

/** Rails have come up, and capacitors of a few hundred µF have run empty, by then. */
const RAIL_UP_MS = 1000;
const RAIL_DOWN_MS = 5000;
const POLL_MS = 300;
/** The hub looks once a second for what a board is asked: a hello that came sooner would be answered without it. */
const ASKED_MS = 1500;
const REPORTED_MS = 6000;
/** A tip closes the contact of a gauge for some 0.1 s. */
const TIP_MS = 100;
const BETWEEN_TIPS_MS = 250;
/** Below this a sensor that is fed by the switch does not work. */
const SWITCHED_V = 3;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const joined = (parts: string[]): string => parts.filter((part) => part !== "").join("; ");
const rounded = (value: number, decimals = 3): number => Number(value.toFixed(decimals));

/** Runs the test; what it found is returned, whatever came in between. Throws only for a set-up that cannot work. */
export async function runBench(deps: BenchDeps): Promise<SheetBody> {
  const { plan, clock, signal } = deps;
  const began = clock.now();
  const sheet = createSheet(plan, deps.say);
  let rig: Rig | null = null;
  let firmware = "no rig";
  let why = "";
  let broken = false;
  let restore: ReturnType<typeof hurry> | null = null;
  let answer: Promise<Answer> | null = null;
  const off = new AbortController();
  const callOff = (): void => off.abort();
  signal.addEventListener("abort", callOff);
  try {
    rig = await deps.openRig();
    firmware = rig.firmware;
    void rig.lost.then(callOff);
    await downRail(rig, sheet);
    if (plan.driven) await tryDivider(rig);
    // Asked before it is fed: its hello can then be answered with it.
    answer = ask(deps, rig, off.signal);
    answer.catch(() => undefined);
    await sleep(ASKED_MS);
    await upRails(rig, sheet, plan);
    const first = await answer;
    await checkImage(deps, sheet);
    restore = hurry(deps.registry, deps.board, plan.type, deps.by, () => deps.node.hello()?.set ?? 0);
    // It would hear of that when it sends next, which may be hours from now: its hello comes sooner.
    await restart(rig);
    await tryBoard(deps, rig, sheet, first, off.signal);
  } catch (error) {
    // A sheet that was broken off is kept as such, whatever broke it.
    broken = !(error instanceof Stop);
    why = signal.aborted ? "called off" : (error as Error).message;
    if (restore === null) callOff();
    await answer?.catch(() => undefined);
  } finally {
    const left = await restore?.(off.signal);
    signal.removeEventListener("abort", callOff);
    if (left !== undefined && left !== "") deps.note(left);
    // The supply goes last: by then the board has its settings.
    const open = (await rig?.rest()) ?? true;
    await rig?.close();
    if (!open) {
      broken = true;
      why = joined([why, "the rig does not say that its relays are open: pull its plug"]);
    }
  }
  const steps = sheet.steps();
  const failed = steps.filter(({ result }) => result === "fail").map(({ name }) => name);
  const result = broken ? "incomplete" : failed.length > 0 || why !== "" ? "fail" : "pass";
  const { board, version } = deps;
  return {
    ...{ kind: "bench", board, began, ended: Math.max(began, clock.now()), image: plan.image, result, steps },
    rig: `aryk ${version}, ${firmware}`.slice(0, 120),
    version: (deps.node.hello()?.version ?? "").slice(0, 64),
    why: joined([failed.join(", "), why]).slice(0, 300),
  };
}

/** Feeds the board, and looks at its rails. */
async function upRails(rig: Rig, sheet: Sheet, plan: Plan): Promise<void> {
  rig.relay("supply", true);
  await sleep(RAIL_UP_MS);
  let good = true;
  for (const { name, point, least, most, source } of plan.rails) {
    const found = await rig.volts(point);
    good = sheet.judge({ name, did: "supply closed", unit: "V", source, rigV: found }, { least, most }, found) && good;
  }
  if (!good) throw new Stop("a rail is not as it must be: nothing further was tried");
}

/** Off and on again, when the hub has seen what the board was asked meanwhile. */
async function restart(rig: Rig): Promise<void> {
  rig.relay("supply", false);
  await sleep(Math.max(RAIL_UP_MS, ASKED_MS));
  rig.relay("supply", true);
}

/** With its supply open the board must be dead: a voltage that comes by another way would feed it through its pins. */
async function downRail(rig: Rig, sheet: Sheet): Promise<void> {
  const end = performance.now() + RAIL_DOWN_MS;
  let found = await rig.volts("rail33");
  while (found > OFF_V && performance.now() < end) {
    await sleep(POLL_MS);
    found = await rig.volts("rail33");
  }
  const expected = { least: 0, most: OFF_V };
  const head = { name: "supply off", did: "supply open", unit: "V", source: "leakage only", rigV: found };
  if (!sheet.judge(head, expected, found))
    throw new Stop("the board is fed by something else than the rig's relay (USB?): nothing further was tried");
}

/** Has the board measure. @throws RigFault when it is silent, or the rig is lost meanwhile */
async function ask({ node, patienceMs, board, signal }: BenchDeps, rig: Rig, off: AbortSignal): Promise<Answer> {
  const answer = await node.ask(patienceMs, off);
  if (answer !== null) return answer;
  if (off.aborted && !signal.aborted) {
    // Called off by the rig's end, or by a board that must not be fed any longer: that does not wait for the rig's end.
    const lost = await Promise.race([rig.lost, Promise.resolve(null)]);
    throw new RigFault(lost === null ? "called off" : lostText(lost));
  }
  throw new RigFault(
    `${board} was not heard within ${Math.round(patienceMs / 1000)} s: does the hub run, and is its set-up in the board?`,
  );
}

/** What it has said since it is fed; what it said in former times does not count. */
async function checkImage({ registry, node, board, plan }: BenchDeps, sheet: Sheet): Promise<void> {
  const image = node.hello()?.image ?? null;
  const head = { name: "image", did: "asked", unit: "", source: "hardware/sites.ts", rigV: null };
  if (!sheet.judge(head, { word: plan.image }, image))
    throw new Stop("the board runs another image than the one it is tested for: nothing further was tried");
  // The hub writes it down some seconds after the hello, and sets nothing of a board before.
  const end = performance.now() + REPORTED_MS;
  while (registry.reported(board)?.image !== image && performance.now() < end) {
    await sleep(POLL_MS);
    registry.refresh();
  }
}

/** What the board measures, round by round. */
async function tryBoard(deps: BenchDeps, rig: Rig, sheet: Sheet, first: Answer, off: AbortSignal): Promise<void> {
  const { plan } = deps;
  if (plan.tellsFlash) {
    const said = first.report.flash;
    const head = { name: "flash", did: "asked for a test", unit: "", source: "written and read back", rigV: null };
    sheet.judge(head, { word: "ok" }, typeof said === "string" ? said : null);
  }
  let last = first;
  for (const [number, round] of plan.rounds.entries()) {
    rig.relay("contact", round.closed);
    // Where nothing is driven the rig's input hangs in the air, and says whatever it likes.
    if (plan.driven) await rig.drive(round.volts);
    if (plan.switched) rig.range("parts");
    for (let tip = 0; tip < round.tips; tip++) {
      rig.relay("pulse", true);
      await sleep(TIP_MS);
      rig.relay("pulse", false);
      await sleep(BETWEEN_TIPS_MS);
    }
    const before = last.readings;
    const volts = plan.driven ? await rig.volts("drive") : 0;
    last = await ask(deps, rig, off);
    // A round that had begun before the rig did something may have been the one that answered.
    const missed = round.steps.some((step) => !fits(expectedOf(step, volts, before), last.readings.get(step.property)));
    if (missed) last = await ask(deps, rig, off);
    if (number === 0) judgeSensors(plan, sheet, last);
    if (number === 0 && plan.switched) judgeSwitch(rig, sheet);
    judgeRound(sheet, plan, round, volts, before, last, missed);
  }
}

function expectedOf(step: ReadingStep, volts: number, before: Map<string, Said>): Expected {
  const was = before.get(step.property);
  return step.expect({ mV: 1000 * volts, before: was !== undefined && "value" in was ? was.value : null });
}

function fits(expected: Expected, said: Said | undefined): boolean {
  if (said === undefined) return false;
  if ("fault" in expected) return "fault" in said && said.fault === expected.fault;
  return "value" in said && said.value >= expected.least && said.value <= expected.most;
}

const told = (said: Said | undefined): number | string | null =>
  said === undefined ? null : "value" in said ? said.value : "!" + said.fault;

function judgeRound(
  sheet: Sheet,
  plan: Plan,
  round: Round,
  volts: number,
  before: Map<string, Said>,
  { readings }: Answer,
  twice: boolean,
): void {
  for (const step of round.steps) {
    const { name, property, unit, source } = step;
    const expected = expectedOf(step, volts, before);
    const said = readings.get(property);
    const head = { name, did: round.did, unit, source, rigV: plan.driven ? rounded(volts) : null };
    const wanted = "fault" in expected ? { word: "!" + expected.fault } : expected;
    sheet.judge(head, wanted, told(said), twice ? "measured twice" : "");
  }
}

/** What the rig cannot drive: a reading of each property, and no fault. */
function judgeSensors({ sensors }: Plan, sheet: Sheet, { readings }: Answer): void {
  for (const { name, properties } of sensors) {
    const found = properties.map((property) => ({ property, said: readings.get(property) }));
    const bad = found.filter(({ said }) => said === undefined || "fault" in said);
    const text = found.map(({ property, said }) => `${property} ${told(said) ?? "missing"}`).join(", ");
    const head = { name, did: "asked for a test", unit: "", source: "a reading without a fault", rigV: null };
    if (bad.length === 0) sheet.pass(head, text);
    else sheet.fail(head, text, `no reading of ${bad.map(({ property }) => property).join(", ")}`);
  }
}

/** The board switches its sensors' supply on for a round, and off behind it. */
function judgeSwitch(rig: Rig, sheet: Sheet): void {
  const { least, most } = rig.range("parts");
  const head = { did: "asked for a test", unit: "V", source: "a round's least and greatest voltage" };
  sheet.judge({ name: "switch parts on", ...head, rigV: most }, { least: SWITCHED_V, most: 5.25 }, most);
  sheet.judge({ name: "switch parts off", ...head, rigV: least }, { least: 0, most: OFF_V }, least);
}

/**
 * The rig behind its link: relays, a driven voltage, voltages read. Everything is open at the start and at the end. What
 * the rig reads is told by a reference of its own, because the Uno's 5 V are those of whatever USB port it hangs on.
 */
import {
  DRIVE,
  DRIVE_MOST_V,
  driveRatio,
  POINTS,
  REFERENCE_V,
  RELAYS,
  SETTLE_MS,
  SUPPLY_V,
} from "../../hardware/bench/wiring.js";
import type { PointName, RelayName } from "../../hardware/bench/wiring.js";
import { FirmataLink, loadFirmata } from "../inputs/transport/firmata-link.js";

/** The rig is gone, or is not wired as it must be: what was found until then stands, and the sheet is incomplete. */
export class RigFault extends Error {}

export interface RigOptions {
  path: string;
  /** Time allowed from opening the port to the rig's answer; an Uno starts for some 3 s. */
  connectTimeoutMs?: number;
  staleMs?: number;
}

export interface Rig {
  /** What runs on the Uno. */
  firmware: string;
  /** Closes or opens a relay. @throws RigFault when the link is not alive */
  relay(name: RelayName, closed: boolean): void;
  /** Brings the driven voltage to `volts` and waits until it has settled. @throws RigFault */
  drive(volts: number): Promise<void>;
  /** Voltage at a point, the mean of what is read from now on. @throws RigFault */
  volts(point: PointName): Promise<number>;
  /** The least and the greatest voltage at a point since it was asked last. */
  range(point: PointName): { least: number; most: number };
  /** Opens every relay, drives nothing; true when the rig itself says that it has. */
  rest(): Promise<boolean>;
  /** Resolves, with why, when the link is over. */
  lost: Promise<string>;
  close(): Promise<void>;
}

const BAUD = 57_600;
const SAMPLE_MS = 50;
/** Samples behind one voltage: three of the ripple's noise are left of ten. */
const SAMPLES = 8;
/** How long a state of the rig is waited for. */
const ANSWER_MS = 3000;
/** Share of the full drive at which the divider is tried: without it, half a volt reaches the node and no more. */
const TRIAL_DUTY = 0.1;
const TRIAL_ERROR = 0.15;
const TRIAL_ERROR_V = 0.03;

/** Why the link is over, for the technician; `why` is the link's own word. */
export function lostText(why: string): string {
  if (why === "absent") return "there is no such port: is the rig plugged in?";
  if (why === "no-firmata")
    return "what is at the port does not speak Firmata: is it the rig's, and StandardFirmata on it?";
  return `the rig is lost (${why})`;
}

/** The Uno's converter has 1024 steps; the middle of one is meant. */
const shareOf = (raw: number): number => (raw + 0.5) / 1024;

/** Opens the rig, with all its relays open. @throws RigFault */
export async function openRig({ path, connectTimeoutMs = 15_000, staleMs = 2000 }: RigOptions): Promise<Rig> {
  const stack = await loadFirmata();
  const samples = new Map<number, number[]>();
  const ranges = new Map<number, { least: number; most: number }>();
  let over: (why: string) => void;
  let ready: () => void;
  let why: string | undefined;
  let supplyV = 5;
  const lost = new Promise<string>((resolve) => (over = resolve));
  const started = new Promise<void>((resolve) => (ready = resolve));
  const channels = Object.values(POINTS).map(({ channel }) => channel);
  const options = { path, baudRate: BAUD, channels, sampleMs: SAMPLE_MS, staleMs, connectTimeoutMs };
  const link = new FirmataLink(stack, options, {
    ready: () => ready(),
    sample(channel, raw) {
      samples.get(channel)?.push(raw);
      const range = ranges.get(channel);
      if (range === undefined) return;
      range.least = Math.min(range.least, raw);
      range.most = Math.max(range.most, raw);
    },
    over: (reason) => over((why = reason)),
  });
  const gone = (): RigFault => new RigFault(lostText(why ?? "silent"));
  const ends = lost.then((): never => {
    throw gone();
  });
  ends.catch(() => undefined);

  async function raw(point: PointName): Promise<number> {
    const { channel } = POINTS[point];
    const list: number[] = [];
    samples.set(channel, list);
    const end = performance.now() + ANSWER_MS;
    while (list.length < SAMPLES) {
      if (why !== undefined || performance.now() > end) throw gone();
      await wait(SAMPLE_MS);
    }
    samples.delete(channel);
    return list.reduce((sum, one) => sum + one, 0) / list.length;
  }
  const wait = (ms: number): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => setTimeout(resolve, ms)), ends]);
  const inVolts = (point: PointName, value: number): number => (shareOf(value) * supplyV) / POINTS[point].ratio;

  function duty(share: number): void {
    if (!link.drive(DRIVE.pin, Math.round(255 * Math.min(1, Math.max(0, share))))) throw gone();
  }

  const rig: Rig = {
    get firmware() {
      return link.firmware;
    },
    relay(name, closed) {
      if (!link.relay(RELAYS[name], closed)) throw gone();
    },
    async drive(volts) {
      duty(volts / (supplyV * driveRatio()));
      await wait(SETTLE_MS);
    },
    volts: async (point) => inVolts(point, await raw(point)),
    range(point) {
      const { channel } = POINTS[point];
      const { least, most } = ranges.get(channel) ?? { least: NaN, most: NaN };
      ranges.set(channel, { least: Infinity, most: -Infinity });
      return { least: inVolts(point, least), most: inVolts(point, most) };
    },
    async rest() {
      link.drive(DRIVE.pin, 0);
      for (const pin of Object.values(RELAYS)) link.relay(pin, false);
      const asked = Promise.all([DRIVE.pin, ...Object.values(RELAYS)].map((pin) => link.stateOf(pin)));
      const late = new Promise<null[]>((resolve) => setTimeout(() => resolve([null]), ANSWER_MS).unref());
      return (await Promise.race([asked, late])).every((state) => state === 0);
    },
    lost,
    async close() {
      link.end("stopped");
      await link.closed;
    },
  };

  try {
    await Promise.race([started, ends]);
    if (!(await rig.rest())) throw new RigFault("the rig does not say that its relays are open");
    supplyV = REFERENCE_V / shareOf(await raw("reference"));
    if (!(supplyV >= SUPPLY_V.least && supplyV <= SUPPLY_V.most))
      throw new RigFault(
        `by its reference (A4) the Uno has ${supplyV.toFixed(2)} V, not ${SUPPLY_V.least}–${SUPPLY_V.most} V`,
      );
    return rig;
  } catch (error) {
    await rig.close();
    throw error;
  }
}

/**
 * Tries the divider before anything of the node could come to harm: a tenth of the drive must arrive as a tenth of what
 * the divider leaves. @throws RigFault
 */
export async function tryDivider(rig: Rig): Promise<void> {
  const wanted = TRIAL_DUTY * DRIVE_MOST_V;
  await rig.drive(wanted);
  const found = await rig.volts("drive");
  await rig.drive(0);
  if (Math.abs(found - wanted) <= TRIAL_ERROR * wanted + TRIAL_ERROR_V) return;
  const hint =
    found > wanted
      ? "the divider's lower resistor is missing: the node's pin would get 5 V"
      : "the wire of D6 or A0 is off, or something holds the node's pin";
  throw new RigFault(`driven to ${wanted.toFixed(2)} V, the node's pin has ${found.toFixed(2)} V: ${hint}`);
}

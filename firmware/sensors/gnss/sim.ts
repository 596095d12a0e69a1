/** A simulated GNSS receiver: RMC and GGA once a second, as u-blox receivers send them. */
import type { Fault } from "../../wire/pack.js";
import type { Simulate, Stream, UartPartMaker } from "../sim.js";
import { createNmeaParser, type Place } from "./frame.js";

/** Where it is; null: it does not know. */
export interface Spot {
  latitudeDeg: number;
  longitudeDeg: number;
  hdop: number;
}

const SECOND_MS = 1000;

/** A sentence with its marks and its check. */
export function sentence(text: string): string {
  const check = [...text].reduce((sum, c) => sum ^ c.charCodeAt(0), 0);
  return `$${text}*${check.toString(16).toUpperCase().padStart(2, "0")}\r\n`;
}

/** Degrees as `ddmm.mmmmm`, and the mark of the side. */
function angle(deg: number, digits: number, plus: string, minus: string): string {
  const units = Math.round(Math.abs(deg) * 60 * 1e5);
  const whole = Math.floor(units / 6e6);
  const minutes = (units - whole * 6e6) / 1e5;
  return `${String(whole).padStart(digits, "0")}${minutes.toFixed(5).padStart(8, "0")},${deg < 0 ? minus : plus}`;
}

/** A GGA sentence. */
export function gga(spot: Spot | null): string {
  if (spot === null) return sentence("GNGGA,061530.00,,,,,0,00,99.99,,,,,,");
  const place = `${angle(spot.latitudeDeg, 2, "N", "S")},${angle(spot.longitudeDeg, 3, "E", "W")}`;
  return sentence(`GNGGA,061530.00,${place},1,09,${spot.hdop.toFixed(2)},845.3,M,-41.2,M,,`);
}

/** @param spot  is asked every second */
export function createGnssSim(spot: () => Spot | null): UartPartMaker {
  return (emit, time) => {
    let stop: (() => void) | null = null;
    const second = (): void => {
      emit(sentence("GNRMC,061530.00,A,4315.12345,N,07654.32100,E,0.04,,231126,,,A"));
      emit(gga(spot()));
      stop = time.after(SECOND_MS, second);
    };
    return {
      power(on) {
        stop?.();
        stop = on ? time.after(SECOND_MS, second) : null;
      },
      receive() {
        // Its settings are left as they are.
      },
    };
  };
}

const TROUBLES = { silent: "timeout", damaged: "checksum", "no-sky": "no-fix", nowhere: "range" } as const;

const HERE: Spot = { latitudeDeg: 43.25206, longitudeDeg: 76.90535, hdop: 0.9 };

export const simulate: Simulate = () => {
  let wrong: keyof typeof TROUBLES | null = null;
  const spot = (): Spot | null =>
    wrong === "no-sky" ? null : wrong === "nowhere" ? { latitudeDeg: 95, longitudeDeg: 190, hdop: 99 } : HERE;
  const said = (bytes: string): string =>
    wrong === "silent" ? "" : wrong === "damaged" ? bytes.replaceAll("*", "#") : bytes;
  return {
    uart: (emit, time) => createGnssSim(spot)((bytes) => emit(said(bytes)), time),
    expect: { latitude: HERE.latitudeDeg, longitude: HERE.longitudeDeg, hdop: HERE.hdop },
    troubles: (Object.entries(TROUBLES) as [keyof typeof TROUBLES, Fault][]).map(([name, fault]) => ({
      name,
      fault,
      arm: (on) => void (wrong = on ? name : null),
    })),
  };
};

export const stream: Stream<Place> = {
  create: createNmeaParser,
  frames: [gga(HERE), gga({ latitudeDeg: 43.3, longitudeDeg: 76.85, hdop: 12.5 })],
  // The start byte cannot stand inside a sentence; the nearest thing is one that was sent twice.
  startInside: "$" + gga({ latitudeDeg: 43.1, longitudeDeg: 77, hdop: 1 }),
  maxBytes: 100,
  noise: "$GNGGA,\r\n$$G*00\r\n",
  checked: true,
};

/** The demo on the terminal: a table that is drawn over itself, or now and then a line where there is no terminal. */
import { PLACES } from "./city.js";
import type { Hub } from "../../hub/main.js";

const SHOWN: Record<string, { property: string; unit: string; scale: number; decimals: number }[]> = {
  underpass: [{ property: "water-depth", unit: "cm", scale: 0.1, decimals: 1 }],
  reservoir: [
    { property: "water-level", unit: "cm", scale: 0.1, decimals: 1 },
    { property: "water-volume", unit: "m³", scale: 1, decimals: 0 },
  ],
  "mesh-container": [{ property: "fill", unit: "%", scale: 1, decimals: 0 }],
  "eco-post": [
    { property: "pm25", unit: "µg/m³ PM2.5", scale: 1, decimals: 0 },
    { property: "no2", unit: "ppb NO₂", scale: 1, decimals: 0 },
  ],
};

function age(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 1 ? "now" : minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** One row per site: what it measured last, how old that is, and its alarms. */
export function tableOf(hub: Hub, now: number): string[] {
  const alarms = hub.register.alarms({ active: true });
  const readings = hub.outputs.history.latest();
  return PLACES.map(({ id, type, en }) => {
    const latest = new Map(readings.filter(({ site }) => site === id).map((one) => [one.property, one]));
    const newest = Math.max(...[...latest.values()].map((one) => one.time));
    const values = SHOWN[type].map(({ property, unit, scale, decimals }) => {
      const value = latest.get(property)?.value ?? null;
      return value === null ? `– ${unit}` : `${(value * scale).toFixed(decimals)} ${unit}`;
    });
    const states = alarms
      .filter((alarm) => alarm.site === id)
      .map((alarm) => `${alarm.kind.toUpperCase()}${alarm.level > 0 ? ` ${alarm.level}` : ""} (${alarm.state})`);
    const old = latest.size === 0 ? "nothing yet" : age(now - newest);
    return [
      id.padEnd(13),
      en.slice(0, 28).padEnd(29),
      values.join(", ").padEnd(28),
      old.padEnd(12),
      states.join(", "),
    ].join("");
  });
}

export interface View {
  show(share: number, now: number): void;
  /** Leaves the table where it is; what is printed next comes below it. */
  rest(): void;
}

/** Starts to draw on `out`. */
export function startView(hub: Hub, out: NodeJS.WriteStream): View {
  let drawnRows = 0;
  let drawnAt = -Infinity;
  let told = -1;
  return {
    show(share, now) {
      const time = new Date(now).toLocaleString("en-GB", { timeZone: "Asia/Almaty" });
      const { packs } = hub.journal.counts();
      const head = `${time} Almaty   ${Math.round(share * 100)} %   ${packs} packs   page: ${hub.url}`;
      if (!out.isTTY) {
        const tenth = Math.floor(share * 10);
        if (tenth !== told) out.write(head + "\n");
        told = tenth;
        return;
      }
      if (performance.now() - drawnAt < 250 && share < 1) return;
      drawnAt = performance.now();
      const rows = [head, "", ...tableOf(hub, now)].map((row) => row.slice(0, Math.max(40, out.columns)));
      out.write((drawnRows > 0 ? `\x1b[${drawnRows}A` : "") + rows.map((row) => `\x1b[2K${row}\n`).join(""));
      drawnRows = rows.length;
    },
    rest() {
      drawnRows = 0;
    },
  };
}

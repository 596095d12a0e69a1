/**
 * What is typed at the hub and written to the board before a post works: commands with examples. The models' names and
 * fields are the hub's (hub/calibration); a test holds these examples against them.
 */
import { DISTANCE } from "../../firmware/wire/properties.js";
import { sensorKind } from "../../firmware/sensors/list.js";
import type { Post } from "./of-build.js";

export interface Calibration {
  property: string;
  model: string;
  params: { [field: string]: unknown };
}

const HANGS = { mountHeightMm: 3000, tiltDeg: 1 };
const CELL = { method: "aan803-1", weElectronicMv: 230, aeElectronicMv: 230, sensitivityMvPerPpb: 0.25 };
const PARTICLES = { method: "kappa-kohler", input: "pm25-atm", kappa: 0.3, gain: 1, offset: 0 };
/** Empty container and its height to the mark that counts as full, by type; the face hangs above that by its dead zone. */
const CONTAINERS: { [site: string]: { mountHeightMm: number; tank: { [field: string]: unknown } } } = {
  "mesh-container": {
    mountHeightMm: 1600,
    tank: { shape: "box", heightMm: 1200, lengthMm: 1000, widthMm: 1000 },
  },
  "underground-container": {
    mountHeightMm: 2000,
    tank: { shape: "box", heightMm: 1800, lengthMm: 1300, widthMm: 1300 },
  },
  "bulky-plot": { mountHeightMm: 3200, tank: { shape: "box", heightMm: 1500, lengthMm: 4000, widthMm: 2000 } },
  "eco-station": { mountHeightMm: 1400, tank: { shape: "box", heightMm: 1100, lengthMm: 1000, widthMm: 1000 } },
};

/** Examples by derived property. */
const RECORDS: { [property: string]: Omit<Calibration, "property"> } = {
  pm25: { model: "pm-humidity", params: PARTICLES },
  "pm25-out": { model: "pm-humidity", params: PARTICLES },
  no2: { model: "no2-cell", params: CELL },
  "no2-out": { model: "no2-cell", params: CELL },
  ozone: { model: "ox-cell", params: { ...CELL, sensitivityMvPerPpb: 0.35, no2SensitivityMvPerPpb: 0.3 } },
  "removal-pm25": { model: "removal", params: { minInlet: 10, outletGain: 1 } },
  "removal-no2": { model: "removal", params: { minInlet: 10, outletGain: 1 } },
  "water-depth": { model: "level-depth", params: { ...HANGS, lowPointOffsetMm: 240, noiseFloorMm: 30 } },
  // The lowest point lies 40 mm below the tube's foot: switching at 110 mm above that is 150 mm of water there.
  "water-depth-float": { model: "float-depth", params: { switchHeightMm: 110, lowPointOffsetMm: 40 } },
  "water-depth-head": { model: "head-depth", params: { probeHeightMm: 50, lowPointOffsetMm: 40 } },
  "water-level": { model: "water-level", params: { ...HANGS, minMm: 0, maxMm: 2500 } },
  "water-volume": {
    model: "stage-storage",
    params: {
      points: [
        [0, 0],
        [1000, 12000],
        [2500, 45000],
      ],
      datum: "bench mark 17",
      surveyed: "2026-05-01",
    },
  },
  weight: { model: "load-cell", params: { emptyCounts: 268000, loadedCounts: 1341000, loadedKg: 50 } },
};

/** A level that a probe alone measures. */
const BY_PROBE = { model: "head-level", params: { probeHeightMm: 100, minMm: 0, maxMm: 2500 } };

/** Without a second sensor the echo must see the closing depth itself (hardware/mounts/underpass.ts). */
const BY_ECHO_ALONE = { model: "level-depth", params: { ...HANGS, lowPointOffsetMm: 40, noiseFloorMm: 30 } };

/** One record for each property that the hub derives at such a post, with examples. */
export function recordsOf({ type, fitted }: Post): Calibration[] {
  const echo = fitted.some(({ on, options }) => sensorKind(on.sensor)?.make(options).properties.includes(DISTANCE));
  return type.derived.map((property) => {
    let record = property === "water-level" && !echo ? BY_PROBE : RECORDS[property];
    if (property === "water-depth" && type.derived.length === 1) record = BY_ECHO_ALONE;
    if (property === "fill") record = { model: "tank-fill", params: CONTAINERS[type.name] };
    if (record === undefined) throw new Error(`no record is known for ${property}: see hardware/sheets/commission.ts`);
    return { property, ...record };
  });
}

/** What is filled in by hand in the set-up that "aryk board add" prints, by uplink. */
const BY_HAND: { [uplink: string]: string } = {
  mqtt: 'aryk.cfg = what it printed; fill in "wifiPassword"',
  serial: "aryk.cfg = what it printed, as it stands (host and password in it are for boards on a network)",
  lora: "aryk.cfg = what it printed",
  modem: "aryk.cfg = what it printed",
};

/** Options of "aryk board add", by uplink. */
const REACH: { [uplink: string]: string } = {
  mqtt: " --host <hub> --ssid <network>",
  serial: "",
  lora: " --lora",
  modem: " --host <the hub's public name> --apn <the provider's>",
};

/** Before a board is added, by uplink. */
const FIRST: { [uplink: string]: string[] } = {
  lora: [
    "# first the RN2483 alone on a USB-UART adaptor of 3.3 V (57600 8N1, each line ends in CR LF):",
    "#   sys get ver     must say 1.0.5 or newer",
    "#   sys get hweui   is its DevEUI: write it down",
  ],
};

/** Once it is added, by uplink. */
const BESIDES: { [uplink: string]: string[] } = {
  serial: [
    '# hub.yaml, under inputs, in place of "serial: []"; then restart the hub: systemctl restart aryk',
    "#   serial:",
    "#     - path: /dev/serial/by-id/<adaptor>",
    "#       baudRate: 57600",
  ],
  lora: [
    '# hub.yaml, under inputs, in place of "lora: []" (once for the network); then: systemctl restart aryk',
    "#   lora:",
    "#     - url: mqtts://<ChirpStack's broker>:8883",
    "# at ChirpStack: a device with that DevEUI, and joinEui and appKey of aryk.cfg; then",
    "npx aryk board radio <board> <DevEUI>",
  ],
};

/** Option that names a build which is not the type's usual one. */
const whichBuild = ({ type, build }: Post): string => {
  const n = type.builds.indexOf(build);
  return n === 0 ? "" : ` --build ${n}`;
};

/** Commands at the hub, in order: a board hangs at its site only after its bench test and its records. */
export function commandsOf(post: Post): string[] {
  const { type, build } = post;
  const site = `<${type.name}-1>`;
  return [
    ...(FIRST[build.uplink] ?? []),
    `npx aryk site add ${site} --type ${type.name} --name "<name>" --lat <43.2260> --lon <76.9407>`,
    `npx aryk board add <board>${REACH[build.uplink]}   # the name on its label; prints aryk.cfg, once`,
    ...(BESIDES[build.uplink] ?? []),
    "# flash it as below, then test it on the bench (hardware/bench/README.md)",
    `npx aryk bench --wiring ${type.name}${whichBuild(post)}   # every wire of the rig to this board`,
    `npx aryk bench <board> --port <the rig's> --type ${type.name}${whichBuild(post)}`,
    "# when it hangs, with what was measured there:",
    ...recordsOf(post).map(
      ({ property, model, params }) =>
        `npx aryk calibration add ${site} ${property} ${model} '${JSON.stringify(params)}'`,
    ),
    `npx aryk board assign <board> ${site}`,
  ];
}

/** From the set-up to a board that runs. */
export function flashingOf(post: Post): string[] {
  const { type, build, board } = post;
  const laid = `build/images/${type.name}.flash`;
  const base = `0x${board.storageBase.toString(16)}`;
  return [
    `# the interpreter Espruino 2v29, build ${board.espruino}, is on the board (hardware/README.md)`,
    `# ${BY_HAND[build.uplink]}`,
    `node build/hardware/image.js ${type.name}${whichBuild(post)} --set-up aryk.cfg --out build/images`,
    board.network === "Wifi"
      ? `esptool.py --chip esp32 --port <port> write_flash ${base} ${laid}.bin`
      : `# send ${laid}.js to its console from the Espruino Web IDE`,
    `# its console then says: ${type.name} <version>`,
    `rm aryk.cfg ${laid}.*   # off this computer: each holds the board's key (lost: npx aryk board key <board>)`,
  ];
}

/**
 * The demo's fifteen sites, as a registry document: where they stand (places from OpenStreetMap, © OpenStreetMap
 * contributors, ODbL), which board hangs there, and how their readings are calibrated.
 */
import { siteType } from "../../hardware/sites.js";
import { CONTAINER_FULL_MM, CONTAINER_MOUNT_MM, RESERVOIR_MOUNT_MM, UNDERPASS_MOUNT_MM } from "./world.js";

interface Place {
  id: string;
  type: "eco-post" | "reservoir" | "mesh-container" | "underpass";
  kk: string;
  ru: string;
  en: string;
  district: string;
  lat: number;
  lon: number;
}

const at = (
  id: string,
  type: Place["type"],
  district: string,
  [lon, lat]: [number, number],
  names: string[],
): Place => ({
  ...{ id, type, district, lat, lon },
  ...{ kk: names[0], ru: names[1], en: names[2] },
});

export const PLACES: Place[] = [
  at(
    "underpass-1",
    "underpass",
    "bostandyq",
    [76.94069, 43.22599],
    ["Сейфуллин даңғылы / Әл-Фараби даңғылы", "пр. Сейфуллина / пр. Аль-Фараби", "Seifullin Ave / Al-Farabi Ave"],
  ),
  at(
    "underpass-2",
    "underpass",
    "auezov",
    [76.85132, 43.21997],
    ["Саин көшесі / Абай даңғылы", "ул. Саина / пр. Абая", "Sain St / Abay Ave"],
  ),
  at(
    "underpass-3",
    "underpass",
    "jetisu",
    [76.95134, 43.27095],
    ["Сүйінбай даңғылы / Райымбек даңғылы", "пр. Суюнбая / пр. Райымбека", "Suiunbai Ave / Raiymbek Ave"],
  ),
  at(
    "underpass-4",
    "underpass",
    "medeu",
    [76.96054, 43.22885],
    ["Әл-Фараби даңғылы / Достық даңғылы", "пр. Аль-Фараби / пр. Достык", "Al-Farabi Ave / Dostyk Ave"],
  ),
  at("eco-post-1", "eco-post", "bostandyq", [76.92787, 43.24069], ["Абай даңғылы", "пр. Абая", "Abay Ave"]),
  at("eco-post-2", "eco-post", "jetisu", [76.93486, 43.29308], ["Рысқұлов даңғылы", "пр. Рыскулова", "Ryskulov Ave"]),
  at(
    "eco-post-3",
    "eco-post",
    "auezov",
    [76.86832, 43.23126],
    ["Абай даңғылы, батыс", "пр. Абая, запад", "Abay Ave, west"],
  ),
  at(
    "reservoir-1",
    "reservoir",
    "auezov",
    [76.8606, 43.2393],
    ["Сайран су қоймасы", "водохранилище Сайран", "Sairan reservoir"],
  ),
  at(
    "reservoir-2",
    "reservoir",
    "medeu",
    [76.9697, 43.262],
    ["Орталық саябақ көлі", "пруд Центрального парка", "Central Park pond"],
  ),
  at(
    "container-1",
    "mesh-container",
    "almaly",
    [76.91288, 43.24016],
    ["Абай даңғылы, 1", "пр. Абая, 1", "Abay Ave, 1"],
  ),
  at("container-2", "mesh-container", "almaly", [76.94091, 43.2597], ["Гоголь көшесі", "ул. Гоголя", "Gogol St"]),
  at("container-3", "mesh-container", "medeu", [76.95689, 43.24308], ["Достық даңғылы", "пр. Достык", "Dostyk Ave"]),
  at(
    "container-4",
    "mesh-container",
    "bostandyq",
    [76.88261, 43.22148],
    ["Жандосов көшесі", "ул. Жандосова", "Zhandosov St"],
  ),
  at(
    "container-5",
    "mesh-container",
    "turksib",
    [76.97343, 43.29323],
    ["Рысқұлов даңғылы, шығыс", "пр. Рыскулова, восток", "Ryskulov Ave, east"],
  ),
  at(
    "container-6",
    "mesh-container",
    "alatau",
    [76.83996, 43.25539],
    ["Рысқұлов даңғылы, батыс", "пр. Рыскулова, запад", "Ryskulov Ave, west"],
  ),
];

/** The demo's containers are set to report every hour: four hours of their own would show one reading. */
const CONTAINER_CADENCE_S = 3600;

/** Seconds between two packs of a post. */
export function cadenceS(type: string): number {
  return type === "mesh-container" ? CONTAINER_CADENCE_S : (siteType(type)?.sampling.drySeconds ?? 60);
}

/** Name of the board that hangs at a site. */
export function boardOf(site: string): string {
  return `demo-${site}`;
}

interface Calibration {
  property: string;
  model: string;
  params: Record<string, unknown>;
  note: string;
}

function calibrations(type: Place["type"]): Calibration[] {
  if (type === "underpass")
    return [
      {
        property: "water-depth",
        model: "level-depth",
        params: { mountHeightMm: UNDERPASS_MOUNT_MM, lowPointOffsetMm: 0 },
        note: "hangs over the lowest point",
      },
    ];
  if (type === "mesh-container") {
    const tank = { shape: "box", heightMm: CONTAINER_FULL_MM, lengthMm: 1000, widthMm: 1000 };
    const params = { mountHeightMm: CONTAINER_MOUNT_MM, tank };
    return [{ property: "fill", model: "tank-fill", params, note: "sensor 0.5 m above the rim" }];
  }
  if (type === "reservoir")
    return [
      {
        property: "water-level",
        model: "water-level",
        params: { mountHeightMm: RESERVOIR_MOUNT_MM },
        note: "zero at the outlet's sill",
      },
      {
        property: "water-volume",
        model: "stage-storage",
        params: {
          points: [
            [0, 0],
            [1000, 9000],
            [2000, 31000],
            [3000, 66000],
            [4000, 112000],
          ],
          datum: "outlet sill",
          surveyed: "2026-03-01",
        },
        note: "made up for the demo",
      },
    ];
  return [
    {
      property: "pm25",
      model: "pm-humidity",
      params: { method: "linear-rh", input: "pm25-cf1", gain: 0.524, perPercentRh: -0.0862, offset: 5.75 },
      note: "US-wide correction, Barkjohn et al. 2021 (AMT 14, 4617)",
    },
    {
      property: "no2",
      model: "no2-cell",
      params: { method: "aan803-1", weElectronicMv: 225, aeElectronicMv: 235, sensitivityMvPerPpb: 0.3 },
      note: "factory values",
    },
  ];
}

/** The city as the registry takes it in; boards get their keys on import. */
export function cityDocument(from: number): object {
  return {
    format: "aryk-registry/1",
    sites: PLACES.map(({ id, type, kk, ru, en, district, lat, lon }) => ({
      ...{ id, type, names: { kk, ru, en }, district, lat, lon },
      settings: type === "mesh-container" ? { cadenceS: CONTAINER_CADENCE_S } : {},
    })),
    boards: PLACES.map(({ id }) => ({ board: boardOf(id), assignments: [{ site: id, from, by: "demo" }] })),
    calibrations: PLACES.flatMap(({ id, type }) =>
      calibrations(type).map((c) => ({ site: id, ...c, from, by: "demo" })),
    ),
  };
}

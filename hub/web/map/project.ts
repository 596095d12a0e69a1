/** The city on a flat sheet: equirectangular, true to scale at the middle of the city. Good to 0.1 % over 50 km. */
type Ring = [number, number][];

interface Feature {
  properties: Record<string, unknown>;
  geometry: { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
}

export interface FeatureCollection {
  features: Feature[];
}

/** Where a place falls on the sheet. */
export interface Sheet {
  west: number;
  north: number;
  /** Sheet units per degree. */
  perLon: number;
  perLat: number;
  width: number;
  height: number;
}

export interface CityMap extends Sheet {
  outline: string;
  districts: { slug: string; path: string }[];
}

export function place(sheet: Sheet, lat: number, lon: number): { x: number; y: number } {
  return { x: (lon - sheet.west) * sheet.perLon, y: (sheet.north - lat) * sheet.perLat };
}

function rings(feature: Feature): Ring[] {
  const { geometry } = feature;
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

/** A closed path, rounded to half a unit; points that fall together after rounding are left out. */
function path(sheet: Sheet, feature: Feature): string {
  return rings(feature)
    .map((ring) => {
      const points = ring.map(([lon, lat]) => {
        const { x, y } = place(sheet, lat, lon);
        return `${Math.round(x * 2) / 2} ${Math.round(y * 2) / 2}`;
      });
      return `M${points.filter((p, i) => p !== points[i - 1]).join("L")}Z`;
    })
    .join("");
}

/** Draws the city on a sheet `width` units wide. */
export function drawCity(outline: FeatureCollection, districts: FeatureCollection, width: number): CityMap {
  const points = outline.features.flatMap(rings).flat();
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const perLon = width / (east - west);
  const perLat = perLon / Math.cos((((south + north) / 2) * Math.PI) / 180);
  const sheet = { west, north, perLon, perLat, width, height: Math.ceil((north - south) * perLat) };
  return {
    ...sheet,
    outline: outline.features.map((f) => path(sheet, f)).join(""),
    districts: districts.features.map((f) => ({ slug: String(f.properties.slug), path: path(sheet, f) })),
  };
}

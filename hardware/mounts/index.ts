/** How every type of site is mounted, one file each. */
import { BULKY_PLOT } from "./bulky-plot.js";
import { CANAL } from "./canal.js";
import { ECO_POST } from "./eco-post.js";
import { ECO_STATION } from "./eco-station.js";
import { LOW_EMISSION_POST } from "./low-emission-post.js";
import { MESH_CONTAINER } from "./mesh-container.js";
import { MOBILE_ECO_POST } from "./mobile-eco-post.js";
import type { Mount } from "./mount.js";
import { PURIFIER } from "./purifier.js";
import { RESERVOIR } from "./reservoir.js";
import { UNDERGROUND_CONTAINER } from "./underground-container.js";
import { UNDERPASS, UNDERPASS_BARRIER, UNDERPASS_BATTERY } from "./underpass.js";
import { WATER_INTAKE } from "./water-intake.js";

export const MOUNTS: Mount[] = [
  ECO_POST,
  MOBILE_ECO_POST,
  PURIFIER,
  LOW_EMISSION_POST,
  RESERVOIR,
  WATER_INTAKE,
  CANAL,
  UNDERPASS,
  UNDERPASS_BARRIER,
  UNDERPASS_BATTERY,
  MESH_CONTAINER,
  UNDERGROUND_CONTAINER,
  BULKY_PLOT,
  ECO_STATION,
];

/** How a site type is mounted, or undefined. */
export function mountOf(site: string): Mount | undefined {
  return MOUNTS.find((mount) => mount.site === site);
}

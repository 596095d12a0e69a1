/** A whole hub that its parent kills while its siren sounds. Arguments: data folder, the siren's settings as JSON. */
import type { Config } from "../../../hub/config.js";
import { hubWithSiren, sound } from "./siren-hub.js";

const [dataDir, settings] = process.argv.slice(2) as [string, string];
const sirens = JSON.parse(settings) as Config["sirens"];
sound(await hubWithSiren(dataDir, sirens), sirens[0].site);

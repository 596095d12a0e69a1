/** The PMS5003 speaks what the PMS7003 speaks: see plantower/pmsx003.ts. */
export {
  COMMAND,
  createPmsx003Parser as createPms5003Parser,
  decodePmsx003 as decodePms5003,
  type Pmsx003 as Pms5003,
} from "../plantower/pmsx003.js";

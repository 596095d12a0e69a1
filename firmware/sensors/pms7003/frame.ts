/** The PMS7003 speaks what the PMS5003 speaks: see plantower/pmsx003.ts. */
export {
  createPmsx003Parser as createPms7003Parser,
  decodePmsx003 as decodePms7003,
  type Pmsx003 as Pms7003,
} from "../plantower/pmsx003.js";

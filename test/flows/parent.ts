/** A hub that is nothing but the parent of the flows: started as a process of its own, to be killed. */
import { startFlowsProcess, type FlowsProcessOptions } from "../../hub/flows-process.js";

const options = JSON.parse(process.argv[2]) as Omit<FlowsProcessOptions, "log">;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const flows = startFlowsProcess({ ...options, log });
flows.onChange((state) => {
  if (state === "running") process.stdout.write(`running ${flows.pid()}\n`);
});

/** Addresses that may stand in the environment, because who knows their path may use it: checked when they are known. */
import { addressFault } from "./schema.js";
import type { Config } from "./schema.js";

const WEB = ["http:", "https:"];

/** What is wrong with them, once the environment's values are in their place; the values are not repeated. */
export function addressProblems({ heartbeat, alerts }: Config): { path: PropertyKey[]; message: string }[] {
  const addresses: { path: PropertyKey[]; address: string | null | undefined }[] = [
    { path: ["heartbeat", "url"], address: heartbeat.url },
    { path: ["heartbeat", "downUrl"], address: heartbeat.downUrl },
    ...alerts.webhooks.map(({ url }, index) => ({ path: ["alerts", "webhooks", index, "url"], address: url })),
  ];
  return addresses.flatMap(({ path, address }) => {
    // A variable that is empty or not set is told already.
    const message = address ? addressFault(address, WEB) : null;
    return message === null ? [] : [{ path, message }];
  });
}

/** What the nodes use of Node-RED's interface for nodes, and how they find the hub's session. */
import type { HubCall } from "./hub-client.js";
import type { FlowSession } from "./session.js";

export interface Message {
  topic?: unknown;
  payload?: unknown;
  [property: string]: unknown;
}

export interface RedNode {
  id: string;
  type: string;
  name?: string;
  on(event: "input", fn: (msg: Message, send: (msg: Message | Message[][]) => void, done: Done) => void): void;
  on(event: "close", fn: (removed: boolean, done: () => void) => void): void;
  status(status: { fill?: "red" | "green" | "yellow" | "grey" | "blue"; shape?: "ring" | "dot"; text?: string }): void;
  send(msg: Message): void;
  error(text: string, msg?: Message): void;
  warn(text: string): void;
}

export type Done = (error?: Error) => void;

export interface Red {
  nodes: {
    createNode(node: RedNode, config: object): void;
    registerType<Config>(type: string, make: (this: RedNode, config: Config) => void, options?: object): void;
    getNode(id: string): unknown;
  };
  events: {
    on(event: string, fn: () => void): void;
    once(event: string, fn: () => void): void;
    removeListener(event: string, fn: () => void): void;
  };
}

/** The set-up node `aryk-hub`: one session, shared by the nodes of the chain. */
export interface HubNode extends RedNode {
  session: FlowSession;
  call: HubCall;
  /** Id of the one intake that may drive the session; null while there is none. */
  intake: string | null;
}

/** The hub node of that id, or null after a red status under the node that asked. */
export function hubOf(RED: Red, node: RedNode, id: string): HubNode | null {
  const hub = RED.nodes.getNode(id) as HubNode | null;
  if (hub?.session !== undefined) return hub;
  node.status({ fill: "red", shape: "ring", text: "no hub" });
  return null;
}

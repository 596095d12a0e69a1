/** Set-up node: where the hub is and who we are. Both come from the environment, never from a flow's file. */
import { hubClient } from "../hub-client.js";
import type { HubNode, Red } from "../red.js";
import { FlowSession } from "../session.js";

export default function (RED: Red) {
  RED.nodes.registerType("aryk-hub", function (config: object) {
    const node = this as HubNode;
    RED.nodes.createNode(node, config);
    const url = process.env["ARYK_HUB_URL"];
    const token = process.env["ARYK_FLOWS_TOKEN"];
    if (!url || !token) return node.error("ARYK_HUB_URL and ARYK_FLOWS_TOKEN are not set: start the flows by the hub.");
    const ended = new AbortController();
    node.call = hubClient(url, token, ended.signal);
    node.session = new FlowSession(node.call);
    node.intake = null;
    node.on("close", (_removed, done) => {
      ended.abort();
      done();
    });
  });
}

/** Notice out: commits the batch to the register, and sends on each transition that this made. */
import type { HubError } from "../hub-client.js";
import { hubOf, type Red } from "../red.js";
import { isWork } from "../session.js";

interface Config {
  hub: string;
}

export default function (RED: Red) {
  RED.nodes.registerType("aryk-register", function (config: Config) {
    RED.nodes.createNode(this, config);
    const hub = hubOf(RED, this, config.hub);
    if (hub === null) return;
    let commits = 0;
    this.on("input", (msg, send, done) => {
      const work = msg.payload;
      if (!isWork(work)) return done(new Error("This message carries no batch of readings."));
      hub.session.commit(work).then(
        ({ transitions }) => {
          commits++;
          this.status({ fill: "green", shape: "dot", text: `committed ${commits}`.slice(0, 19) });
          if (transitions.length > 0) send([transitions.map((t) => ({ topic: t.kind, payload: t }))]);
          done();
        },
        (error: HubError) => {
          this.status({ fill: "red", shape: "ring", text: error.code.toLowerCase().slice(0, 19) });
          // The intake opens again by itself; a fence taken by another, or a hub that restarts, is no fault of a node.
          if (["FENCED", "STALE_REVISION", "STALE_BATCH", "CLOSED", "UNREACHABLE"].includes(error.code)) {
            this.warn(`${error.code}: ${error.message}`);
            done();
          } else done(error);
        },
      );
    });
  });
}

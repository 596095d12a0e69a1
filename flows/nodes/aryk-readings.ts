/** Readings in: one message per batch, the next one only after the hub has answered the commit of the one before. */
import { startIntake, type IntakeStatus } from "../readings.js";
import { hubOf, type Red } from "../red.js";

interface Config {
  hub: string;
  /** How long the chain may take for one batch, in seconds. */
  commitWithinS: number | string;
}

const WAIT_MS = 20_000;

export default function (RED: Red) {
  RED.nodes.registerType("aryk-readings", function (config: Config) {
    RED.nodes.createNode(this, config);
    const hub = hubOf(RED, this, config.hub);
    if (hub === null) return;
    if (hub.intake !== null) {
      this.status({ fill: "red", shape: "ring", text: "second intake" });
      return this.error("There is a readings node for this hub already: two would shut each other out.");
    }
    hub.intake = this.id;
    let intake: { stop(): void } | null = null;
    const started = () => {
      // A deploy leaves this node alone when only others changed, but a batch on its way to those is gone.
      if (intake !== null) return hub.session.takeBack();
      intake = startIntake({
        session: hub.session,
        emit: (work) => this.send({ topic: "readings", payload: work }),
        status: (status) => this.status(shown(status)),
        waitMs: WAIT_MS,
        commitWithinMs: Math.max(1, Number(config.commitWithinS) || 30) * 1000,
      });
    };
    // Not before: nodes of later tabs do not exist yet, and a batch sent to them would be lost.
    RED.events.on("flows:started", started);
    this.on("close", (_removed, done) => {
      RED.events.removeListener("flows:started", started);
      intake?.stop();
      if (hub.intake === this.id) hub.intake = null;
      done();
    });
  });
}

/** The status under the node: less than 20 letters. */
function shown(status: IntakeStatus) {
  const fill = {
    opening: "yellow",
    waiting: "green",
    "batch out": "blue",
    committed: "green",
    stopped: "grey",
  } as const;
  if (status.state === "retry")
    return { fill: "red", shape: "ring", text: status.code.toLowerCase().slice(0, 19) } as const;
  if (status.state === "no commit") return { fill: "red", shape: "ring", text: "no commit" } as const;
  const packs = "packs" in status ? ` ${status.packs}` : "";
  return { fill: fill[status.state], shape: "dot", text: (status.state + packs).slice(0, 19) } as const;
}

/** Who is told: adds to the batch, for every event, the wishes of the roster's lines that speak of it. */
import { hubOf, type Red } from "../red.js";
import { readRoster, route, type RosterLine } from "../roster.js";
import { isWork } from "../session.js";

interface Config {
  hub: string;
  roster: unknown;
}

export default function (RED: Red) {
  RED.nodes.registerType("aryk-route", function (config: Config) {
    RED.nodes.createNode(this, config);
    const hub = hubOf(RED, this, config.hub);
    if (hub === null) return;
    let roster: RosterLine[];
    try {
      roster = readRoster(config.roster);
    } catch (error) {
      this.status({ fill: "red", shape: "ring", text: "roster" });
      // As with a rule: better no commit, which the hub notices, than alarms that nobody is told of.
      this.on("input", (_msg, _send, done) => done(error as Error));
      return this.error((error as Error).message);
    }
    this.status({ fill: "grey", shape: "dot", text: `${roster.length} lines` });
    this.on("input", (msg, send, done) => {
      const work = msg.payload;
      if (!isWork(work)) return done(new Error("This message carries no batch of readings."));
      const notices = route(work.evaluations, (id) => hub.session.site(id), roster, hub.session.channels());
      if (notices.length > 0) this.status({ fill: "yellow", shape: "dot", text: `${notices.length} wishes` });
      send({ ...msg, payload: { ...work, notices: [...work.notices, ...notices] } });
      done();
    });
  });
}

/** Notices of a channel that is a branch of the flows: claims them one lease at a time and sends one message each. */
import type { Notice } from "../../hub/alerts/protocol.js";
import { hubOf, type Red } from "../red.js";

interface Config {
  hub: string;
  channel: string;
  /** Pause between two questions, in seconds. */
  everyS: number | string;
  /** A notice that is not settled within this time is given out again, in seconds. */
  leaseS: number | string;
}

const AT_ONCE = 10;

export default function (RED: Red) {
  RED.nodes.registerType("aryk-notice", function (config: Config) {
    RED.nodes.createNode(this, config);
    const hub = hubOf(RED, this, config.hub);
    if (hub === null) return;
    if (config.channel === "") return this.status({ fill: "red", shape: "ring", text: "no channel" });
    const everyMs = Math.max(1, Number(config.everyS) || 2) * 1000;
    const leaseMs = Math.max(5, Number(config.leaseS) || 60) * 1000;
    let timer: NodeJS.Timeout | undefined;
    let closed = false;
    let total = 0;
    const ask = async () => {
      try {
        const body = { channel: config.channel, limit: AT_ONCE, leaseMs };
        const { notices } = (await hub.call("/notices/claim", body)) as {
          notices: (Notice & { text: string | null })[];
        };
        if (closed) return;
        for (const notice of notices)
          this.send({ topic: notice.kind, payload: notice.text ?? notice, notice, _notice: lease(notice) });
        total += notices.length;
        this.status({ fill: "green", shape: "dot", text: `${total} claimed`.slice(0, 19) });
      } catch (error) {
        const code = (error as { code?: string }).code ?? "error";
        if (!closed) this.status({ fill: "red", shape: "ring", text: code.toLowerCase().slice(0, 19) });
      }
      if (!closed) timer = setTimeout(() => void ask(), everyMs);
    };
    const start = () => void ask();
    RED.events.once("flows:started", start);
    this.on("close", (_removed, done) => {
      closed = true;
      clearTimeout(timer);
      RED.events.removeListener("flows:started", start);
      done();
    });
  });
}

/** What `aryk-notice-done` needs to settle it, kept apart from what a person may change on the way. */
function lease(notice: Notice): { id: number; lease: string | null } {
  return { id: notice.id, lease: notice.lease };
}

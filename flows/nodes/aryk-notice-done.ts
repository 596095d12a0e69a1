/** Notice done: tells the register that a branch of the flows has handed a notice over, or could not. */
import { hubOf, type Message, type Red } from "../red.js";

interface Config {
  hub: string;
  /** `auto` looks at the message: an error, or an HTTP status that is not 2xx, is a failure. */
  outcome: "auto" | "sent" | "delivered" | "failed";
}

export default function (RED: Red) {
  RED.nodes.registerType("aryk-notice-done", function (config: Config) {
    RED.nodes.createNode(this, config);
    const hub = hubOf(RED, this, config.hub);
    if (hub === null) return;
    this.on("input", (msg, _send, done) => {
      const held = msg["_notice"] as { id?: number; lease?: string } | undefined;
      if (held?.id === undefined || held.lease === undefined)
        return done(new Error("This message carries no notice: msg._notice was lost on the way."));
      const failure = config.outcome === "auto" ? failureOf(msg) : config.outcome === "failed" ? errorText(msg) : null;
      const state = config.outcome === "delivered" ? "delivered" : "sent";
      const settled =
        failure === null
          ? hub.call("/notices/done", { ...held, receipt: { state, ...providerId(msg) } })
          : hub.call("/notices/failed", { ...held, error: failure.slice(0, 1000) });
      settled.then(
        () => {
          const ok = failure === null;
          this.status({ fill: ok ? "green" : "yellow", shape: "dot", text: ok ? state : "failed" });
          done();
        },
        (error: Error) => {
          this.status({ fill: "red", shape: "ring", text: "not settled" });
          done(error);
        },
      );
    });
  });
}

function failureOf(msg: Message): string | null {
  if (msg["error"] !== undefined) return errorText(msg);
  const status = msg["statusCode"];
  if (status === undefined || (Number(status) >= 200 && Number(status) < 300)) return null;
  return `HTTP ${String(status)}`;
}

function errorText(msg: Message): string {
  const error = msg["error"] as { message?: unknown } | undefined;
  return String(error?.message ?? msg.payload ?? "failed");
}

function providerId(msg: Message): { providerId?: string } {
  const id = msg["providerId"];
  return typeof id === "string" && id !== "" ? { providerId: id.slice(0, 200) } : {};
}

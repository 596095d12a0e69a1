import type { Channel } from "../channel.js";

/** Channel `log`: the text goes to the hub's own log. */
export function logChannel(write: (line: string) => void): Channel {
  return {
    name: "log",
    send: async (message) => {
      write(message.notice.to === "" ? message.text : `to ${message.notice.to}: ${message.text}`);
      return { ok: true, receipt: { state: "delivered" } };
    },
  };
}

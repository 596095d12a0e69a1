/** Notices put into words: the text in the receiver's language, and the CAP message behind it. */
import { alertText } from "../words/words.js";
import { capOf, type CapPlace, type CapSettings } from "./cap/message.js";
import type { CapReader } from "./cap/read.js";
import { KAZAKHSTAN, problemsOf } from "./cap/rules.js";
import { toXml } from "./cap/xml.js";
import type { OutMessage } from "./channel.js";
import type { Notice } from "./protocol.js";
import type { Register } from "./register.js";

export interface ComposeDeps {
  register: Pick<Register, "storyOf" | "epoch">;
  /** The registry's site; undefined for one that it does not know (it is then named by its id). */
  place(site: string): CapPlace | undefined;
  reader: CapReader;
  cap: CapSettings;
}

/** Makes the function that composes a notice's message. Its CAP is checked by schema and rules before it goes out. */
export function createCompose(deps: ComposeDeps): (notice: Notice) => OutMessage {
  return (notice) => {
    const { transition, earlier } = deps.register.storyOf(notice);
    const names = { kk: notice.site, ru: notice.site, en: notice.site };
    const place = deps.place(notice.site) ?? { names, district: "Almaty", lat: null, lon: null };
    return {
      notice,
      transition,
      text: alertText(notice.language, place.names[notice.language], transition),
      idempotencyKey: `${deps.register.epoch(transition.at)}:${notice.key}`,
      cap() {
        const message = capOf(transition, earlier, place, deps.cap, (at) => deps.register.epoch(at));
        const problems = problemsOf(message, KAZAKHSTAN);
        if (problems.length > 0) throw new Error(`CAP ${message.identifier}: ${problems.join("; ")}`);
        const xml = toXml(message);
        const read = deps.reader.read(xml);
        if (!read.ok) throw new Error(`CAP ${message.identifier}: ${read.fault}`);
        return { identifier: message.identifier, xml };
      },
    };
  };
}

import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Channel } from "../channel.js";

/**
 * Channel `cap-folder`: one CAP file per message, `<identifier>.xml`, for whatever picks files up. A file appears whole
 * or not at all, and a message that is delivered again writes the same bytes under the same name.
 */
export function folderChannel(folder: string): Channel {
  return {
    name: "cap-folder",
    async send(message) {
      const { identifier, xml } = message.cap();
      await mkdir(folder, { recursive: true });
      // The dot keeps pickers away from it; the notice's id keeps two addresses of one message apart.
      const partial = join(folder, `.${identifier}.${message.notice.id}.part`);
      const file = await open(partial, "w");
      try {
        await file.writeFile(xml);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, join(folder, `${identifier}.xml`));
      return { ok: true, receipt: { state: "delivered", providerId: identifier } };
    },
  };
}

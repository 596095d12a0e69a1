/** Underpasses that fill with water one after another, each a board with a connection of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { DISTANCE, DISTANCE_SPREAD, HUMIDITY, TEMPERATURE } from "../../../firmware/wire/properties.js";
import { mqttPassword } from "../../../hub/secrets.js";
import { sealedBoard } from "../../rig/sealed-board.js";
import { boardName, KEY_ID, keyOf, MOUNT_MM, underpassName } from "../city.js";
import type { Ends } from "../ends.js";
import { connectFrame, packetId, publishFrame } from "../load/frames.js";
import { Link } from "../load/link.js";
import { until } from "../wait.js";

/**
 * Depth at the lowest point, mm, a minute apart by the readings' own times: dry, then 40 mm a minute. That passes every
 * level up to "danger to life", and nowhere leaps so far that the rule would wait for proof.
 */
const DEPTHS_MM = [0, 0, 0, 40, 80, 120, 160, 200, 240, 280, 320, 340];
const MINUTE_MS = 60_000;
/** Real time between two packs of one underpass. */
const STEP_MS = 1000;

/** Lets `count` underpasses flood; resolves with the moment at which each reading was sent, by `<site> <time>`. */
export async function flood(ends: Ends, port: number, count: number): Promise<Map<string, number>> {
  const steps = DEPTHS_MM.length;
  const now = Date.now();
  const frames: Buffer[] = [];
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const site = underpassName(i);
    const board = boardName(site);
    const sealed = sealedBoard(board, KEY_ID, keyOf(board), "0000beef", 1);
    DEPTHS_MM.forEach((depth, step) => {
      const time = now - (steps - 1 - step) * MINUTE_MS + i;
      const line = sealed.pack(
        [
          { property: DISTANCE, ok: true, value: MOUNT_MM - depth },
          { property: DISTANCE_SPREAD, ok: true, value: 4 },
          { property: TEMPERATURE, ok: true, value: 18 },
          { property: HUMIDITY, ok: true, value: 80 },
        ],
        step * MINUTE_MS,
        time,
      );
      frames.push(publishFrame(`aryk/${board}/up`, packetId(frames.length), line));
      names.push(`${site} ${time}`);
    });
  }
  let up = 0;
  const links = Array.from({ length: count }, (_, i) => {
    const board = boardName(underpassName(i));
    const login = { username: board, password: mqttPassword(board, keyOf(board)) };
    const link = new Link({
      ...{ port, connectFrame: connectFrame(board, login), window: steps, acked: () => undefined },
      frame: (k) => frames[k],
      changed: (isUp) => void (up += isUp ? 1 : -1),
    });
    ends.add(() => link.end());
    link.dial();
    return link;
  });
  await until("the underpasses to connect", 60, () => up === count);
  const sent = new Map<string, number>();
  const began = performance.now();
  for (let step = 0; step < steps; step++)
    for (let i = 0; i < count; i++) {
      const at = began + (step + i / count) * STEP_MS;
      if (performance.now() < at) await sleep(at - performance.now());
      const k = i * steps + step;
      sent.set(names[k], Date.now());
      links[i].send(k);
    }
  return sent;
}

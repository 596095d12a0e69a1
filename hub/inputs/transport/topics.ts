import { isBoardName } from "../../../firmware/wire/line.js";

/** Filter under which every board publishes. */
export const UP_FILTER = "aryk/+/up";

/** Where a board publishes its lines. */
export function upTopic(board: string): string {
  return "aryk/" + board + "/up";
}

/** Where a board listens. */
export function downTopic(board: string): string {
  return "aryk/" + board + "/down";
}

/** The board that an uplink topic belongs to, or undefined if it is none. */
export function boardOfUp(topic: string): string | undefined {
  const level = topic.split("/");
  return level.length === 3 && level[0] === "aryk" && level[2] === "up" && isBoardName(level[1]) ? level[1] : undefined;
}

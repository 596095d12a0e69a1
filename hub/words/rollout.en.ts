/** Words of the page of rollouts. {…} is filled in. */
export const rollout = {
  title: "Firmware",
  none: "No rollout of firmware yet.",
  /** Where the hub does not have the image any more. */
  imageless: "image not there",
  name: "rollout {id}, image {image}",
  hub: "the hub",
  states: {
    start: "goes on, begun {at} by {by}",
    resume: "goes on, resumed {at} by {by}",
    stop: "stopped {at} by {by}",
    back: "being taken back since {at}, by {by}",
  },
  marks: { on: "goes on", stop: "stopped", back: "being taken back" },
  rings: "Rings",
  ringNames: ["1 board", "5 %", "all"],
  /** How far a ring is, beside its mark. */
  ringStates: { done: "reached", now: "at work", wait: "waits" },
  offered: "Offered",
  ofAll: "{n} of {all}",
  good: "Run it well",
  underWay: "Under way",
  bad: "Gone wrong",
  running: "Run it now",
  results: {
    good: "runs well",
    back: "went back",
    refused: "refused",
    worse: "more faults than before",
    silent: "not heard of any more",
  },
  /** Codes of boards: firmware/node/verdicts.ts and slots.ts. */
  whys: {
    crash: "crashed",
    silent: "no reading arrived",
    "bad-crc": "image damaged",
    ordered: "told to",
    size: "image too long",
    flash: "flash worn or full",
    trial: "another image on trial",
  },
  boardByBoard: "Board by board",
  outcome: "Outcome",
  offeredAt: "Its turn",
  runs: "Runs",
  acts: { stop: "Stop", resume: "Resume", back: "Take back" },
  stopNote: "To no further board; those that run it keep it.",
  backNote:
    "Every board that runs this image goes back to the one before: {n} of them now. Boards that are not heard now go back when they are.",
  backFrom: "Take back from {n} boards",
  done: "Done: {act}, {name}",
  stale: "The rollout has changed meanwhile. Look again, then decide.",
  needsTechnician: "Rollouts are for technicians: log in as one.",
};

export type RolloutWords = typeof rollout;

/** What a sender for narrow radios (sender-lora.ts) wants of a module. */
export interface RadioEvents {
  /** Messages can go out from now on. */
  up(): void;
  /** No longer. */
  down(): void;
  message(port: number, bytes: string): void;
}

export interface Radio {
  start(events: RadioEvents): void;
  /**
   * Sends one message and calls back once: whether it went on the air, and after how many ms the next attempt makes
   * sense. Only while up, and one at a time.
   */
  send(port: number, bytes: string, done: (went: boolean, waitMs: number) => void): void;
  /** Nothing is to be sent for a while: the module may sleep. */
  rest(): void;
  /** Brings what is under way to its end, lets the module sleep, frees the port and calls back. */
  hold(then: () => void): void;
  /** The port may be used again. */
  release(): void;
  /** How far the last message that came down stood above the noise, in dB; null before the first. */
  snrDb(): number | null;
  /** Forgets the network and joins it anew. */
  rejoin(): void;
}

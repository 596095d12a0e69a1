/**
 * Time, handed to everything that asks for it, so that a storm can be replayed at any speed through the real hub.
 * Time-outs of sockets and processes are not told by this clock: those always run in real time.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds since some moment, on a clock that nobody can set: it shows when the other one was. */
  steady(): number;
  /** Calls `fn` every `ms` of this clock's time until the returned function is called. */
  every(ms: number, fn: () => void): () => void;
  /** Calls `fn` once after `ms` of this clock's time, unless the returned function is called first. */
  after(ms: number, fn: () => void): () => void;
}

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

interface Due {
  at: number;
  order: number;
  period: number | null;
  fn: () => void;
  dead: boolean;
}

/**
 * A clock that stands still until it is told to advance. Timers fire in order, each at its own moment; like a machine's
 * they do not care when the clock is set.
 */
export class SteppedClock implements Clock {
  /** Steady time; the clock shows it plus what it was set by. */
  #now: number;
  #setBy = 0;
  #order = 0;
  #due: Due[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now + this.#setBy;
  }

  steady(): number {
    return this.#now;
  }

  /** Sets the clock ahead (or back) by `ms`, as a time service or a person does. */
  step(ms: number): void {
    this.#setBy += ms;
  }

  every(ms: number, fn: () => void): () => void {
    return this.#add(ms, Math.max(1, ms), fn);
  }

  after(ms: number, fn: () => void): () => void {
    return this.#add(ms, null, fn);
  }

  /** Moves on by `ms`, firing what falls due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#next(end);
      if (next === null) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.period === null) this.#drop(next);
      else next.at += next.period;
      next.fn();
    }
    this.#now = end;
  }

  /** When the next timer falls due, or null if none waits. */
  nextAt(): number | null {
    const next = this.#next(Infinity);
    return next === null ? null : next.at + this.#setBy;
  }

  #next(end: number): Due | null {
    let best: Due | null = null;
    for (const d of this.#due)
      if (d.at <= end && (best === null || d.at < best.at || (d.at === best.at && d.order < best.order))) best = d;
    return best;
  }

  #drop(due: Due): void {
    due.dead = true;
    this.#due = this.#due.filter((d) => !d.dead);
  }

  #add(ms: number, period: number | null, fn: () => void): () => void {
    const due: Due = { at: this.#now + Math.max(0, ms), order: this.#order++, period, fn, dead: false };
    this.#due.push(due);
    return () => this.#drop(due);
  }
}

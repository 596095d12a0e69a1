/**
 * Counts failed logins in a sliding window. Keys are attacker-chosen, so the table is bounded: when it is full the
 * oldest key is forgotten.
 */
export class Attempts {
  readonly #failures = new Map<string, number[]>();
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #maxKeys: number;
  /** Where whom has come in, the latest last. Only the right password brings an entry here. */
  readonly #trusted = new Set<string>();

  constructor(windowMs: number, now: () => number, maxKeys = 10_000) {
    this.#windowMs = windowMs;
    this.#now = now;
    this.#maxKeys = maxKeys;
  }

  /** Seconds until another try is allowed under this key, or 0. */
  waitS(key: string, limit: number): number {
    const recent = this.#recent(key);
    if (recent.length < limit) return 0;
    return Math.max(1, Math.ceil((recent[recent.length - limit] + this.#windowMs - this.#now()) / 1000));
  }

  /** Counts a try. It is counted before the password is checked, so that many at once gain nothing. */
  add(key: string): void {
    const recent = this.#recent(key);
    recent.push(this.#now());
    this.#failures.delete(key);
    this.#failures.set(key, recent);
    if (this.#failures.size > this.#maxKeys) {
      const oldest = this.#failures.keys().next();
      if (!oldest.done) this.#failures.delete(oldest.value);
    }
  }

  /** Takes back the newest try: it succeeded. The ones before stay, or a person could wash away another's. */
  forgive(key: string): void {
    this.#failures.get(key)?.pop();
  }

  /** Remembers a login that succeeded, as long as the hub runs. */
  trust(key: string): void {
    this.#trusted.delete(key);
    this.#trusted.add(key);
    if (this.#trusted.size > this.#maxKeys)
      for (const oldest of [...this.#trusted].slice(0, 1)) this.#trusted.delete(oldest);
  }

  trusts(key: string): boolean {
    return this.#trusted.has(key);
  }

  clear(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string): number[] {
    const since = this.#now() - this.#windowMs;
    return (this.#failures.get(key) ?? []).filter((at) => at > since);
  }
}

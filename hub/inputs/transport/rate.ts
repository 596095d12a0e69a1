/** How much one sender may bring: a bucket of tokens for each name, filled at a steady rate. */

export interface Rate {
  /** Tokens that come back each second. */
  perSecond: number;
  /** Most tokens of one name: what may come at once. */
  burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Names remembered before those whose buckets are full again are forgotten. */
const SWEEP_AT = 1024;

/**
 * Buckets by name: boards, or addresses. A name that was never seen has a full bucket, so that one that is full again
 * need not be remembered: memory follows the senders of the last moments, whatever names strangers invent.
 */
export class Rates {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_AT;

  /** @param now ms of a clock that never jumps */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes one token, into debt if there is none. Returns the ms until there is one again; 0 if there was one. */
  take(name: string): number {
    const bucket = this.#filled(name);
    const waitMs = this.#waitMs(bucket);
    // No debt that takes longer to pay than a burst took to make.
    bucket.tokens = Math.max(-this.#rate.burst, bucket.tokens - 1);
    return waitMs;
  }

  /** Gives a token back: what it was taken for proved nothing about its name. */
  giveBack(name: string): void {
    const bucket = this.#filled(name);
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + 1);
    if (bucket.tokens === this.#rate.burst) this.#buckets.delete(name);
  }

  /** The ms until this name has a token; 0 if it has one. */
  waitMs(name: string): number {
    return this.#waitMs(this.#filled(name));
  }

  /** Names that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  #waitMs({ tokens }: Bucket): number {
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / this.#rate.perSecond);
  }

  #filled(name: string): Bucket {
    const now = this.#now();
    const known = this.#buckets.get(name);
    if (known !== undefined) {
      this.#fill(known, now);
      return known;
    }
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
    const bucket = { tokens: this.#rate.burst, atMs: now };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #fill(bucket: Bucket, now: number): void {
    const { perSecond, burst } = this.#rate;
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) * perSecond) / 1000);
    bucket.atMs = now;
  }

  #sweep(now: number): void {
    for (const [name, bucket] of this.#buckets) {
      this.#fill(bucket, now);
      if (bucket.tokens === this.#rate.burst) this.#buckets.delete(name);
    }
    // Twice what is left, so that sweeping costs each newcomer a fixed share.
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#buckets.size);
  }
}

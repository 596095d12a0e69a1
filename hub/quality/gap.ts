/**
 * QARTOD gap test: was the series silent before this point? A gap is not a fault of the point, but what compares it with
 * the past (spike, rate, flat line) means nothing across it.
 * @param before  time of the point before in ms, undefined for the first of a series (which follows no gap)
 */
export function isGap(before: number | undefined, time: number, afterS: number): boolean {
  return before !== undefined && time - before > afterS * 1000;
}

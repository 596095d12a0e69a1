/** Help for somebody who mistyped a name. */

/** Number of single-letter edits between two words (Levenshtein 1965), neighbours exchanged counting as one. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2][j - 2] + 1);
      rows[i].push(least);
    }
  }
  return rows[a.length][b.length];
}

/** "did you mean …?" where one of the names is near, else all of them; empty when there are none. */
export function suggestion(name: string, names: string[]): string {
  const near = names.map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) }));
  const best = near.sort((a, b) => a.far - b.far)[0];
  if (best !== undefined && best.far <= Math.max(2, name.length / 3)) return `did you mean ${best.other}?`;
  return names.length > 0 ? `there is: ${names.join(", ")}` : "";
}

/** A server (or a proxy before it) that answers with what it was sent would have the login repeated in logs and health. */

/** As it stands, inside JSON, and inside JSON that stands inside JSON. */
function written(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  return [JSON.stringify(once).slice(1, -1), once, secret];
}

/** What takes these secrets out of a text; empty ones are none. */
export function blotter(secrets: (string | undefined)[]): (text: string) => string {
  const words = secrets.flatMap((secret) => (secret ? written(secret) : []));
  return (text) => words.reduce((left, word) => left.replaceAll(word, "[secret]"), text);
}

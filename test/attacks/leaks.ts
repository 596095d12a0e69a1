/** Finds secrets in texts, in every form in which a program writes one by mistake. */

/** Base64 of bytes that stand inside something longer, at each of the three places: without what neighbours change. */
function inside(bytes: Buffer, encoding: "base64" | "base64url"): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString(encoding)
      .replace(/=+$/, "");
    const whole = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(before === 0 ? 0 : before + 1, whole);
  });
}

/** A secret's forms, by name. A text is also looked for in parts: cut off, or with its marks escaped, it is told still. */
export function formsOf(secret: string | Buffer): Map<string, string[]> {
  const bytes = typeof secret === "string" ? Buffer.from(secret) : secret;
  const forms = new Map<string, string[]>([
    ["base64", inside(bytes, "base64")],
    ["base64url", inside(bytes, "base64url")],
    ["hex", [bytes.toString("hex"), bytes.toString("hex").toUpperCase()]],
    ["url", [[...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")]],
    ["bytes", [JSON.stringify([...bytes]).slice(1, -1)]],
  ]);
  if (typeof secret !== "string") return forms.set("raw", [bytes.toString("latin1")]);
  forms.get("url")!.push(encodeURIComponent(secret));
  const part = Math.min(secret.length, 14);
  const raw = Array.from({ length: secret.length - part + 1 }, (_, at) => secret.slice(at, at + part));
  return forms.set("raw", [...raw, JSON.stringify(secret).slice(1, -1)]);
}

/** Which secrets a text tells: `name (form): what stands around it`. */
export function leaks(text: string, secrets: Map<string, string | Buffer>): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    [...formsOf(secret)].flatMap(([form, words]) => {
      const at = Math.max(...words.map((word) => text.indexOf(word)));
      return at < 0 ? [] : [`${name} (${form}): …${text.slice(Math.max(0, at - 120), at + 60)}…`];
    }),
  );
}
